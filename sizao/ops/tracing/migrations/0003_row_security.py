from django.db import migrations

from sizao.ops.governance.row_security import TABLES, no_policy, policy


def build(apps, schema_editor):
    """PostgreSQL alone has it; the other database is one file for one application."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            for statement in policy(table):
                schema_editor.execute(statement)


def pull_down(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            for statement in no_policy(table):
                schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("tracing", "0002_hand_over"),
        ("cases", "0001_initial"),
        ("incidents", "0001_initial"),
        ("registry", "0002_lookalikes"),
    ]

    operations = [migrations.RunPython(build, pull_down)]
