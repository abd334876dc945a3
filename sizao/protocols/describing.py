"""A protocol as lines a person reads: every rule with its figures, sources and grades, unsourced ones marked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sizao.protocols.differences import Listed, display
from sizao.protocols.figures import Quantity, Statement
from sizao.protocols.illness import Cluster, Distribution, Incubation, OutbreakEnd, Window
from sizao.protocols.naming import SECTIONS, rule_name
from sizao.protocols.persons import (
    Condition,
    ContactRule,
    Discharge,
    FollowUp,
    Hold,
    Phase,
    Prophylaxis,
    Quarantine,
    RestrictionLimit,
)
from sizao.protocols.places import Frequency, Norm, Pool, Screening, Zone
from sizao.protocols.shape import Deadline, Protocol
from sizao.protocols.walking import sourced
from sizao.vocabulary.text import N_, Message

Parts = list[Message | None]


@dataclass(frozen=True)
class Line:
    """One rule: section, key, its name, what it says part by part, and whether any part lacks a source."""

    section: str
    key: str
    name: Message | None
    parts: tuple[Message, ...]
    is_unsourced: bool


def lines(protocol: Protocol) -> Iterator[Line]:
    """Every rule of a protocol, section by section."""
    for section in SECTIONS:
        found = getattr(protocol, section)
        rules = found if isinstance(found, Mapping) else {"": found} if found else {}
        for key, rule in rules.items():
            parts = tuple(part for part in DESCRIBERS[type(rule)](rule) if part is not None)
            unsourced = any(not item.is_sourced for item in sourced(rule).values())
            yield Line(section, key, rule_name(section, key, rule), parts, unsourced)


def figure(label: Message, quantity: Quantity | None) -> Message | None:
    """`label: 14 days (source S4, grade a)` and the remark, if any."""
    if quantity is None:
        return None
    said = N_("{label}: {value}", label=label, value=display(quantity))
    return N_("{first}; {second}", first=said, second=quantity.note) if quantity.note else said


def sentence(statement: Statement | None) -> Message | None:
    return display(statement) if statement else None


def listed(values: tuple[Any, ...]) -> Message:
    return Listed(", ", {}, values)


def window(rule: Window) -> Parts:
    return [
        N_("counted from {anchor}", anchor=rule.anchor.label),
        figure(N_("first day"), rule.first),
        figure(N_("last day"), rule.last),
        sentence(rule.until),
    ]


def incubation(rule: Incubation) -> Parts:
    return [
        figure(N_("shortest"), rule.low),
        figure(N_("longest"), rule.high),
        figure(N_("usually at least"), rule.usual_low),
        figure(N_("usually at most"), rule.usual_high),
    ]


def distribution(rule: Distribution) -> Parts:
    named = ", ".join(f"{name} {value:g}" for name, value in rule.parameters.items())
    return [
        rule.proxy or rule.population,
        N_("{family} ({parameters})", family=rule.family.label, parameters=named) if rule.family else None,
        N_("moved right by {shift} days", shift=f"{rule.shift:g}") if rule.shift else None,
        N_("mean {mean}", mean=f"{rule.mean:g}") if rule.mean is not None else None,
        N_("n = {n}", n=rule.n) if rule.n else None,
        N_("used first") if rule.primary else None,
        cited_line(rule),
    ]


def cited_line(rule: Distribution) -> Message:
    return N_("source {tags}, grade {grade}", tags=rule.source or "–", grade=str(rule.grade))


def contact(rule: ContactRule) -> Parts:
    kinds: Parts = [N_("– {kind}", kind=kind.text) for kind in rule.exposures]
    if not rule.determined:
        return [sentence(rule.definition)]
    back = rule.lookback
    return [
        sentence(rule.definition),
        figure(N_("look-back before {anchor}", anchor=rule.anchor.label), back),
        figure(
            N_("look-back before {anchor}", anchor=rule.anchor_asymptomatic.label), rule.lookback_asymptomatic or back
        ),
        *kinds,
    ]


def follow_up(rule: FollowUp) -> Parts:
    return [
        figure(N_("after {anchor}", anchor=rule.after.label), rule.days),
        figure(N_("checks"), rule.checks_per_day),
        sentence(rule.how),
        sentence(rule.restriction),
    ]


def quarantine(rule: Quarantine) -> Parts:
    if not rule.determined:
        return [N_("none in this edition")]
    return [
        N_("counted from {anchor}", anchor=rule.after.label),
        *(part for each in rule.phases for part in phase(each)),
        figure(N_("earlier with a negative {test} after", test=rule.early.test.label), rule.early.days)
        if rule.early
        else None,
        N_("only missing days are served") if rule.top_up else N_("always the whole period from the day found"),
        N_("day 1 of tests: {rule}", rule=display(rule.day_one)) if rule.day_one else None,
        N_("released when: {rules}", rules=listed(rule.release)) if rule.release else None,
        sentence(rule.reset.rule) if rule.reset else None,
        rule.note,
    ]


def phase(rule: Phase) -> Parts:
    return [
        figure(rule.mode.label, rule.days),
        figure(N_("from day"), rule.first_day),
        N_("{test} on {days}", test=rule.test.label, days=display(rule.test_days)) if rule.test_days else None,
        figure(N_("samples of the last test"), rule.samples),
    ]


def restriction(rule: RestrictionLimit) -> Parts:
    return [figure(N_("at most"), rule.maximum)]


def hold(rule: Hold) -> Parts:
    return [figure(N_("until the result, at most"), rule.maximum), *map(sentence, (rule.who, rule.place, rule.support))]


def prophylaxis(rule: Prophylaxis) -> Parts:
    return [
        figure(N_("after {anchor}, within", anchor=rule.after.label), rule.window),
        figure(N_("best within"), rule.ideal),
        sentence(rule.who),
    ]


def discharge(rule: Discharge) -> Parts:
    found: Parts = []
    for way in rule.ways:
        found.append(N_("{way}: all of", way=way.name))
        found += [part for each in way.all for part in condition(each)]
    after = (
        N_("tests of the monitoring on {days}", days=display(rule.monitoring_tests)) if rule.monitoring_tests else None
    )
    return [*found, figure(N_("then monitored"), rule.monitoring), after, sentence(rule.text)]


def condition(rule: Condition) -> Parts:
    return [
        N_("– {rule}", rule=rule.rule.label),
        figure(N_("after {anchor}", anchor=rule.after.label) if rule.after else N_("length"), rule.days),
        figure(rule.test.label if rule.test else N_("tests"), rule.count),
        figure(N_("apart"), rule.apart),
        figure(N_("at least"), rule.ct_min),
    ]


def zone(rule: Zone) -> Parts:
    return [
        sentence(rule.definition),
        sentence(rule.rule),
        N_("drawn by {unit}", unit=rule.unit.label) if rule.unit else None,
        *(N_("first tests: {test} on {days}", test=t.test.label, days=display(t.days)) for t in rule.first_tests),
        N_("tests on {days}", days=display(rule.test_days)) if rule.test_days else None,
        figure(N_("without new infection"), rule.clear_days),
        figure(N_("after stepping down from a higher level"), rule.clear_days_after_step),
        figure(N_("since the last exposure of the last close contact"), rule.last_contact_days),
        figure(N_("negative round of the whole area on day"), rule.full_test_day),
        figure(N_("negative round of the whole area within the last"), rule.full_test_within),
        figure(N_("everyone tested before lifting, within the last"), rule.lift_test_within),
        N_("then {level}", level=rule.steps_to.label) if rule.steps_to else None,
        N_("a positive makes it {level}", level=rule.on_positive.label) if rule.on_positive else None,
        N_("lifted when none is left: {levels}", levels=listed(rule.lifted_with)) if rule.lifted_with else None,
        figure(N_("window"), rule.window),
        figure(N_("cases"), rule.cases),
        figure(N_("at most"), rule.maximum),
    ]


def screening(rule: Screening) -> Parts:
    return [
        figure(N_("one round within"), rule.within),
        figure(N_("rounds at least"), rule.rounds),
        figure(N_("a round every"), rule.every),
        figure(N_("stop after clean rounds"), rule.clean_rounds),
        figure(N_("one more after"), rule.again_after),
        sentence(rule.rule),
    ]


def pool(rule: Pool) -> Parts:
    return [figure(N_("in one tube"), rule.samples), sentence(rule.alternative)]


def frequency(rule: Frequency) -> Parts:
    return [
        rule.test.label,
        figure(N_("every"), rule.every),
        figure(N_("how often"), rule.per_week),
        sentence(rule.rule),
    ]


def deadline(rule: Deadline) -> Parts:
    how = N_("closed by the first of: {events}") if rule.any_of else N_("closed by: {events}")
    return [
        rule.level.label,
        figure(N_("after “{event}”, within", event=rule.after.label), rule.limit),
        Message(how.msgid, {"events": listed(rule.closed_by)}),
        N_("only for: {details}", details=", ".join(rule.detail)) if rule.detail else None,
    ]


def cluster(rule: Cluster) -> Parts:
    return [figure(N_("at least"), rule.cases), figure(N_("within"), rule.within), sentence(rule.rule)]


def end(rule: OutbreakEnd) -> Parts:
    return [
        sentence(rule.rule),
        figure(N_("after {anchor}", anchor=rule.after.label) if rule.after else N_("length"), rule.days),
        figure(N_("then on alert for"), rule.alert_after),
    ]


def norm(rule: Norm) -> Parts:
    return [display(rule.amount), rule.amount.note]


DESCRIBERS: dict[type, Callable[[Any], Parts]] = {
    Statement: lambda rule: [sentence(rule)],
    Window: window,
    Incubation: incubation,
    Distribution: distribution,
    ContactRule: contact,
    FollowUp: follow_up,
    Quarantine: quarantine,
    RestrictionLimit: restriction,
    Hold: hold,
    Prophylaxis: prophylaxis,
    Discharge: discharge,
    Zone: zone,
    Screening: screening,
    Pool: pool,
    Frequency: frequency,
    Deadline: deadline,
    Cluster: cluster,
    OutbreakEnd: end,
    Norm: norm,
}
