"""Addresses of incidents, tasks and requests."""

from django.urls import path

from sizao.ops.incidents import clock_views, protocol_views, request_views, trying_views, views

app_name = "incidents"
ONE = "incidents/<int:incident_id>/"
REQUEST = f"{ONE}requests/<int:request_id>/"
urlpatterns = [
    path("protocols/", protocol_views.protocol_list, name="protocols"),
    path("protocols/<slug:protocol>/", protocol_views.protocol_page, name="protocol"),
    path("protocols/<slug:protocol>/try/", trying_views.try_protocol, name="try_protocol"),
    path("protocols/<slug:before>/to/<slug:after>/", protocol_views.compare_protocols, name="compare_protocols"),
    path("incidents/new/", views.new_incident, name="new"),
    path(f"{ONE}facts/", views.incident_facts, name="incident"),
    path(f"{ONE}clocks/", clock_views.clock_page, name="clocks"),
    path(f"{ONE}clocks/record/", clock_views.record_milestone, name="record_milestone"),
    path(f"{ONE}clocks/<str:duty>/<slug:state>/", clock_views.clock_tasks, name="clock_tasks"),
    path(f"{ONE}mode/", views.switch_mode, name="switch_mode"),
    path(f"{ONE}tasks/", views.task_list, name="tasks"),
    path(f"{ONE}tasks/new/", views.give_task, name="give_task"),
    path(f"{ONE}tasks/escalate/", views.escalate, name="escalate"),
    path(f"{ONE}tasks/<int:task_id>/", views.task_page, name="task"),
    *(
        path(f"{ONE}tasks/<int:task_id>/{step}/", views.step_task, {"step": step}, name=f"{step}_task")
        for step in views.STEPS
    ),
    path(f"{ONE}requests/", request_views.request_list, name="requests"),
    path(f"{ONE}requests/new/", request_views.new_request, name="new_request"),
    path(REQUEST, request_views.request_page, name="request"),
    *(
        path(
            f"{ONE}requests/<int:request_id>/{step}/",
            request_views.step_request,
            {"step": step},
            name=f"{step}_request",
        )
        for step in request_views.STEPS
    ),
]
