from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "sizao.ops.cases"
    label = "cases"
