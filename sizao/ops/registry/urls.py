"""Addresses of areas, posts, persons and their duplicates."""

from django.urls import path

from sizao.ops.registry import duplicate_views, views

app_name = "registry"
urlpatterns = [
    path("areas/", views.areas, name="areas"),
    path("areas/<str:path>/", views.areas, name="area"),
    path("posts/", views.posts, name="posts"),
    path("posts/units/", views.add_unit, name="add_unit"),
    path("posts/new/", views.add_post, name="add_post"),
    path("posts/appoint/", views.appoint, name="appoint"),
    path("posts/holdings/<int:holding_id>/end/", views.dismiss, name="dismiss"),
    path("persons/<uuid:uuid>/", views.person, name="person"),
    path("persons/<uuid:uuid>/edit/", views.edit_person, name="edit_person"),
    path("persons/<uuid:uuid>/with/<uuid:other>/", duplicate_views.compare, name="compare"),
    path("duplicates/", duplicate_views.duplicates, name="duplicates"),
    path("duplicates/<int:pair_id>/different/", duplicate_views.different, name="different"),
    path("merges/<int:merge_id>/undo/", duplicate_views.undo, name="undo_merge"),
]
