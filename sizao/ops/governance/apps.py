from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class GovernanceConfig(AppConfig):
    name = "sizao.ops.governance"
    label = "governance"

    def ready(self) -> None:
        """The database's own record of changes is kept in step with the tables and told who writes."""
        from sizao.ops.governance.audit_context import prepare
        from sizao.ops.governance.audit_triggers.install import after_migrating, before_migrating

        connection_created.connect(prepare, dispatch_uid="sizao-audit")
        pre_migrate.connect(before_migrating, sender=self, dispatch_uid="sizao-audit")
        post_migrate.connect(after_migrating, sender=self, dispatch_uid="sizao-audit")
