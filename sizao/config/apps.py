from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "sizao.config"
    label = "config"
