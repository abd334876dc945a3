"""The daily retention run: prepared by the schedule, signed by a person, carried out, counted."""

from datetime import datetime

from django.db import models, transaction

from sizao.ops.governance import access, audit
from sizao.ops.governance.models import User
from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.intake import store
from sizao.ops.intake.models import Delivery
from sizao.ops.oversight import due
from sizao.ops.oversight.actions.forgetting import forget_past
from sizao.ops.oversight.emptying import emptied, is_destroyed, models_with_days
from sizao.ops.oversight.models import RetentionRun, RunStatus
from sizao.vocabulary.text import N_

AT_ONCE = 2_000  # rows whose past is forgotten together


@transaction.atomic
def prepare_run(*, by: User, at: datetime) -> RetentionRun | None:
    """Count what is due today. A run nobody signed is replaced; nothing due makes none."""
    waiting = RetentionRun.objects.filter(status=RunStatus.PREPARED)
    for run in waiting:
        run.status = RunStatus.OVERTAKEN
        run.save(update_fields=["status"])
    counted = due.counts(at)
    if not counted:
        return None
    run = RetentionRun.objects.create(prepared_at=at, due=counted)
    audit.record(by=by, at=at, action="retention.prepared", about=run, due=counted)
    return run


@transaction.atomic
def sign_run(*, run: RetentionRun, by: User, at: datetime) -> RetentionRun:
    """A person answers for it; the next daily job carries it out."""
    access.check(by, "retention.sign", "", at=at)
    run = RetentionRun.objects.select_for_update().get(pk=run.pk)
    if run.status != RunStatus.PREPARED:
        raise NotNow(N_("This list is not the newest any more. Open the newest and read it."))
    run.status, run.signed_by, run.signed_at = RunStatus.SIGNED, by, at
    run.save(update_fields=["status", "signed_by", "signed_at"])
    audit.record(by=by, at=at, action="retention.signed", about=run, due=run.due)
    return run


@transaction.atomic
def carry_out(*, run: RetentionRun, by: User, at: datetime) -> RetentionRun:
    """Empty or destroy what was due when it was signed and still is, and write down how much."""
    if run.status != RunStatus.SIGNED:
        raise NotNow(N_("Only a signed list is carried out."))
    done = {}
    for model in models_with_days():
        n = _let_go(model, run.prepared_at, at) if model._meta.label in run.due else 0
        if n:
            done[model._meta.label] = n
    run.status, run.done, run.done_at = RunStatus.DONE, done, at
    run.save(update_fields=["status", "done", "done_at"])
    audit.record(by=by, at=at, action="retention.carried_out", about=run, done=done)
    return run


def _let_go(model: type[models.Model], prepared_at: datetime, at: datetime) -> int:
    """Rows of the signed list; held ones drop out even if the hold came after the signature."""
    still = due.due(model, at)
    ids = list(due.due(model, prepared_at).filter(pk__in=still.values("pk")).values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        if is_destroyed(model):
            model._base_manager.filter(pk__in=some).delete()
        else:
            _destroy_files(model, some)
            model._base_manager.filter(pk__in=some).update(**emptied(model))
        forget_past(model, some)
    return len(ids)


def _destroy_files(model: type[models.Model], ids: list[int]) -> None:
    if model is Delivery:
        for delivery_id, sha256 in Delivery.objects.filter(pk__in=ids).values_list("pk", "sha256"):
            store.drop_frames(delivery_id)
            store.path_of(sha256).unlink(missing_ok=True)
