"""The `sizao` command: one table of sub-commands, each imported only when called."""

import importlib
import os
import sys

from sizao.config.commands import speaking
from sizao.vocabulary.text import N_, say

#: name → (module whose `main(argv) -> int` runs it, whether it needs the database, what it does)
COMMANDS = {
    "setup": ("sizao.config.commands.setup", True, N_("prepare keys, database, areas and static files")),
    "demo": ("sizao.config.commands.demo", True, N_("load the demonstration outbreak")),
    "administrator": ("sizao.config.commands.administrator", True, N_("make the first administrator's one-time link")),
    "keys": ("sizao.config.commands.keys", True, N_("show, rotate and retire the keys of identifying fields")),
    "check": ("sizao.config.commands.check", True, N_("look whether this installation is safe to use")),
    "serve": ("sizao.config.commands.serve", True, N_("serve the application on this machine")),
    "areas": ("sizao.config.commands.areas", True, N_("load the areas of a country")),
    "worker": ("sizao.config.commands.worker", True, N_("do the work that pages leave for later")),
    "import": ("sizao.config.commands.imports", True, N_("import a file")),
    "report": ("sizao.config.commands.report", True, N_("print a daily report as known at its cut-off")),
    "protocol": ("sizao.protocols.command", False, N_("list, show, compare and check protocols")),
    "detect": ("sizao.config.commands.detect", False, N_("run a detector over a file of series")),
    "rt": ("sizao.config.commands.rt", False, N_("estimate how many people each case infects, day by day")),
    "visits": ("sizao.config.commands.visits", False, N_("keep who was where, by the hundred million")),
    "trace": (
        "sizao.config.commands.trace",
        False,
        N_("find contacts, their contacts and common places in kept visits"),
    ),
    "audit": ("sizao.config.commands.audit", True, N_("verify the chain of decisions and the record of changes")),
    "surveillance": (
        "sizao.config.commands.surveillance",
        True,
        N_("run an evening of early warning, define streams, enter counts"),
    ),
    "backup": ("sizao.config.commands.backup", True, N_("make an encrypted backup")),
    "restore": ("sizao.config.commands.restore", True, N_("restore a backup into an empty place, or check one")),
    "manage": ("sizao.config.commands.manage", True, N_("Django's own commands")),
}


def main(argv: list[str] | None = None) -> int:
    argv = sys.argv[1:] if argv is None else argv
    speaking.listen(argv)
    if not argv or argv[0] not in COMMANDS:
        speaking.tell(N_("usage: sizao COMMAND …"), end="\n\n")
        for name, (_module, _database, sentence) in COMMANDS.items():
            print(f"  {name:<14} {say(sentence, speaking.spoken())}")
        return 0 if argv[:1] in ([], ["--help"], ["-h"]) else 2
    if argv[0] == "protocol":  # a pure room: it reads no environment, so it is told
        argv = ["protocol", "--language", speaking.spoken(), *argv[1:]]
    module, needs_database, _sentence = COMMANDS[argv[0]]
    if needs_database:
        os.umask(0o077)  # what these write holds health data: readable by this account alone
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sizao.config.settings")
        import django
        import django.utils.translation

        django.setup()
        django.utils.translation.activate(speaking.spoken())
    return importlib.import_module(module).main(argv[1:]) or 0


if __name__ == "__main__":
    sys.exit(main())
