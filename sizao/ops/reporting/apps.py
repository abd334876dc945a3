from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "sizao.ops.reporting"
    label = "reporting"
