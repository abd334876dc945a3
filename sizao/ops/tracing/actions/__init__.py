"""Everything that writes exposures, contacts and follow-ups."""

from sizao.ops.cases.editing import ChangedMeanwhile
from sizao.ops.tracing.actions.changing_edition import (
    EditionChanged,
    change_edition,
    roll_back_edition,
    try_edition,
)
from sizao.ops.tracing.actions.converting import convert_contacts, recognise_cases
from sizao.ops.tracing.actions.deciding import amend_contacts, undo_decision
from sizao.ops.tracing.actions.exposing import ExposuresRecorded, record_exposures
from sizao.ops.tracing.actions.following import FollowUpsRecorded, end_follow_ups, record_follow_ups
from sizao.ops.tracing.actions.handing_over import answer_hand_over, offer_hand_over, withdraw_hand_over
from sizao.ops.tracing.actions.listing import ContactsRecorded, record_contacts
from sizao.ops.tracing.actions.planning import plan_follow_ups
from sizao.ops.tracing.actions.withdrawing import reinstate_exposures, withdraw_exposures

__all__ = [
    "ChangedMeanwhile",
    "ContactsRecorded",
    "EditionChanged",
    "ExposuresRecorded",
    "FollowUpsRecorded",
    "amend_contacts",
    "answer_hand_over",
    "change_edition",
    "convert_contacts",
    "end_follow_ups",
    "offer_hand_over",
    "plan_follow_ups",
    "recognise_cases",
    "record_contacts",
    "record_exposures",
    "record_follow_ups",
    "reinstate_exposures",
    "roll_back_edition",
    "try_edition",
    "undo_decision",
    "withdraw_exposures",
    "withdraw_hand_over",
]
