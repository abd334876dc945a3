"""`sizao manage …`: Django's own commands (migrate, makemigrations, shell). A backup is made before a migration."""

from django.core.management import execute_from_command_line

from sizao.config.backup.occasions import before_migrating
from sizao.ops.governance.clock import now

LOOKING_ONLY = {"--plan", "--check", "--help", "-h", "--no-backup"}


def main(argv: list[str]) -> int:
    if argv[:1] == ["migrate"] and not LOOKING_ONLY & set(argv):
        copied = before_migrating(now())
        if copied:
            print(f"backup before the migration: {copied}")
    execute_from_command_line(["sizao manage", *(word for word in argv if word != "--no-backup")])
    return 0
