"""Sealing everything anew under the current key, while people go on working."""

import base64
from collections import Counter
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Substr

from sizao.ops.governance import access, audit
from sizao.ops.governance.factors import FACTORS, SECRETS
from sizao.ops.governance.keyring import keyring
from sizao.ops.governance.models import PastState, User
from sizao.ops.governance.sealed import key_of, resealed
from sizao.ops.registry.models import Household, Person

#: Sealed columns and where they stand; a value is bound to its row's `uuid`.
SEALED = ((Person, "identity_sealed"), (Household, "address_sealed"))
BATCH = 500  # rows held at once: short enough that nobody waits for it


@transaction.atomic
def reseal(*, after: int, kind: int, by: User, at: datetime) -> tuple[int, int | None]:
    """The next chunk of rows of one sealed column: how many were sealed anew, and the last row looked at (None at the
    end). Rows that have the current key are left alone, so a broken run is simply begun again. What the rows say does
    not change, so no past state is kept."""
    access.check(by, "user.manage", "", at=at)
    model, column = SEALED[kind]
    rows = list(
        model.objects.select_for_update().filter(pk__gt=after).order_by("pk").only("pk", "uuid", column)[:BATCH]
    )
    current = keyring().current
    old = [row for row in rows if getattr(row, column) and key_of(getattr(row, column)) != current]
    for row in old:
        setattr(row, column, resealed(getattr(row, column), row.uuid))
    model.objects.bulk_update(old, [column])
    if old:
        audit.record(by=by, at=at, action="keys.resealed", model_resealed=model._meta.label, n=len(old), key=current)
    return len(old), rows[-1].pk if len(rows) == BATCH else None


@transaction.atomic
def reseal_factors(*, by: User, at: datetime) -> int:
    """The same for the secrets of second factors; they are few."""
    access.check(by, "user.manage", "", at=at)
    n = 0
    for row in Authenticator.objects.select_for_update().exclude(type="webauthn").order_by("pk"):
        names = [name for name in SECRETS if name in row.data]
        old = {name: base64.b64decode(row.data[name]) for name in names}
        new = {name: resealed(value, FACTORS) for name, value in old.items() if key_of(value) != keyring().current}
        if new:
            row.data |= {name: base64.b64encode(value).decode() for name, value in new.items()}
            row.save(update_fields=["data"])
            n += 1
    audit.record(by=by, at=at, action="keys.resealed", model_resealed="mfa.Authenticator", n=n)
    return n


def uses_of_keys() -> dict[str, Counter]:
    """How many values each key seals, by where they stand; past states keep the key they were written with."""
    found: dict[str, Counter] = {}
    for model, column in SEALED:
        heads = model.objects.annotate(head=Substr(F(column), 1, 1)).values_list("head", flat=True)
        found[model._meta.label] = Counter(key_of(head) for head in heads.iterator() if head)
    secrets = (row.data.get(name) for row in Authenticator.objects.exclude(type="webauthn") for name in SECRETS)
    found["mfa.Authenticator"] = Counter(key_of(base64.b64decode(value)) for value in secrets if value)
    past = PastState.objects.filter(model__in=[model._meta.label for model, _column in SEALED])
    kept = (values.get(column) for values in past.values_list("values", flat=True).iterator() for _m, column in SEALED)
    found["governance.PastState"] = Counter(int(value[:2], 16) for value in kept if value)
    return found
