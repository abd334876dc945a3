"""Who is a contact, of which class, and why: exposures joined to cases under one edition.

Conventions, stated once: an exposure's days are whole local days. The window of a case runs from its anchor
(onset; for a case without symptoms the sampling of the first positive; `anchors` says what stands in for an
unknown onset) minus the class's look-back to the day of isolation, or to the protocol's last infectious day,
whichever comes first. An exposure kind that names
a distance needs a measured one; a minimum time passes when no time is known.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from sizao.protocols.anchors import ANCHOR_OPTIONAL, why_anchor, with_anchor
from sizao.protocols.columns import check_columns, with_optional
from sizao.protocols.matching import EXPOSURE_OPTIONAL, matches, matches_any, nothing_known
from sizao.protocols.persons import ContactRule
from sizao.protocols.shape import Protocol
from sizao.protocols.windows import window_of
from sizao.vocabulary.codes import ContactClass
from sizao.vocabulary.text import N_, Message

#: Strongest class first: a person in two classes is treated by the first.
STRENGTH = (
    ContactClass.CLOSE,
    ContactClass.CONTACT_OF_CONTACT,
    ContactClass.EXPOSED_PLACE,
    ContactClass.GENERAL,
    ContactClass.UNCLASSIFIED,
)
FIRST_RING = (ContactClass.CLOSE, ContactClass.EXPOSED_PLACE, ContactClass.GENERAL)
EXPOSURE_COLUMNS = {"source_id": pl.String, "exposed_id": pl.String, "date_exposure_last": pl.Date}

#: A branch of the decision: condition, class, rule, window's first and last day, inside the window or not.
Branch = tuple[pl.Expr, str | None, str, pl.Expr, pl.Expr, bool | None]


@dataclass(frozen=True)
class Classified:
    """`exposures`: each with class, rule, window and whether inside it. `contacts`: one row per person and
    class, `strongest` marking the class that governs, with first and last exposure inside the window."""

    exposures: pl.DataFrame
    contacts: pl.DataFrame


def classify_contacts(
    *, exposures: pl.DataFrame, cases: pl.DataFrame, protocol: Protocol, managed: pl.DataFrame | None = None
) -> Classified:
    """Class, last exposure and reason of every exposed person under the protocol's edition.

    `exposures`: source_id, exposed_id, date_exposure_last; optional date_exposure_first, setting, closeness,
    distance_m, minutes, protected, judged (an investigator's own class, which wins). `cases`: case_id;
    optional date_onset, date_collected (first positive sample taken), date_diagnosis, date_report, date_isolation,
    date_rash, date_cough, asymptomatic.
    `managed`: contact_id, date_managed, the day a close contact was put under management, which ends the
    second ring. Exposures whose source is not a case but a close contact make contacts of contacts.
    """
    check_columns(exposures, EXPOSURE_COLUMNS, "exposures")
    check_columns(cases, {"case_id": pl.String}, "cases")
    rows = with_optional(exposures, EXPOSURE_OPTIONAL).with_columns(
        date_exposure_first=pl.coalesce("date_exposure_first", "date_exposure_last")
    )
    known = with_optional(cases, ANCHOR_OPTIONAL).select("case_id", *ANCHOR_OPTIONAL).unique("case_id", keep="first")
    known = with_anchor(known)
    first = first_ring(rows, known, protocol)
    second = second_ring(rows, first, known, managed, protocol)
    found = pl.concat([first, second]).with_columns(edition=pl.lit(protocol.id))
    return Classified(found, contacts_of(found))


def first_ring(rows: pl.DataFrame, cases: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Exposures to a case: the first class, strongest first, of which a kind matches inside the window."""
    joined = rows.join(cases, left_on="source_id", right_on="case_id", how="inner")
    rules = [(name, protocol.contact[name]) for name in FIRST_RING if is_determined(protocol, name)]
    anchored = pl.col("date_onset").is_not_null() | pl.col("date_collected").is_not_null()
    # Before a window counted from a day that only stands in for the onset, nothing is proved.
    stand_in = pl.col("anchor").is_not_null()
    inside, outside, undated = [], [], []
    for name, rule in rules:
        start, end = window_of(rule, protocol)
        needs_anchor = rule.lookback is not None
        match = matches_any(rule.exposures)
        unsure = stand_in & (start > pl.col("date_exposure_last"))
        inside += branches(name, rule, start, end, anchored if needs_anchor else pl.lit(True))
        undated.append(branch(match & unsure, ContactClass.UNCLASSIFIED, "before_stand_in", start, end))
        outside.append(branch(match & anchored, None, "outside_window", start, end, False))
        if name is rules[0][0]:
            early = nothing_known() & anchored & ~overlaps(start, end) & ~unsure
            outside.append(branch(early, None, "outside_window", start, end, False))
        if needs_anchor:
            undated.append(branch(match & ~anchored, ContactClass.UNCLASSIFIED, "no_anchor"))
    return decided(joined, [*inside, *undated, *outside]).select(*rows.columns, *DECISION, *ANCHOR)


def is_determined(protocol: Protocol, contact_class: ContactClass) -> bool:
    rule = protocol.contact.get(contact_class)
    return rule is not None and rule.determined


def second_ring(
    rows: pl.DataFrame, first: pl.DataFrame, cases: pl.DataFrame, managed: pl.DataFrame | None, protocol: Protocol
) -> pl.DataFrame:
    """Exposures to a close contact, from that contact's first contact with the case until put under management."""
    close = first.filter(pl.col("contact_class") == str(ContactClass.CLOSE))
    begun = close.group_by(source_id="exposed_id").agg(
        _start=pl.max_horizontal("date_exposure_first", "window_first").min()
    )
    others = rows.join(cases, left_on="source_id", right_on="case_id", how="anti")
    joined = others.join(begun, on="source_id", how="left").join(ended(managed), on="source_id", how="left")
    name = ContactClass.CONTACT_OF_CONTACT
    start, end = pl.col("_start"), pl.col("_end")
    choices = [branch(start.is_null(), None, "source_unknown")]
    if is_determined(protocol, name):
        rule = protocol.contact[name]
        choices += branches(name, rule, start, end, pl.lit(True))
        choices.append(branch(matches_any(rule.exposures), None, "outside_window", start, end, False))
    else:
        choices.append(branch(pl.lit(True), None, "not_determined"))
    none = {"anchor": pl.lit(None, pl.String), "date_anchor": pl.lit(None, pl.Date)}
    return decided(joined, choices).with_columns(**none).select(*rows.columns, *DECISION, *ANCHOR)


def ended(managed: pl.DataFrame | None) -> pl.DataFrame:
    """The day each close contact was put under management."""
    if managed is None:
        return pl.DataFrame(schema={"source_id": pl.String, "_end": pl.Date})
    check_columns(managed, {"contact_id": pl.String, "date_managed": pl.Date}, "managed")
    return managed.group_by(source_id="contact_id").agg(_end=pl.col("date_managed").min())


def branches(name: ContactClass, rule: ContactRule, start: pl.Expr, end: pl.Expr, usable: pl.Expr) -> list[Branch]:
    """One branch per exposure kind of a class, taken when the exposure overlaps the window."""
    within = overlaps(start, end) & usable
    return [branch(matches(kind) & within, name, f"{name}.{kind.key}", start, end, True) for kind in rule.exposures]


def overlaps(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Whether the exposure overlaps the window; an open end limits nothing."""
    after = (start <= pl.col("date_exposure_last")).fill_null(True)
    return after & (end >= pl.col("date_exposure_first")).fill_null(True)


def branch(
    condition: pl.Expr,
    contact_class: str | None,
    rule: str,
    start: pl.Expr | None = None,
    end: pl.Expr | None = None,
    inside: bool | None = None,
) -> Branch:
    none = pl.lit(None, pl.Date)
    return (condition, contact_class, rule, none if start is None else start, none if end is None else end, inside)


ANCHOR = ("anchor", "date_anchor")
DECISION = ("contact_class", "rule", "inside_window", "window_first", "window_last")


def decided(rows: pl.DataFrame, choices: list[Branch]) -> pl.DataFrame:
    """Adds the columns of DECISION: the first branch whose condition holds; an investigator's class before all."""
    judged = branch(pl.col("judged").is_not_null(), None, "judged")
    unknown = branch(nothing_known(), ContactClass.UNCLASSIFIED, "facts_missing")
    every = [judged, *choices, unknown, branch(pl.lit(True), None, "no_kind")]
    number = pl.coalesce([pl.when(b[0]).then(pl.lit(i, pl.Int16)) for i, b in enumerate(every)])
    numbered = rows.with_columns(_branch=number)
    at = pl.col("_branch")
    return numbered.with_columns(
        contact_class=pl.coalesce("judged", table(at, [b[1] for b in every], pl.String)),
        rule=table(at, [b[2] for b in every], pl.String),
        inside_window=table(at, [b[5] for b in every], pl.Boolean),
        window_first=day_at(at, [b[3] for b in every]),
        window_last=day_at(at, [b[4] for b in every]),
    )


def day_at(number: pl.Expr, days: list[pl.Expr]) -> pl.Expr:
    """The day at a branch's number."""
    return pl.coalesce([pl.when(number == i).then(day) for i, day in enumerate(days)])


def table(number: pl.Expr, values: list[Any], kind: Any) -> pl.Expr:
    """The value at a branch's number."""
    plain = [str(value) if isinstance(value, str) else value for value in values]
    return number.replace_strict(list(range(len(plain))), plain, return_dtype=kind)


def contacts_of(found: pl.DataFrame) -> pl.DataFrame:
    """One row per person and class: first and last exposure inside the window, the last one's source and rule."""
    last = pl.coalesce(pl.min_horizontal("date_exposure_last", "window_last"), "date_exposure_last")
    first = pl.coalesce(pl.max_horizontal("date_exposure_first", "window_first"), "date_exposure_first")
    kept = found.filter(pl.col("contact_class").is_not_null()).with_columns(_last=last, _first=first)
    latest = pl.col("_last").arg_max()
    grouped = kept.group_by(contact_id="exposed_id", contact_class="contact_class").agg(
        date_exposure_first=pl.col("_first").min(),
        date_exposure_last=pl.col("_last").max(),
        source_id=pl.col("source_id").get(latest),
        rule=pl.col("rule").get(latest),
        anchor=pl.col("anchor").get(latest),
        date_anchor=pl.col("date_anchor").get(latest),
        n_exposures=pl.len(),
        edition=pl.col("edition").first(),
    )
    order = pl.col("contact_class").replace_strict(
        [str(name) for name in STRENGTH], list(range(len(STRENGTH))), return_dtype=pl.Int8, default=len(STRENGTH)
    )
    ranked = grouped.with_columns(_order=order).sort("contact_id", "_order")
    return ranked.with_columns(strongest=pl.col("_order") == pl.col("_order").min().over("contact_id")).drop("_order")


def why_class(row: dict[str, Any], protocol: Protocol) -> Message:
    """One sentence for a row of `Classified.exposures` or `.contacts`; a second where the onset is not known."""
    why = _why_rule(row, protocol)
    if row.get("anchor") is None:
        return why
    counted = why_anchor(row["source_id"], row["anchor"], row["date_anchor"])
    return N_("{why} {counted}", why=why, counted=counted)


def _why_rule(row: dict[str, Any], protocol: Protocol) -> Message:
    rule = str(row["rule"])
    if rule in REASONS:
        return Message(REASONS[rule].msgid, {"edition": protocol.name, "source": row["source_id"]})
    name, _, key = rule.partition(".")
    kind = next(kind for kind in protocol.contact[name].exposures if kind.key == key)
    return N_(
        "{contact_class}: {exposure}; last exposure {last}, source {source} ({edition}).",
        contact_class=next(member.label for member in ContactClass if member == name),
        exposure=kind.text,
        last=row["date_exposure_last"],
        source=row["source_id"],
        edition=protocol.name,
    )


REASONS = {
    "judged": N_("Class given by the investigator; source {source} ({edition})."),
    "no_anchor": N_("Not yet classified: {source} has neither a day of onset nor of sampling ({edition})."),
    "before_stand_in": N_("Not yet classified: the exposure to {source} may lie before the onset ({edition})."),
    "facts_missing": N_("Not yet classified: neither setting nor closeness to {source} is known ({edition})."),
    "outside_window": N_("Not a contact: the exposure to {source} lies outside the infectious window ({edition})."),
    "no_kind": N_("Not a contact: the exposure to {source} is of no kind that makes a contact ({edition})."),
    "not_determined": N_("Not a contact: the edition determines no contacts of contacts; source {source} ({edition})."),
    "source_unknown": N_("Not a contact: {source} is neither a case nor a close contact of one ({edition})."),
}
