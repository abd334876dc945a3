"""`sizao manage …`: Django's own commands (migrate, makemigrations, shell)."""

from django.core.management import execute_from_command_line


def main(argv: list[str]) -> int:
    execute_from_command_line(["sizao manage", *argv])
    return 0
