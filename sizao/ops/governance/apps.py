from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "sizao.ops.governance"
    label = "governance"
