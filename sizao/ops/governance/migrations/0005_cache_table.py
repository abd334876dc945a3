from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    """Attempt limits and used codes are shared by all processes through this table, which no model describes."""
    call_command(
        "createcachetable", "cache", database=schema_editor.connection.alias, verbosity=0
    )


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE IF EXISTS cache")


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_accounts")]

    operations = [migrations.RunPython(make, drop)]
