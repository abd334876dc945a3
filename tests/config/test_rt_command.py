"""`sizao rt` on the reference's own input, and sentences for what it cannot use."""

import polars as pl
import pytest

from sizao.config.commands import rt


def test_agrees_with_the_reference(shared, tmp_path):
    oracle = shared / "oracle" / "rt"
    out = tmp_path / "rt.csv"
    told = ["--mean-si", "2.6", "--sd-si", "1.5", "--out", str(out)]
    assert rt.main([str(oracle / "Flu2009__input.csv"), *told]) == 0
    ours, theirs = pl.read_csv(out).drop_nulls("mean"), pl.read_csv(oracle / "Flu2009__param_w7.csv").drop_nulls("mean")
    assert ours.height == theirs.height
    for column in ("mean", "sd", "q025", "q975"):
        assert ((ours[column] / theirs[column] - 1).abs() < 1e-9).all()


@pytest.mark.parametrize(
    ("content", "told", "said"),
    [
        ("date,n\n2020-01-01,1\n", [], "serial interval"),
        ("date,x\n2020-01-01,1\n", ["--mean-si", "3", "--sd-si", "1"], "no column for a count"),
        ("date,n\n2020-01-01,1\n", ["--mean-si", "3", "--sd-si", "1", "--by", "county"], "no column 'county'"),
        ("", ["--mean-si", "3", "--sd-si", "1"], "empty"),
    ],
)
def test_says_what_is_missing(tmp_path, capsys, content, told, said):
    path = tmp_path / "counts.csv"
    path.write_text(content)
    assert rt.main([str(path), *told]) == 1
    assert said in capsys.readouterr().err
