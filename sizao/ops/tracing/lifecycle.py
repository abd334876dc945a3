"""Which step a contact may take from where it stands. Becoming a case is a case's doing, and can be taken back."""

from sizao.ops.incidents.lifecycle import Steps
from sizao.vocabulary.codes import ContactStatus

_ENDED = frozenset({
    ContactStatus.COMPLETED, ContactStatus.LOST, ContactStatus.DIED, ContactStatus.NOT_A_CONTACT,
})  # fmt: skip
CONTACT_STEPS: Steps = {
    ContactStatus.UNDER_FOLLOW_UP: _ENDED | {ContactStatus.BECAME_CASE},
    **{
        state: (_ENDED - {state}) | {ContactStatus.UNDER_FOLLOW_UP, ContactStatus.BECAME_CASE}
        for state in ContactStatus
        if state in _ENDED
    },
    ContactStatus.BECAME_CASE: frozenset({ContactStatus.UNDER_FOLLOW_UP}),
}
