"""Addresses of the desk, sites, streams and records."""

from django.urls import path

from sizao.ops.surveillance import count_views, record_views, signal_views, stream_views

app_name = "surveillance"
ONE = "incidents/<int:incident_id>/"
SIGNAL = f"{ONE}signals/<int:signal_id>/"
STREAM = f"{ONE}streams/<int:stream_id>/"
urlpatterns = [
    path(f"{ONE}signals/", signal_views.signal_list, name="signals"),
    path(f"{ONE}signals/map.json", signal_views.signal_map, name="signal_map"),
    path(SIGNAL, signal_views.signal_page, name="signal"),
    path(f"{SIGNAL}outbreak/", signal_views.open_outbreak, name="open_outbreak"),
    *(
        path(f"{SIGNAL}{step}/", signal_views.step_signal, {"step": step}, name=f"{step}_signal")
        for step in signal_views.STEPS
    ),
    path(f"{ONE}sites/", stream_views.site_list, name="sites"),
    path(f"{ONE}sites/<str:site>/", count_views.site_day, name="site_day"),
    path(f"{ONE}counts/file/", count_views.count_file, name="count_file"),
    path(f"{ONE}counts.json", count_views.count_messages, name="count_messages"),
    path(f"{ONE}streams/file/", count_views.stream_file, name="stream_file"),
    path(STREAM, stream_views.stream_page, name="stream"),
    path(f"{STREAM}series.json", stream_views.stream_data, name="stream_data"),
    path(f"{STREAM}series.csv", stream_views.stream_csv, name="stream_csv"),
    path(f"{ONE}detectors/", record_views.record_page, name="record"),
    path(f"{ONE}detectors/compare/", record_views.compare, name="compare"),
    path(f"{ONE}detectors/proposals/<int:proposal_id>/", record_views.proposal_page, name="proposal"),
]
