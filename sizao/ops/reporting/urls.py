"""Addresses of reports."""

from django.urls import path

from sizao.ops.reporting import views

app_name = "reporting"
ONE = "incidents/<int:incident_id>/reports/<int:report_id>/"
urlpatterns = [
    path("incidents/<int:incident_id>/reports/", views.report_list, name="list"),
    path(ONE, views.report_page, name="report"),
    path(f"{ONE}text/", views.write_text, name="write_text"),
    *(path(f"{ONE}{step}/", views.step_report, {"step": step}, name=step) for step in views.STEPS),
    path(f"{ONE}send-back/", views.send_back, name="send_back"),
    path(f"{ONE}correct/", views.correct, name="correct"),
    path(f"{ONE}file.<slug:kind>", views.report_file, name="file"),
    path(f"{ONE}numbers/<slug:measure>/", views.number_page, name="number"),
    path("public/reports/<int:report_id>/", views.published, name="published"),
    path("public/reports/<int:report_id>/file.<slug:kind>", views.published_file, name="published_file"),
]
