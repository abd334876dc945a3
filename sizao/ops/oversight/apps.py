from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "sizao.ops.oversight"
    label = "oversight"
