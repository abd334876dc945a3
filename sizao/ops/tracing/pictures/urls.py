"""Addresses of the pictures; the room includes them under its own name."""

from django.urls import path

from sizao.ops.tracing.pictures import chain_views, curve_views, map_views

ONE = "incidents/<int:incident_id>/"
urlpatterns = [
    path(f"{ONE}five-views/", chain_views.five_page, name="five_views"),
    path(f"{ONE}chains/", chain_views.chains_page, name="chains"),
    path(f"{ONE}chains/data.json", chain_views.chains_data, name="chains_data"),
    path(f"{ONE}chains/cases.csv", chain_views.chains_cases_csv, name="chains_cases_csv"),
    path(f"{ONE}chains/links.csv", chain_views.chains_links_csv, name="chains_links_csv"),
    path(f"{ONE}curve/", curve_views.curve_page, name="curve"),
    path(f"{ONE}curve/data.json", curve_views.curve_data, name="curve_data"),
    path(f"{ONE}curve/numbers.csv", curve_views.curve_csv, name="curve_csv"),
    path(f"{ONE}map/", map_views.map_page, name="map"),
    path(f"{ONE}map/data.json", map_views.map_data, name="map_data"),
    path(f"{ONE}map/numbers.csv", map_views.map_csv, name="map_csv"),
]
