from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "sizao.ops.registry"
    label = "registry"
