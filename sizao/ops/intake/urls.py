"""Addresses of imports."""

from django.urls import path

from sizao.ops.intake import views

app_name = "intake"
ALL = "incidents/<int:incident_id>/imports/"
ONE = f"{ALL}<int:delivery_id>/"
urlpatterns = [
    path(ALL, views.imports, name="list"),
    path(ONE, views.delivery, name="delivery"),
    path(f"{ONE}progress/", views.progress, name="progress"),
    path(f"{ONE}reading/", views.reading, name="reading"),
    path(f"{ONE}choices/", views.choices, name="choices"),
    path(f"{ONE}commit/", views.commit, name="commit"),
    path(f"{ONE}again/", views.again, name="again"),
    path(f"{ONE}dismiss/", views.dismiss, name="dismiss"),
    path(f"{ONE}undo/", views.undo, name="undo"),
    path(f"{ONE}problems.csv", views.problems_file, name="problems_file"),
    path(f"{ONE}refused.csv", views.refused_file, name="refused_file"),
]
