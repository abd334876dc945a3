"""Addresses of areas, posts, persons and their duplicates."""

from django.urls import path

from sizao.ops.registry import duplicate_views, emergency_views, people_views, views

app_name = "registry"
urlpatterns = [
    path("areas/", views.areas, name="areas"),
    path("areas/<str:path>/", views.areas, name="area"),
    path("posts/", views.posts, name="posts"),
    path("posts/units/", views.add_unit, name="add_unit"),
    path("posts/new/", views.add_post, name="add_post"),
    path("posts/appoint/", views.appoint, name="appoint"),
    path("posts/holdings/<int:holding_id>/end/", people_views.dismiss, name="dismiss"),
    path("emergency/", emergency_views.emergency, name="emergency"),
    path("emergency/<int:access_id>/end/", emergency_views.end, name="end_emergency"),
    path("emergency/<int:access_id>/review/", emergency_views.review, name="review_emergency"),
    path("roles/", people_views.roles, name="roles"),
    path("people/", people_views.people, name="people"),
    path("people/invite/", people_views.invite, name="invite"),
    path("people/<int:user_id>/", people_views.account, name="account"),
    path("people/<int:user_id>/<str:act>/", people_views.act, name="account_act"),
    path("persons/<uuid:uuid>/", views.person, name="person"),
    path("persons/<uuid:uuid>/edit/", views.edit_person, name="edit_person"),
    path("persons/<uuid:uuid>/with/<uuid:other>/", duplicate_views.compare, name="compare"),
    path("duplicates/", duplicate_views.duplicates, name="duplicates"),
    path("duplicates/<int:pair_id>/different/", duplicate_views.different, name="different"),
    path("merges/<int:merge_id>/undo/", duplicate_views.undo, name="undo_merge"),
]
