"""Contact minutes measured by badges every 20 seconds come out exactly (SocioPatterns, CC0)."""

from pathlib import Path

import polars as pl
import pytest

from sizao import visits
from tests.required import missing

DATA = Path(__file__).parents[2].parent / "shared/data/sociopatterns_a"


@pytest.mark.parametrize("name", ["workplace_2015", "conference_sfhh_2009"])
@pytest.mark.parametrize("engine", ["fast", "duckdb"])
def test_minutes_of_each_pair(tmp_path, name, engine):
    if not DATA.exists():
        missing("shared", f"{DATA} is not here")
    met = pl.read_parquet(DATA / f"{name}_contacts.parquet")
    pairs = met.with_columns(low=pl.min_horizontal("i", "j"), high=pl.max_horizontal("i", "j"))
    place = pairs.select((pl.struct("low", "high").rank("dense")).alias("place")).to_series()
    both = [
        pl.DataFrame({"person": met[who], "place": place, "start": met["t"] - 20, "end": met["t"]})
        for who in ("i", "j")
    ]
    pl.concat(both).write_parquet(tmp_path / "in.parquet")
    visits.add(tmp_path / "s", [tmp_path / "in.parquet"])

    everybody = pl.concat(both).select("person").unique().sort("person")
    cases = everybody.head(40).with_columns(infectious_from=0, infectious_to=10**7)
    found = visits.contacts(tmp_path / "s", cases, env_minutes=0, engine=engine)

    each = pl.concat([pairs.select(case="i", person="j", t="t"), pairs.select(case="j", person="i", t="t")]).unique()
    truth = each.group_by("case", "person").agg(
        n=pl.len(), direct_s=20 * pl.len(), first_at=pl.col("t").min() - 20, last_at=pl.col("t").max()
    )
    truth = truth.join(cases.select(case="person"), on="case", how="semi").sort("case", "person")
    assert found.drop("indirect_s").cast(pl.Int64).equals(truth.select(found.drop("indirect_s").columns).cast(pl.Int64))
    assert found["indirect_s"].sum() == 0
    assert found.height > 500
