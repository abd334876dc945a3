"""The `sizao` command: one table of sub-commands, each imported only when called."""

import importlib
import os
import sys

#: name → (module whose `main(argv) -> int` runs it, whether it needs the database, what it does)
COMMANDS = {
    "setup": ("sizao.config.commands.setup", True, "prepare keys, database, areas and static files"),
    "demo": ("sizao.config.commands.demo", True, "load the demonstration outbreak"),
    "administrator": ("sizao.config.commands.administrator", True, "make the first administrator's one-time link"),
    "check": ("sizao.config.commands.check", True, "look whether this installation is safe to use"),
    "serve": ("sizao.config.commands.serve", True, "serve the application on this machine"),
    "areas": ("sizao.config.commands.areas", True, "load the areas of a country"),
    "worker": ("sizao.config.commands.worker", True, "do the work that pages leave for later"),
    "import": ("sizao.config.commands.imports", True, "import a file"),
    "report": ("sizao.config.commands.report", True, "print a daily report as known at its cut-off"),
    "protocol": ("sizao.protocols.command", False, "list, show, compare and check protocols"),
    "detect": ("sizao.config.commands.detect", False, "run a detector over a file of series"),
    "rt": ("sizao.config.commands.rt", False, "estimate how many people each case infects, day by day"),
    "visits": ("sizao.config.commands.visits", False, "keep who was where, by the hundred million"),
    "trace": ("sizao.config.commands.trace", False, "find contacts, their contacts and common places in kept visits"),
    "audit": ("sizao.config.commands.audit", True, "verify the chain of decisions and the record of changes"),
    "manage": ("sizao.config.commands.manage", True, "Django's own commands"),
}


def main(argv: list[str] | None = None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] not in COMMANDS:
        print("usage: sizao COMMAND …\n")
        for name, (_module, _database, sentence) in COMMANDS.items():
            print(f"  {name:<14} {sentence}")
        return 0 if argv[:1] in ([], ["--help"], ["-h"]) else 2
    module, needs_database, _sentence = COMMANDS[argv[0]]
    if needs_database:
        os.umask(0o077)  # what these write holds health data: readable by this account alone
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sizao.config.settings")
        import django

        django.setup()
    return importlib.import_module(module).main(argv[1:]) or 0


if __name__ == "__main__":
    sys.exit(main())
