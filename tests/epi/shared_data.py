"""Public data sets that stand beside the repository; they are read, never copied into it."""

from pathlib import Path

import polars as pl

SHARED = Path(__file__).parents[2].parent / "shared"
OUTBREAKS = SHARED / "data" / "outbreaks_a"

MERS_SETTINGS = {
    "Contact with HCW": "health_worker",
    "Emergency room": "emergency_room",
    "Hospital room": "hospital_room",
    "Visit hospital": "hospital_visit",
    "Family member": "household",
}


def mers() -> tuple[pl.DataFrame, pl.DataFrame]:
    """MERS, Republic of Korea 2015: 162 cases and 98 links, under our column names."""
    cases = pl.read_csv(OUTBREAKS / "mers_korea_2015_linelist.csv", try_parse_dates=True).select(
        case_id="id",
        date_onset="dt_onset",
        date_report="dt_report",
        origin=pl.when(pl.col("place_infect") == "Middle East").then(pl.lit("imported")).otherwise(pl.lit("local")),
        date_exposure_first="dt_start_exp",
        date_exposure_last="dt_end_exp",
    )
    links = pl.read_csv(OUTBREAKS / "mers_korea_2015_contacts.csv").select(
        source_id="from",
        exposed_id="to",
        setting=pl.col("exposure").str.strip_chars().replace_strict(MERS_SETTINGS),
        days_stated="diff_dt_onset",
    )
    return cases, links


def simulated_ebola() -> tuple[pl.DataFrame, pl.DataFrame]:
    """A simulated Ebola outbreak: 5,829 cases with their true generation and 3,800 links,
    many of them with persons who are not listed."""
    cases = pl.read_csv(OUTBREAKS / "ebola_sim_clean_linelist.csv.gz", try_parse_dates=True, null_values=["NA", ""])
    links = pl.read_csv(OUTBREAKS / "ebola_sim_clean_contacts.csv.gz").select(
        source_id="infector", exposed_id="case_id", setting="source"
    )
    return cases.select("case_id", date_onset="date_of_onset", true_generation="generation"), links
