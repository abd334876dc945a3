from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "sizao.ops.incidents"
    label = "incidents"
