"""A program that imports in chunks of fifty and waits to be killed in the middle of one.

python -m tests.intake.killed prepare                   a fresh installation with an incident
python -m tests.intake.killed import FILE INCIDENT N    say what is there, as JSON; import; inside chunk N, with its
                                                        rows written, say so and wait; say again what is there; and
                                                        import once more
"""

import json
import os
import sys
import time


def main(argv: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sizao.config.settings")
    import django

    django.setup()
    return {"prepare": prepare, "import": import_}[argv[0]](*argv[1:])


def prepare() -> int:
    from django.conf import settings
    from django.core.management import call_command

    from sizao.ops.governance import keyring
    from sizao.ops.governance.actions import found_installation
    from sizao.ops.governance.clock import now
    from sizao.ops.registry.models import Area
    from tests import factories as make

    keyring.make(settings.KEYRING)
    call_command("migrate", verbosity=0)
    make.areas()
    incident = make.incident(found_installation(by=None, at=now()))
    incident.areas.set([Area.objects.get(path="CN00230001")])
    print(incident.pk)
    return 0


def import_(file: str, incident: str, wait_in_chunk: str) -> int:
    from sizao.config.commands import imports
    from sizao.ops.intake.actions import handing_on

    handing_on.CHUNK = 50
    hand_cases, seen = handing_on.HANDERS["cases"], []

    def hand_and_wait(chunk):
        done = hand_cases(chunk)
        seen.append(chunk)
        if len(seen) == int(wait_in_chunk):
            print("inside a chunk", flush=True)
            time.sleep(120)
        return done

    handing_on.HANDERS["cases"] = hand_and_wait
    command = [file, "--incident", incident, "--yes", "--language", "en"]
    print(json.dumps(count()), flush=True)
    code = imports.main(command)
    print(json.dumps(count()), flush=True)
    return code or imports.main(command)


def count() -> dict:
    from sizao.ops.cases.models import Case
    from sizao.ops.governance.models import Batch
    from sizao.ops.intake.models import Delivery
    from sizao.ops.registry.models import Person

    delivery = Delivery.objects.first()
    if delivery is None:
        return {}
    numbers = list(Case.objects.values_list("number", flat=True))
    found = {"cases": len(numbers), "numbers": len(set(numbers)), "persons": Person.objects.count()}
    found |= {"handed_on": delivery.n_handed_on, "status": delivery.status, "batches": Batch.objects.count()}
    found["linked"] = Case.objects.values("person").distinct().count()
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
