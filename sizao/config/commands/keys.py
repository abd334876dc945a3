"""`sizao keys`: which keys there are and what they seal; `rotate` adds one and seals everything anew; `retire N`.

Rotation runs beside the application: values under the old and the new key open all the while. It may be broken off;
`sizao keys reseal` goes on with what is left.
"""

import argparse
from pathlib import Path

from django.conf import settings

from sizao.ops.governance import keyring
from sizao.ops.governance.actions import SYSTEM
from sizao.ops.governance.clock import now
from sizao.ops.governance.models import User
from sizao.ops.registry.actions import reseal, reseal_factors
from sizao.ops.registry.actions.resealing import SEALED, uses_of_keys


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sizao keys", description=__doc__)
    parser.add_argument("act", nargs="?", default="show", choices=("show", "rotate", "reseal", "retire"))
    parser.add_argument("number", nargs="?", type=int, help="the key to retire")
    options = parser.parse_args(argv)
    if settings.KEYS and options.act in ("rotate", "retire"):
        print("The keys come from SIZAO_KEYS: change them there, then run: sizao keys reseal")
        return 1
    if options.act == "retire":
        return _retire(options.number)
    if options.act == "rotate":
        print(f"key {keyring.add_key(Path(settings.KEYRING))} is the current one")
    if options.act in ("rotate", "reseal"):
        _reseal_all()
    return _show()


def _reseal_all() -> None:
    system = User.objects.get(username=SYSTEM)
    for kind, (model, _column) in enumerate(SEALED):
        total, after = 0, 0
        while after is not None:
            n, after = reseal(after=after, kind=kind, by=system, at=now())
            total += n
        print(f"{model._meta.label}: {total:,} sealed anew")
    print(f"mfa.Authenticator: {reseal_factors(by=system, at=now()):,} sealed anew")


def _show() -> int:
    ring, uses = keyring.keyring(), uses_of_keys()
    for number in sorted(ring.seal):
        told = ", ".join(f"{place} {counts[number]:,}" for place, counts in uses.items() if counts[number])
        print(f"key {number}{' (current)' if number == ring.current else ''}: seals {told or 'nothing'}")
    return 0


def _retire(number: int | None) -> int:
    """Only a key that seals nothing goes; what past states hold keeps its key until they are destroyed."""
    ring = keyring.keyring()
    if number not in ring.seal or number == ring.current:
        print(f"There is no older key {number}.")
        return 1
    left = {place: counts[number] for place, counts in uses_of_keys().items() if counts[number]}
    if left:
        print(f"Key {number} still seals: " + ", ".join(f"{place} {n:,}" for place, n in left.items()))
        return 1
    keyring.drop_key(Path(settings.KEYRING), number)
    print(f"key {number} is forgotten; backups made before today need it, so keep it with them")
    return 0
