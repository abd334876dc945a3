"""Names of a protocol's sections, rules and fields, as a reader knows them."""

from collections.abc import Mapping
from typing import Any

from sizao.protocols.choices import Mode, Subject, ZoneLevel
from sizao.protocols.figures import Statement
from sizao.protocols.illness import Distribution
from sizao.protocols.persons import ExposureKind
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
    "hold": N_("Waiting for a result"),
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
    "low": N_("shortest"),
    "high": N_("longest"),
    "reported": N_("range reported"),
    "cases": N_("cases"),
    "about": N_("about"),
    "level": N_("level that answers"),
    "closed_by": N_("closed by"),
    "void_by": N_("falls away with"),
    "any_of": N_("the first of them is enough"),
    "detail": N_("only for"),
    "anchor": N_("counted from"),
    "anchor_asymptomatic": N_("counted from, without symptoms"),
    "settings": N_("settings"),
    "closeness": N_("closeness"),
    "max_distance": N_("distance at most"),
    "min_time": N_("time at least"),
    "unprotected_only": N_("without protection only"),
    "all": N_("condition"),
    "apart": N_("apart"),
    "count": N_("number"),
    "ct_min": N_("Ct value at least"),
    "monitoring_tests": N_("test days of the monitoring"),
    "of": N_("what is described"),
    "family": N_("family"),
    "parameters": N_("parameters"),
    "population": N_("population"),
    "proxy": N_("stands in for"),
    "primary": N_("used first"),
    "shift": N_("moved right by"),
    "mean": N_("mean"),
    "n": N_("observations"),
    "grade": N_("grade"),
    "source": N_("source"),
    "alert_after": N_("then on alert for"),
    "until": N_("until"),
    "alternative": N_("otherwise"),
    "ideal": N_("best within"),
    "window": N_("window"),
    "who": N_("who"),
    "place": N_("where"),
    "support": N_("what is owed"),
    "early": N_("earlier with a negative test"),
    "again_after": N_("one more after"),
    "clean_rounds": N_("stop after clean rounds"),
    "rank": N_("rank"),
    "restricts": N_("restricts people"),
    "clear_days_after_step": N_("clear days after stepping down"),
    "full_test_within": N_("round of the whole area within the last"),
    "last_contact_days": N_("days since the last close contact's exposure"),
    "lift_test_within": N_("everyone tested before lifting, within the last"),
    "on_positive": N_("with a positive becomes"),
    "issuer": N_("issuer"),
    "issued_by": N_("issued by"),
    "jurisdiction": N_("applies in"),
    "disease": N_("disease"),
    "detectors": N_("watched with"),
}


def rule_name(section: str, key: str, rule: Any) -> Message | None:
    """The name of a rule: its own, else the label of its key; a section of one rule names it. None for a rule that
    is a sentence and needs no name, and for a key nobody has named."""
    if not key:
        return SECTIONS[section]
    own = getattr(rule, "name", None)
    if isinstance(own, Message):
        return own
    if isinstance(rule, Distribution):
        described = rule.population or rule.proxy
        label = rule.of.label
        return N_("{first}: {second}", first=label, second=described) if described else label
    if isinstance(rule, ExposureKind):
        return rule.text
    if isinstance(rule, Statement) and section in ("standard", "safeguard"):
        return None
    return label_of(section, key) or FIELDS.get(key)


def label_of(section: str, key: str) -> Message | None:
    words = NAMED_BY.get(section)
    return next((word.label for word in words if word == key), None) if words else None


def spelled(key: str, *protocols: Any) -> Message:
    """A dotted key as a path of names: `Quarantine › close contact › phase › 1 › length`. Rules of the protocols are
    called by their own names."""
    section, *rest = key.split(".")
    path = SECTIONS.get(section) or FIELDS.get(section) or Message(section)
    things = [getattr(protocol, section, None) for protocol in protocols]
    for number, piece in enumerate(rest):
        things = [inside(thing, piece) for thing in things]
        thing = next((thing for thing in things if thing is not None), None)
        name = rule_name(section, piece, thing) if number == 0 or isinstance(thing, ExposureKind) else FIELDS.get(piece)
        if name is None and isinstance(thing, Statement) and number == 0:
            continue
        path = N_("{first} › {second}", first=path, second=name or piece)
    return path


def inside(thing: Any, piece: str) -> Any:
    """The part of a protocol's part that a piece of a dotted key names; None where there is none."""
    if isinstance(thing, Mapping):
        return thing.get(piece)
    if isinstance(thing, tuple):
        named = enumerate(thing, 1)
        return next((item for number, item in named if piece == getattr(item, "key", str(number))), None)
    return getattr(thing, piece, None)
