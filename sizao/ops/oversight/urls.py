"""Addresses of what was done and what goes."""

from django.urls import path

from sizao.ops.oversight import retention_views, views

app_name = "governance"
urlpatterns = [
    path("audit/", views.entries, name="audit"),
    path("audit/<int:entry_id>/", views.entry, name="audit_entry"),
    path("audit/rows/<str:model>/<int:row_id>/", views.row_changes, name="audit_row"),
    path("audit/persons/<uuid:uuid>/", views.who_saw, name="who_saw"),
    path("audit/persons/<uuid:uuid>/who-saw.csv", views.who_saw_csv, name="who_saw_csv"),
    path("retention/", retention_views.retention, name="retention"),
    path("retention/<int:run_id>/sign/", retention_views.sign, name="sign_retention"),
    path("retention/holds/", retention_views.hold, name="hold"),
    path("retention/holds/<int:hold_id>/end/", retention_views.end_hold, name="end_hold"),
    path("retention/persons/<uuid:uuid>/", retention_views.erase, name="erase"),
]
