"""The same facts under two editions: who is restricted how long, with how many tests. The proportionality table."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from sizao.protocols.classify import classify_contacts
from sizao.protocols.columns import check_columns
from sizao.protocols.quarantine import UNBOUND, quarantine
from sizao.protocols.shape import Protocol


@dataclass(frozen=True)
class Facts:
    """Exposures and cases as `classify_contacts` takes them; `found` (contact_id, date_found) where known."""

    exposures: pl.DataFrame
    cases: pl.DataFrame
    found: pl.DataFrame | None = None
    managed: pl.DataFrame | None = None


@dataclass(frozen=True)
class WhatIf:
    """`persons`: one row per contact of either edition, with class, end, restricted days and tests under each
    (suffix _a, _b). `totals`: one row per edition."""

    persons: pl.DataFrame
    totals: pl.DataFrame


def what_if(*, facts: Facts, protocol_a: Protocol, protocol_b: Protocol, at: date) -> WhatIf:
    """Contacts, restricted person-days and tests under both editions.

    Restricted days are the days of phases that limit where a person may go (central or home quarantine,
    closed loop, kept from work), from the day found on. Each person counts once, by the strongest class.
    A person without a day in `found` counts as found on the last exposure, the same under both.
    """
    sides = (classified(facts, protocol) for protocol in (protocol_a, protocol_b))
    return compared(*sides, protocol_a=protocol_a, protocol_b=protocol_b, at=at)


def compared(
    contacts_a: pl.DataFrame, contacts_b: pl.DataFrame, *, protocol_a: Protocol, protocol_b: Protocol, at: date
) -> WhatIf:
    """The same for contacts whose class under each edition is known already, one row a person on each side, as
    `quarantine` takes them."""
    side_a, side_b = measured(contacts_a, protocol_a, at), measured(contacts_b, protocol_b, at)
    persons = side_a.join(side_b, on="contact_id", how="full", coalesce=True, suffix="_b")
    renamed = persons.rename({name: f"{name}_a" for name in MEASURES})
    counts = [f"{name}_{side}" for name in COUNTS for side in "ab"]
    filled = renamed.with_columns(pl.col(counts).fill_null(0)).with_columns(
        days_difference=pl.col("restricted_days_b") - pl.col("restricted_days_a"),
        tests_difference=pl.col("n_tests_b") - pl.col("n_tests_a"),
    )
    totals = pl.concat([total(side_a, protocol_a), total(side_b, protocol_b)])
    return WhatIf(filled.sort("contact_id"), totals)


COUNTS = ("restricted_days", "central_days", "n_tests")
MEASURES = ("contact_class", "date_end", *COUNTS)


def classified(facts: Facts, protocol: Protocol) -> pl.DataFrame:
    """Every contact of an edition, by the strongest class, with the day found."""
    found = classify_contacts(exposures=facts.exposures, cases=facts.cases, protocol=protocol, managed=facts.managed)
    return with_found(found.contacts.filter("strongest"), facts.found)


def measured(contacts: pl.DataFrame, protocol: Protocol, at: date) -> pl.DataFrame:
    """Every contact under one edition: class, end, restricted and central days, tests."""
    derived = quarantine(contacts=contacts, protocol=protocol, at=at)
    restricted = (
        derived.phases.filter("restricts")
        .group_by("contact_id")
        .agg(
            restricted_days=pl.col("days").sum(),
            central_days=pl.col("days").filter(pl.col("mode") == "central").sum(),
        )
    )
    tests = derived.tests.group_by("contact_id").agg(n_tests=pl.col("samples").sum())
    bound = pl.col("status").is_in(UNBOUND)
    ends = derived.orders.select("contact_id", "contact_class", date_end=pl.when(~bound).then("date_end"))
    joined = ends.join(restricted, on="contact_id", how="left").join(tests, on="contact_id", how="left")
    return joined.with_columns(pl.col(COUNTS).fill_null(0).cast(pl.Int64)).select("contact_id", *MEASURES)


def with_found(contacts: pl.DataFrame, found: pl.DataFrame | None) -> pl.DataFrame:
    """Adds the day each contact was found."""
    if found is None:
        return contacts.with_columns(date_found="date_exposure_last")
    check_columns(found, {"contact_id": pl.String, "date_found": pl.Date}, "found")
    joined = contacts.join(found.select("contact_id", "date_found"), on="contact_id", how="left")
    return joined.with_columns(pl.col("date_found").fill_null(pl.col("date_exposure_last")))


def total(side: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """The sums of one edition."""
    return side.select(
        edition=pl.lit(protocol.id),
        n_contacts=pl.len(),
        n_restricted=(pl.col("restricted_days") > 0).sum(),
        restricted_person_days=pl.col("restricted_days").sum(),
        central_person_days=pl.col("central_days").sum(),
        n_tests=pl.col("n_tests").sum(),
    )
