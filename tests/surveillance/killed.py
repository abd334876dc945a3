"""A program that runs an evening and waits to be killed when its alarms and signals are written.

python -m tests.surveillance.killed wait        a fresh installation with one stream that is high; run the evening; with
                                                everything written, say so and wait
python -m tests.surveillance.killed run         run it; say what is there, as JSON; run it again; say it again
"""

import json
import os
import sys
import time


def main(argv: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sizao.config.settings")
    import django

    django.setup()
    return {"wait": wait, "run": run}[argv[0]]()


def prepare() -> None:
    from types import SimpleNamespace

    from django.conf import settings
    from django.core.management import call_command

    from sizao.ops.governance import keyring
    from sizao.ops.governance.actions import found_installation
    from sizao.ops.governance.clock import now
    from tests import factories as make
    from tests.surveillance.conftest import QUIET, define, enter, new_stream

    keyring.make(settings.KEYRING)
    call_command("migrate", verbosity=0)
    make.areas()
    by = found_installation(by=None, at=now())
    city = SimpleNamespace(watch=make.incident(by, time_zone="Asia/Shanghai"), duty=by)
    [stream] = define(city, new_stream("1"))
    enter(city, stream, [*QUIET, 30])


def evening() -> None:
    from sizao.ops.governance.models import User
    from sizao.ops.incidents.models import Incident
    from sizao.ops.surveillance.evenings import run_evening
    from tests.surveillance.conftest import DAY
    from tests.surveillance.conftest import evening as moment

    run_evening(Incident.objects.get(), day=DAY, by=User.objects.get(username="system"), at=moment(DAY, 20))


def wait() -> int:
    prepare()
    from sizao.ops.surveillance.actions import running

    def store_and_wait(**told):
        running_tasks(**told)
        print("inside the run", flush=True)
        time.sleep(120)

    running_tasks, running.add_tasks = running.add_tasks, store_and_wait
    evening()
    return 0


def run() -> int:
    for _turn in range(2):
        evening()
        print(json.dumps(count()), flush=True)
    return 0


def count() -> dict[str, int]:
    from sizao.ops.incidents.models import Task
    from sizao.ops.surveillance.models import Alarm, Run, Signal

    tasks = Task.objects.filter(duty="verify-signal")
    return {"runs": Run.objects.count(), "alarms": Alarm.objects.count(), "signals": Signal.objects.count(),
            "tasks": tasks.count()}  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
