"""Addresses of the desk."""

from django.urls import path

from sizao.ops.desk import views

app_name = "desk"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("my-tasks/", views.my_tasks, name="my_tasks"),
    path("me/", views.me, name="me"),
    path("incidents/", views.switcher, name="switcher"),
    path("incidents/<int:incident_id>/", views.board, name="board"),
    path("incidents/<int:incident_id>/today/", views.today, name="today"),
]
