"""Addresses of case lists. A single case's pages show contacts too, so they live in the room above."""

from django.urls import path

from sizao.ops.cases import bulk, views

app_name = "cases"
ROOT = "incidents/<int:incident_id>/cases/"
urlpatterns = [
    path(ROOT, views.case_list, name="list"),
    path(f"{ROOT}export/", views.export, name="export"),
    path(f"{ROOT}bulk/", bulk.bulk_edit, name="bulk"),
    path(f"{ROOT}views/save/", views.keep_view, name="save_view"),
    path(f"{ROOT}views/drop/", views.forget_view, name="drop_view"),
]
