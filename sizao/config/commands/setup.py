"""`sizao setup`: keys, database, areas and static files. Safe to run again; it does only what is missing."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from sizao.config.backup.occasions import before_migrating
from sizao.config.commands import speaking
from sizao.ops.governance import keyring
from sizao.ops.governance.actions import found_installation
from sizao.ops.governance.clock import now
from sizao.ops.registry import actions as registry
from sizao.vocabulary.text import N_

#: Countries whose areas every installation has; others are loaded from a file.
COUNTRIES = ("cn", "kr")


def main(argv: list[str]) -> int:
    speaking.Parser(
        prog="sizao setup", about=N_("prepare keys, database, areas and static files"), details=__doc__
    ).parse_args(argv)
    settings.STORE.mkdir(parents=True, exist_ok=True)
    keyring.make(Path(settings.KEYRING))
    copied = before_migrating(now())
    if copied:
        print(f"backup before the migration: {copied}")
    call_command("migrate", verbosity=0, interactive=False)
    system = found_installation(by=None, at=now())
    for country in COUNTRIES:
        n = registry.load_shipped_areas(country=country, by=system, at=now())
        if n:
            speaking.tell(N_("areas of {country}: {n} loaded", country=country, n=f"{n:,}"))
    call_command("collectstatic", verbosity=0, interactive=False)
    speaking.tell(N_("set up in {folder}", folder=settings.HOME))
    return 0
