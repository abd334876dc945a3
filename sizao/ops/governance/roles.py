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


@dataclass(frozen=True)
class Powers:
    """A role's permissions and the sentence that explains it to a person."""

    sentence: Message
    permissions: frozenset[str]


def powers(sentence: Message, *permissions: str) -> Powers:
    return Powers(sentence, frozenset(permissions))


SEE = ("incident.view", "case.view", "contact.view", "task.view", "report.view", "request.view")
NAMES = ("person.identify", "person.search")
FIELD = ("case.edit", "contact.edit", "follow_up.record", "task.work", "request.work", "person.edit")

ROLES: dict[Role, Powers] = {
    Role.INVESTIGATOR: powers(
        N_("Investigates cases and contacts of an area, sees who they are, imports and exports their lists."),
        *SEE, *NAMES, *FIELD, "person.merge", "import.commit", "export.identified", "task.verify", "task.give",
    ),
    Role.LABORATORY: powers(
        N_("Records specimens and results; sees the persons tested."),
        *SEE, *NAMES, "task.work",
    ),
    Role.SITE_MANAGER: powers(
        N_("Runs an isolation site; sees and follows up the people staying there."),
        *SEE, *NAMES, "follow_up.record", "task.work", "request.work",
    ),
    Role.TOWNSHIP_OFFICER: powers(
        N_("Visits and calls people of a township, records follow-up and does its tasks."),
        *SEE, *NAMES, "contact.edit", "follow_up.record", "task.work", "request.work",
    ),
    Role.DUTY_OFFICER: powers(
        N_("Runs the command room: opens incidents, gives tasks, drafts the daily report."),
        *SEE, *NAMES, *FIELD, "person.merge", "import.commit", "export.identified", "incident.manage",
        "task.give", "task.verify", "report.draft", "report.review", "area.manage",
    ),
    Role.SIGNATORY: powers(
        N_("Answers for the daily report: signs and publishes it."),
        *SEE, "task.verify", "report.review", "report.sign", "report.publish",
    ),
    Role.ANALYST: powers(
        N_("Reads numbers and pseudonymous lists; sees no names."),
        *SEE, "export.pseudonymous",
    ),
    Role.ADMINISTRATOR: powers(
        N_("Manages accounts, posts and areas; sees no health data."),
        "user.manage", "area.manage",
    ),
    Role.AUDITOR: powers(
        N_("Reads what was done and by whom; changes nothing."),
        "audit.view", "incident.view",
    ),
}  # fmt: skip

PERMISSIONS = frozenset().union(*(powers.permissions for powers in ROLES.values()))
