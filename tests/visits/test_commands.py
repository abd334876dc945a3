"""`sizao visits` and `sizao trace`, as a person types them."""

import polars as pl
import pytest

from sizao.__main__ import main
from sizao.visits import ENGINES


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in.csv").write_text(
        "person,place,room,start,end\n"
        "1,10,,2021-01-05T08:00,2021-01-05T10:00\n"
        "2,10,,2021-01-05T09:00,2021-01-05T10:30\n"
        "3,10,,2021-01-05T10:10,2021-01-05T11:00\n"
    )
    assert main(["visits", "add", str(tmp_path / "s"), str(tmp_path / "in.csv")]) == 0
    (tmp_path / "cases.csv").write_text(
        "person,infectious_from,infectious_to,onset\n1,2021-01-04,2021-01-08,2021-01-07\n"
    )
    return tmp_path


def answer(folder, *words):
    out = folder / "out.csv"
    assert main(["trace", *words, "--visits", str(folder / "s"), "--out", str(out)]) == 0
    return pl.read_csv(out)


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "spark"])
def test_each_question(folder, engine):
    cases = ["--cases", str(folder / "cases.csv"), "--engine", engine]
    met = answer(folder, "contacts", *cases, "--env-minutes", "30")
    assert met.rows() == [
        (1, 2, 1, 3600, 1800, 1609837200, 1609842600),
        (1, 3, 1, 0, 1200, 1609841400, 1609842600),
    ]
    assert answer(folder, "secondary", *cases, "--until", "2021-01-08", "--env-minutes", "0")["person"].to_list() == [3]
    there = ["--place", "10", "--from", "2021-01-05T10:30", "--to", "2021-01-05T12:00", "--engine", engine]
    assert answer(folder, "place", *there).rows() == [(3, 1, 1800, 1609842600, 1609844400)]
    assert answer(folder, "sources", *cases)["place"].to_list() == [10]
    stays = ["--person", "2", "3", "--from", "2021-01-05", "--to", "2021-01-06", "--engine", engine]
    assert answer(folder, "where", *stays).height == 2


def test_erase(folder, capsys):
    assert main(["visits", "erase", str(folder / "s"), "--person", "2"]) == 0
    assert "1 visits taken out; 0 left" in capsys.readouterr().out
    assert main(["visits", "erase", str(folder / "s"), "--person", "Nobody"]) == 1
    assert "Nobody" in capsys.readouterr().err


def test_mistakes_are_told_in_a_sentence(folder, capsys):
    (folder / "bad.csv").write_text("person,infectious_from,infectious_to\n1,0,100\n2,soon,100\n")
    assert main(["trace", "contacts", "--visits", str(folder / "s"), "--cases", str(folder / "bad.csv")]) == 1
    assert "row 3, infectious_from: 'soon' is no moment" in capsys.readouterr().err
    assert main(["trace", "contacts", "--visits", str(folder / "none"), "--cases", str(folder / "cases.csv")]) == 1
    assert "holds no visits" in capsys.readouterr().err
