"""Another setting of a detector: proposed on the record, adopted only when somebody answers for it by name."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from sizao.ops.governance import access, audit, history
from sizao.ops.governance.models import Batch, User
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.incidents.models import Incident
from sizao.ops.incidents.scope import areas_of
from sizao.ops.surveillance import settings
from sizao.ops.surveillance.models import Proposal, Stream
from sizao.vocabulary.text import N_


@transaction.atomic
def propose_setting(
    *, incident: Incident, freq: str, detector: str, parameters: Mapping[str, Any], instead_detector: str,
    instead_parameters: Mapping[str, Any], evidence: Mapping[str, Any], by: User, at: datetime,
) -> Proposal:  # fmt: skip
    """Keep a comparison of two settings on the same record, for somebody to sign. Changes no stream."""
    _check(incident, "signal.view", by, at)
    settings.check_setting(instead_detector, freq, instead_parameters)
    row = Proposal.objects.create(
        incident=incident, freq=freq, detector=detector, parameters=dict(parameters),
        instead_detector=instead_detector, instead_parameters=dict(instead_parameters), evidence=dict(evidence),
        recorded_by=by, recorded_at=at, current_since=at,
    )  # fmt: skip
    audit.record(by=by, at=at, action="setting.proposed", about=row)
    return row


@transaction.atomic
def sign_proposal(*, proposal: Proposal, reason: str, by: User, at: datetime) -> list[Stream]:
    """Adopt a proposed setting for all streams that have the old one: identity, time, reason and the hash of what was
    signed are kept, and the batch can be undone. Whoever proposed it does not sign it."""
    _check(proposal.incident, "detector.adopt", by, at)
    if not reason.strip():
        raise NotNow(N_("Say why the setting is adopted."))
    if proposal.signed_at:
        raise NotNow(N_("This proposal is signed already."))
    if proposal.recorded_by_id == by.pk:
        raise NotNow(N_("You proposed this setting; another person must sign it."))
    old = settings.key_of(proposal.detector, proposal.parameters)
    mine = Stream.objects.filter(incident=proposal.incident, detector=proposal.detector, freq=proposal.freq)
    streams = [row for row in mine.order_by("id") if settings.key_of(row.detector, row.parameters) == old]
    batch = Batch.objects.create(kind="setting", made_at=at, made_by=by)
    changes = {"detector": proposal.instead_detector, "parameters": proposal.instead_parameters}
    changed = history.amend(streams, by=by, at=at, batch=batch, **changes)
    seal = content_hash(proposal)
    history.amend([proposal], signed_at=at, signed_by=by, reason=reason, content_hash=seal, undoing=batch, by=by, at=at)
    audit.record(
        by=by, at=at, action="setting.adopted", about=proposal, reason=reason, content_hash=seal, n_streams=len(changed)
    )
    return changed


def content_hash(proposal: Proposal) -> str:
    """SHA-256 over what is signed: both settings and the evidence."""
    names = ("freq", "detector", "parameters", "instead_detector", "instead_parameters", "evidence")
    said = {name: getattr(proposal, name) for name in names}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _check(incident: Incident, permission: str, by: User, at: datetime) -> None:
    for path in areas_of(incident):
        access.check(by, permission, path, at=at)
