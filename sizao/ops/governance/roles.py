"""Roles: what a post lets its holder do, one row each with a sentence. Adding a power is editing this table."""

from dataclasses import dataclass

from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_, Message


class Role(Code):
    """The roles a post may carry."""

    INVESTIGATOR = "investigator", N_("Investigator")
    LABORATORY = "laboratory", N_("Laboratory lead")
    SITE_MANAGER = "site_manager", N_("Isolation-site manager")
    TOWNSHIP_OFFICER = "township_officer", N_("Township officer")
    DUTY_OFFICER = "duty_officer", N_("Duty officer")
    SIGNATORY = "signatory", N_("Signatory")
    ANALYST = "analyst", N_("Analyst")
    ADMINISTRATOR = "administrator", N_("Administrator")
    AUDITOR = "auditor", N_("Auditor")
    SENTINEL = "sentinel", N_("Sentinel reporter")
    EMERGENCY_READER = "emergency_reader", N_("Emergency reader")


#: Roles that no post carries: they are given for hours, by an act that is written down.
NOT_OF_A_POST = (Role.EMERGENCY_READER,)


@dataclass(frozen=True)
class Powers:
    """A role's permissions, the sentence that explains it, and whether its holders prove themselves twice at log-in."""

    sentence: Message
    permissions: frozenset[str]
    needs_second_factor: bool


def powers(sentence: Message, *permissions: str, second_factor: bool = True) -> Powers:
    return Powers(sentence, frozenset(permissions), second_factor)


SEE = ("incident.view", "case.view", "contact.view", "task.view", "report.view", "request.view", "signal.view")
NAMES = ("person.identify", "person.search")
FIELD = (
    "case.edit", "contact.edit", "follow_up.record", "task.work", "request.work", "person.edit", "count.enter",
    "signal.work",
)  # fmt: skip

ROLES: dict[Role, Powers] = {
    Role.INVESTIGATOR: powers(
        N_("Investigates cases and contacts of an area, sees who they are, imports and exports their lists."),
        *SEE, *NAMES, *FIELD, "person.merge", "import.commit", "export.identified", "task.verify", "task.give",
        "emergency.open", "hand_over.offer", "hand_over.answer",
    ),
    Role.LABORATORY: powers(
        N_("Records specimens and results; sees the persons tested."),
        *SEE, *NAMES, "task.work", "emergency.open", "count.enter",
    ),
    Role.SITE_MANAGER: powers(
        N_("Runs an isolation site; sees and follows up the people staying there."),
        *SEE, *NAMES, "follow_up.record", "task.work", "request.work",
    ),
    Role.TOWNSHIP_OFFICER: powers(
        N_("Visits and calls people of a township, records follow-up and does its tasks."),
        *SEE, *NAMES, "contact.edit", "follow_up.record", "task.work", "request.work",
        "count.enter",
    ),
    Role.DUTY_OFFICER: powers(
        N_("Runs the command room: opens incidents, gives tasks, drafts the daily report."),
        *SEE, *NAMES, *FIELD, "person.merge", "import.commit", "export.identified", "incident.manage",
        "task.give", "task.verify", "report.draft", "report.review", "area.manage", "stream.manage",
        "emergency.open", "emergency.view", "hand_over.offer", "hand_over.answer",
    ),
    Role.SIGNATORY: powers(
        N_("Answers for the daily report: signs and publishes it."),
        *SEE, "task.verify", "report.review", "report.sign", "report.publish", "detector.adopt",
        "audit.view", "retention.sign", "hold.place", "person.erase",
    ),
    Role.ANALYST: powers(
        N_("Reads numbers and pseudonymous lists; sees no names."),
        *SEE, "export.pseudonymous", second_factor=False,
    ),
    Role.ADMINISTRATOR: powers(
        N_("Manages accounts, posts and areas; sees no health data."),
        "user.manage", "area.manage", "emergency.view",
    ),
    Role.AUDITOR: powers(
        N_("Reads what was done and by whom, and judges emergency access; changes no record."),
        "audit.view", "incident.view", "emergency.view", "emergency.review",
    ),
    Role.SENTINEL: powers(
        N_("Reports a sentinel site's counts: a clinic, a pharmacy, a school. Sees no person."),
        "incident.view", "count.enter", second_factor=False,
    ),
    Role.EMERGENCY_READER: powers(
        N_("Reads the records of an area beyond one's posts, for hours and with a reason; reviewed afterwards."),
        *SEE, *NAMES,
    ),
}  # fmt: skip

PERMISSIONS = frozenset().union(*(powers.permissions for powers in ROLES.values()))


def holders_of(permission: str) -> list[Role]:
    """The roles of posts that include a permission: whom to ask, or which post to ask for."""
    return [role for role, held in ROLES.items() if permission in held.permissions and role not in NOT_OF_A_POST]
