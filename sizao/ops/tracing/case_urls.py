"""Addresses of one case. They belong to the names of `cases`, to which config/urls.py adds them."""

from django.urls import path

from sizao.ops.tracing import case_views

ROOT = "incidents/<int:incident_id>/cases/"
ONE = f"{ROOT}<int:case_id>/"
urlpatterns = [
    path(f"{ROOT}new/", case_views.new_case, name="new"),
    path(ONE, case_views.case_page, name="case"),
    path(f"{ONE}edit/", case_views.edit_case, name="edit"),
    path(f"{ONE}classify/", case_views.classify_case, name="classify"),
    path(f"{ONE}investigated/", case_views.investigated_case, name="investigated"),
]
