from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "sizao.ops.tracing"
    label = "tracing"
