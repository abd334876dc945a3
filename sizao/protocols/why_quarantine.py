"""Why a quarantine order is as it is: one sentence with rule, edition and the facts it was derived from."""

from typing import Any

from sizao.protocols.choices import Anchor, Grade, Mode, Subject
from sizao.protocols.figures import Sourced
from sizao.protocols.persons import Quarantine
from sizao.protocols.shape import Protocol
from sizao.vocabulary.codes import Code, ContactClass
from sizao.vocabulary.text import N_, Message


def why_order(row: dict[str, Any], protocol: Protocol) -> Message:
    """One sentence for a row of `Quarantined.orders`."""
    facts = {
        "subject": subject_label(row["contact_class"]),
        "edition": protocol.name,
        "found": row["date_found"],
        "end": row["date_end"],
    }
    if row["status"] == "not_required":
        return N_("No quarantine: {edition} asks none of a {subject}.", **without(facts, "found", "end"))
    if row["status"] == "undated":
        return N_(
            "No quarantine yet: the day to count from is not known for this {subject} ({edition}).",
            **without(facts, "found", "end"),
        )
    rule = protocol.quarantine[row["contact_class"]]
    facts |= {"anchor": counted_from(row, rule), "day": row["date_counted_from"], "source": source_of(rule, protocol)}
    facts["phases"] = phases_sentence(rule)
    if row["status"] == "passed":
        return N_(
            "No quarantine: {phases} for a {subject} from {anchor} on {day} ended on {end}, and the person was found "
            "on {found}: only missing days are served ({edition}; {source}).",
            **facts,
        )
    return N_(
        "Until {end}: {phases} for a {subject}, counted from {anchor} on {day}; found on {found}; days left: {left} "
        "({edition}; {source}).",
        **facts,
        left=row["days_left"],
    )


def counted_from(row: dict[str, Any], rule: Quarantine) -> Message:
    """What day 0 is."""
    if row["is_reset"]:
        return N_("a positive near the person's room")
    return rule.after.label if rule.top_up else N_("the day found")


def phases_sentence(rule: Quarantine) -> Message:
    """`7 days of central quarantine, then 3 days of home health monitoring`."""
    said = [N_("{amount} of {mode}", amount=phase.days.amount, mode=phase.mode.label) for phase in rule.phases]
    sentence = said[0]
    for phase in said[1:]:
        sentence = N_("{first}, then {second}", first=sentence, second=phase)
    return sentence


def source_of(rule: Quarantine, protocol: Protocol) -> Message:
    """The source of the phases' lengths, worst grade first, so that nothing unsourced hides."""
    worst = max((phase.days for phase in rule.phases), key=lambda days: list(Grade).index(days.grade))
    return cited(worst)


def cited(figure: Sourced) -> Message:
    """`source S5, grade a`, or that no source was found."""
    if not figure.is_sourced:
        return N_("no source found, grade m")
    return N_("source {tags}, grade {grade}", tags=figure.source, grade=str(figure.grade))


def subject_label(name: str) -> Message:
    """The label of a contact class or another subject of quarantine."""
    members: tuple[Code, ...] = (*Subject, *ContactClass)
    return next((member.label for member in members if member == name), Message(name))


def mode_label(name: str | None) -> Message:
    return next((mode.label for mode in Mode if mode == name), N_("no measure"))


def anchor_label(name: str) -> Message:
    return next((anchor.label for anchor in Anchor if anchor == name), Message(name))


def without(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key not in names}
