from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "sizao.ops.desk"
    label = "desk"
