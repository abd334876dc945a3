"""The programs that the faults break, each its own process.

python -m tests.faults.parts prepare            an installation with an incident; prints what a writer needs, as JSON
python -m tests.faults.parts writers N EACH     N processes at once read a row and write it and one more, EACH times
python -m tests.faults.parts task MARK          leave a task to the worker that takes long until MARK exists
python -m tests.faults.parts worker             the worker, until nothing is left to do
python -m tests.faults.parts import FILE INCIDENT BYTES    import with a disk that is full after BYTES
python -m tests.faults.parts backup BYTES       make a backup with a disk that is full after BYTES
"""

import json
import os
import resource
import signal
import sys
import time


def main(argv: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")
    import django

    django.setup()
    return {
        "prepare": prepare,
        "writers": writers,
        "task": task,
        "worker": worker,
        "import": import_,
        "backup": backup,
    }[argv[0]](*argv[1:])


def prepare() -> int:
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from sizao.ops.governance import keyring
    from sizao.ops.governance.actions import found_installation
    from sizao.ops.governance.clock import now
    from sizao.ops.governance.roles import Role
    from tests import factories as make

    keyring.make(settings.KEYRING)
    settings.STORE.mkdir(parents=True, exist_ok=True)
    call_command("migrate", run_syncdb=True, verbosity=0)
    make.areas()
    user = make.user(Role.DUTY_OFFICER)
    incident = make.incident(found_installation(by=None, at=now()))
    client = Client()
    client.force_login(user)
    session = client.session
    session["seen_at"] = time.time()
    session.save()
    post = make.post(Role.INVESTIGATOR)
    print(json.dumps({"session": session.session_key, "incident": incident.pk, "post": post.pk}))
    return 0


def writers(n: str, each: str) -> int:
    """Prints how many transactions were made, how many failed, and what the shared row says in the end."""
    from django.db import connection, transaction

    from sizao.ops.governance.models import Batch, User
    from sizao.ops.incidents.models import Incident

    incident, user = Incident.objects.first(), User.objects.first()
    before = Batch.objects.count()
    connection.close()

    def write(number: int) -> int:
        failed = 0
        for _round in range(int(each)):
            try:
                with transaction.atomic():
                    row = Incident.objects.get(pk=incident.pk)
                    Batch.objects.create(kind="fault", made_at=row.opened_at, made_by=user)
                    Incident.objects.filter(pk=row.pk).update(level=str(int(row.level or 0) + 1))
            except Exception:
                failed += 1
        return failed

    children = []
    for number in range(int(n)):
        child = os.fork()
        if not child:
            os._exit(min(write(number), 200))
        children.append(child)
    failed = sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
    counted = int(Incident.objects.get(pk=incident.pk).level)
    print(json.dumps({"failed": failed, "rows": Batch.objects.count() - before, "counted": counted}))
    return 0


def task(mark: str) -> int:
    from tests.faults.slow import slow

    slow.enqueue(mark)
    return 0


def worker() -> int:
    from sizao.config.commands import worker

    return worker.main(["--once"])


def import_(file: str, incident: str, more: str) -> int:
    from sizao.config.commands import imports

    _full_after(int(more))
    return imports.main([file, "--incident", incident, "--yes", "--language", "en"])


def backup(most: str) -> int:
    from sizao.config.commands import backup

    _full_after(int(most))
    return backup.main([])


def _full_after(limit: int) -> None:
    """No file grows beyond a limit from here on: what a full disk looks like to a program. 0 is no limit."""
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
