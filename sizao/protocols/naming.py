"""Names of a protocol's sections, rules and fields, as a reader knows them."""

from typing import Any

from sizao.protocols.choices import Mode, Subject, ZoneLevel
from sizao.vocabulary.codes import Classification, Code, ContactClass
from sizao.vocabulary.text import N_, Message

#: Headings of a file's sections, in the order they are shown.
SECTIONS = {
    "definition": N_("Case definitions"),
    "infectious": N_("Infectious window"),
    "incubation": N_("Incubation period"),
    "distribution": N_("Delays and their distributions"),
    "contact": N_("Who is a contact"),
    "follow_up": N_("Follow-up of contacts"),
    "quarantine": N_("Quarantine"),
    "restriction": N_("Longest restriction without a new decision"),
    "prophylaxis": N_("Prophylaxis after exposure"),
    "discharge": N_("Release of cases"),
    "zone": N_("Zones"),
    "screening": N_("Regional testing rounds"),
    "pool": N_("Swabs in one tube"),
    "frequency": N_("Tests in normal times"),
    "deadline": N_("Deadlines"),
    "cluster": N_("What counts as a cluster"),
    "end": N_("End of the outbreak"),
    "norm": N_("Norms"),
    "standard": N_("Standards in words"),
    "safeguard": N_("Safeguards against over-restriction"),
}

#: The list whose labels name the rules of a section.
NAMED_BY: dict[str, type[Code]] = {
    "definition": Classification,
    "contact": ContactClass,
    "follow_up": ContactClass,
    "quarantine": Subject,
    "restriction": Mode,
    "zone": ZoneLevel,
}

FIELDS = {
    "symptomatic": N_("with symptoms"),
    "asymptomatic": N_("without symptoms"),
    "phases": N_("phase"),
    "days": N_("length"),
    "first_day": N_("from day"),
    "test_days": N_("test days"),
    "mode": N_("measure"),
    "test": N_("kind of test"),
    "samples": N_("samples of the last test"),
    "release": N_("release rules"),
    "reset": N_("start again"),
    "determined": N_("determined"),
    "definition": N_("definition"),
    "exposures": N_("kinds of exposure"),
    "lookback": N_("look-back"),
    "lookback_asymptomatic": N_("look-back without symptoms"),
    "restriction": N_("restriction"),
    "checks_per_day": N_("checks"),
    "how": N_("how"),
    "after": N_("counted from"),
    "maximum": N_("at most"),
    "restricted_days": N_("restricted days"),
    "central_days": N_("days in central quarantine"),
    "tests": N_("number of tests"),
    "no_top_up": N_("the whole period even when found late"),
    "unit": N_("drawn by"),
    "rule": N_("rule"),
    "clear_days": N_("without new infection"),
    "full_test_day": N_("day of the round of the whole area"),
    "steps_to": N_("steps down to"),
    "lifted_with": N_("lifted with"),
    "first_tests": N_("first tests"),
    "limit": N_("limit"),
    "name": N_("name"),
    "amount": N_("figure"),
    "note": N_("remark"),
    "text": N_("text"),
    "top_up": N_("only missing days"),
    "day_one": N_("day 1 of tests"),
    "monitoring": N_("then monitored"),
    "ways": N_("way"),
    "within": N_("within"),
    "every": N_("every"),
    "per_week": N_("how often"),
    "rounds": N_("rounds at least"),
    "floors": N_("floors above and below"),
    "first": N_("first day"),
    "last": N_("last day"),
    "usual_low": N_("usually at least"),
    "usual_high": N_("usually at most"),
}


def rule_name(section: str, key: str, rule: Any) -> Message:
    """The name of a rule: its own, else the label of its key, else the key; a section of one rule names it."""
    if not key:
        return SECTIONS[section]
    own = getattr(rule, "name", None)
    if isinstance(own, Message):
        return own
    label = label_of(section, key)
    quantified = getattr(rule, "of", None)
    if isinstance(quantified, Code):
        return quantified.label
    return label if label is not None else FIELDS.get(key, Message(key))


def label_of(section: str, key: str) -> Message | None:
    words = NAMED_BY.get(section)
    return next((word.label for word in words if word == key), None) if words else None


def spelled(key: str) -> Message:
    """A dotted key as a path of names: `Quarantine › close contact › phase › 1 › length`."""
    section, *rest = key.split(".")
    path = SECTIONS.get(section, Message(section))
    for number, piece in enumerate(rest):
        named = label_of(section, piece) if number == 0 else None
        path = N_("{first} › {second}", first=path, second=named or FIELDS.get(piece, piece))
    return path
