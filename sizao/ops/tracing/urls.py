"""Addresses of contacts, follow-up and the pictures of an incident."""

from django.urls import include, path

app_name = "tracing"
urlpatterns = [
    path("", include("sizao.ops.tracing.pictures.urls")),
]
