"""`sizao areas`: a country from a table and a map, or a sentence about what is wrong."""

import json

import pytest

from sizao.config.commands import areas
from sizao.ops.governance.actions import found_installation
from sizao.ops.registry.models import Area

pytestmark = pytest.mark.django_db
TABLE = """code,parent,name_en,name_zh,lon,lat
DE,,Germany,德国,,
DE-HE,DE,Hesse,黑森州,9.0,50.6
06412,DE-HE,Frankfurt,法兰克福,8.68,50.11
"""


@pytest.fixture(autouse=True)
def system(at):
    return found_installation(by=None, at=at)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "germany.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_loads_once_and_keeps_paths(table, tmp_path, capsys):
    square = {"type": "Polygon", "coordinates": [[[8, 50], [9, 50], [9, 51], [8, 51], [8, 50]]]}
    feature = {"type": "Feature", "properties": {"code": "DE-HE"}, "geometry": square}
    drawn = tmp_path / "map.geojson"
    drawn.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert areas.main([str(table), "--boundaries", str(drawn)]) == 0
    paths = dict(Area.objects.values_list("code", "path"))
    assert Area.objects.get(code="DE-HE").boundary == square
    assert areas.main([str(table)]) == 0
    assert dict(Area.objects.values_list("code", "path")) == paths
    assert "3 as they were" in capsys.readouterr().out


def test_a_wrong_row_is_named_and_nothing_is_loaded(table, capsys):
    table.write_text(TABLE + "06435,DE-HX,Hanau,,8.92,50.13\n", encoding="utf-8")
    assert areas.main([str(table), "--language", "en"]) == 1
    assert "DE-HX" in capsys.readouterr().err
    assert not Area.objects.exists()
    assert areas.main([str(table), "--skip-errors"]) == 0
    assert Area.objects.count() == 3


def test_a_file_that_is_no_table_is_a_sentence(tmp_path, capsys):
    assert areas.main([str(tmp_path / "nowhere.csv"), "--language", "en"]) == 1
    assert "could not be opened" in capsys.readouterr().err
