from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "sizao.ops.intake"
    label = "intake"
