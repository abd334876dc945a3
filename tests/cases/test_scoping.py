"""A reader's list holds exactly the rows in reach, however the areas are walked."""

import pytest

from sizao.ops.cases.models import Case
from sizao.ops.cases.scoping import in_reach, walks
from sizao.ops.governance.models import Grant
from sizao.ops.governance.roles import Role
from sizao.ops.registry.models import Area
from tests import factories as make

pytestmark = pytest.mark.django_db
EVERYWHERE = ["CN", "CN0023", "CN00230001", make.DAOLI, make.NANGANG, make.ZHAOLIN, make.LONGSHA, "KR", "KR0011", None]


@pytest.fixture
def incident():
    make.areas()
    korea = [("KR", None, 0, "country"), ("KR0011", "KR", 1, "province")]
    Area.objects.bulk_create(
        Area(path=path, code=path, parent_id=parent, level=level, kind=kind, name_zh=path, name_en=path)
        for path, parent, level, kind in korea
    )
    by = make.user()
    incident = make.incident(by)
    incident.areas.set(["CN", "KR"])
    for n, path in enumerate(EVERYWHERE):
        make.case(incident, by, number=f"A{n}", area_id=path)
    return incident


@pytest.mark.parametrize(
    ("paths", "inside", "seen"),
    [
        ([""], None, EVERYWHERE),
        (["CN"], None, [path for path in EVERYWHERE if path is None or path.startswith("CN")]),
        (["KR"], None, ["KR", "KR0011", None]),
        (["CN", "KR"], None, EVERYWHERE),
        (["CN0023"], None, ["CN0023", "CN00230001", make.DAOLI, make.NANGANG, make.ZHAOLIN, make.LONGSHA]),
        ([make.DAOLI, make.LONGSHA], None, [make.DAOLI, make.ZHAOLIN, make.LONGSHA]),
        ([make.ZHAOLIN], None, [make.ZHAOLIN]),
        (["CN"], make.DAOLI, [make.DAOLI, make.ZHAOLIN]),
        ([make.DAOLI, make.LONGSHA], "CN00230001", [make.DAOLI, make.ZHAOLIN]),
        ([make.LONGSHA], make.DAOLI, []),
        ([], None, []),
    ],
)
def test_reach(incident, at, paths, inside, seen):
    reader = make.user()
    for path in paths:
        Grant.objects.create(user=reader, role=Role.INVESTIGATOR, area_path=path, since=make.LONG_AGO)
    asked = {"permission": "case.view", "incident": incident, "by": reader, "at": at, "inside": inside}
    walked = walks(Case, **asked).values("id", "area_id", "date_report").order_by("-date_report", "-id")[:50]
    assert [row["id"] for row in walked] == sorted((row["id"] for row in walked), reverse=True)
    key = lambda path: path or ""  # noqa: E731
    assert sorted((row["area_id"] for row in walked), key=key) == sorted(seen, key=key)
    assert sorted(in_reach(Case, **asked).values_list("area_id", flat=True), key=key) == sorted(seen, key=key)
    assert walks(Case, **asked).count_up_to(50) == len(seen)
