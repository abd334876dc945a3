"""Tables of a transmission forest: generations, clusters, serial intervals, cases without a known source."""

from datetime import date

import polars as pl

from sizao.epi.chains.forest import Forest


def generations(forest: Forest) -> pl.DataFrame:
    """Per generation: `generation, n_cases, date_first, date_last, n_secondary, mean_secondary`.

    Generation 0 holds the first case of every cluster, single cases included.
    """
    table = forest.cases.group_by("generation").agg(
        n_cases=pl.len().cast(pl.Int64),
        date_first=pl.col("date").min(),
        date_last=pl.col("date").max(),
        n_secondary=pl.col("n_secondary").sum(),
        mean_secondary=pl.col("n_secondary").mean(),
    )
    return table.sort("generation")


def clusters(forest: Forest) -> pl.DataFrame:
    """Per cluster, largest first: `cluster_id, n_cases, n_generations, date_first, date_last, n_imported`."""
    table = forest.cases.group_by("cluster_id").agg(
        n_cases=pl.len().cast(pl.Int64),
        n_generations=pl.col("generation").max() + 1,
        date_first=pl.col("date").min(),
        date_last=pl.col("date").max(),
        n_imported=pl.col("imported").sum().cast(pl.Int64),
    )
    return table.sort("n_cases", "date_first", "cluster_id", descending=[True, False, False], nulls_last=True)


def cluster_sizes(forest: Forest) -> pl.DataFrame:
    """How many clusters have each size: `cluster_size, n_clusters, n_cases`."""
    sizes = clusters(forest).group_by(cluster_size="n_cases").agg(n_clusters=pl.len().cast(pl.Int64))
    return sizes.with_columns(n_cases=pl.col("cluster_size") * pl.col("n_clusters")).sort("cluster_size")


def serial_intervals(forest: Forest) -> pl.DataFrame:
    """Days from the onset of the infector to the onset of the case, for chosen links with both onsets known.

    `source_id, exposed_id, setting, probability, date_source, date_exposed, days`; negative where the case fell
    ill first. Report dates never stand in for an onset here.
    """
    onset = forest.cases.filter(pl.col("date_basis") == "onset").select("case_id", "date")
    pairs = forest.candidates.filter("chosen")
    pairs = pairs.join(onset.rename({"date": "date_source"}), left_on="source_id", right_on="case_id")
    pairs = pairs.join(onset.rename({"date": "date_exposed"}), left_on="exposed_id", right_on="case_id")
    columns = ["source_id", "exposed_id", "setting", "probability", "date_source", "date_exposed", "days"]
    return pairs.select(columns).sort("date_source", "exposed_id")


def unlinked(forest: Forest, *, on: date) -> pl.DataFrame:
    """Cases whose source is not known, oldest first, with their age in days on the day `on`.

    `case_id, date, date_report, age_days, n_candidates, cluster_size, n_secondary`. Age counts from the report,
    failing that from the onset; cases infected elsewhere (`imported`) are not asked for a source here.
    """
    table = forest.cases.filter(~pl.col("linked")).with_columns(
        age_days=(pl.lit(on) - pl.col("date_report")).dt.total_days()
    )
    columns = ["case_id", "date", "date_report", "age_days", "n_candidates", "cluster_size", "n_secondary"]
    return table.select(columns).sort("age_days", "case_id", descending=[True, False], nulls_last=True)
