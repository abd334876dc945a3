"""Areas, posts and places."""

from datetime import timedelta

import polars as pl
import pytest

from sizao.exchange.areas.shape import AREA_SCHEMA
from sizao.exchange.areas.table import read_area_table
from sizao.ops.governance import access
from sizao.ops.governance.roles import Role
from sizao.ops.registry import actions
from sizao.ops.registry.models import Area, Place
from sizao.ops.registry.queries import areas_meant
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db):
    return make.user(Role.ADMINISTRATOR)


def table(*rows):
    names = ("path", "code", "parent", "level", "kind", "name_zh", "name_en")
    return pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows], schema=AREA_SCHEMA)


UTOPIA = table(
    ("UT", "UT", None, 0, "country", "乌托邦", "Utopia"), ("UT0001", "UT-1", "UT", 1, "province", "北", "North")
)


def test_the_shipped_areas_of_china(manager, at):
    n = actions.load_shipped_areas(country="cn", by=manager, at=at)
    assert n == Area.objects.count() > 40_000
    harbin = Area.objects.get(path="CN00230001")
    assert (harbin.name_zh, harbin.parent.name("en"), harbin.level) == ("哈尔滨市", "Heilongjiang", 2)
    assert actions.load_shipped_areas(country="cn", by=manager, at=at) == 0


def test_loading_again_changes_nothing(manager, at):
    assert actions.load_areas(areas=UTOPIA, by=manager, at=at) == actions.AreasLoaded(2, 0, 0)
    assert actions.load_areas(areas=UTOPIA, by=manager, at=at) == actions.AreasLoaded(0, 0, 2)
    renamed = UTOPIA.with_columns(name_en=pl.Series(["Utopia", "Far North"]), population=pl.Series([None, 7]))
    assert actions.load_areas(areas=renamed, by=manager, at=at) == actions.AreasLoaded(0, 1, 1)
    north = Area.objects.get(code="UT-1")
    assert (north.name_en, north.population, north.parent_id) == ("Far North", 7, "UT")


def test_a_country_of_ones_own_from_a_file(manager, at):
    text = "code,parent,name_en\nUT,,Utopia\nUT-1,UT,North\nUT-1-7,UT-1,Seaside\n"
    frame, problems = read_area_table(text.encode())
    assert problems == []
    assert actions.load_areas(areas=frame, by=manager, at=at).created == 3
    assert Area.objects.get(name_en="Seaside").parent.parent.name_zh == "Utopia"


def test_boundaries(manager, at):
    actions.load_areas(areas=UTOPIA, by=manager, at=at)
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    assert actions.load_boundaries(boundaries={"UT": square, "XX": square}, by=manager, at=at) == 1
    assert Area.objects.get(path="UT").boundary == square


def test_only_managers_load_areas(at):
    with pytest.raises(access.NotAllowed):
        actions.load_areas(areas=UTOPIA, by=make.user(Role.INVESTIGATOR), at=at)
    assert not Area.objects.exists()


def test_a_post_carries_its_role(manager, at):
    make.areas()
    area = Area.objects.get(path=make.DAOLI)
    unit = actions.add_unit(name_zh="道里区疾控", name_en="Daoli CDC", kind="cdc", area=area, by=manager, at=at)
    post = actions.add_post(
        unit=unit, title_zh="流调员", title_en="Investigator", role=Role.INVESTIGATOR, by=manager, at=at
    )
    user = make.user()
    assert not access.may(user, "case.edit", make.DAOLI, at=at)
    holding = actions.appoint(post=post, user=user, since=at, by=manager, at=at)
    assert access.may(user, "case.edit", make.DAOLI, at=at)
    assert not access.may(user, "case.edit", make.NANGANG, at=at)
    tomorrow = at + timedelta(days=1)
    actions.dismiss(holding=holding, reason="moved", by=manager, at=tomorrow)
    access.forget(user)
    assert access.may(user, "case.edit", make.DAOLI, at=at)
    assert not access.may(user, "case.edit", make.DAOLI, at=tomorrow)


def test_the_same_place_twice_is_one_place(at):
    make.areas()
    officer = make.user(Role.DUTY_OFFICER)
    wanted = [actions.NewPlace("市一院", area_path=make.DAOLI), actions.NewPlace("市一院"), actions.NewPlace("北市场")]
    places = actions.record_places(places=wanted, by=officer, at=at)
    again = actions.record_places(places=wanted, by=officer, at=at)
    assert [place.pk for place in places] == [place.pk for place in again]
    assert places[0] == places[1]
    assert Place.objects.count() == 2


def test_a_code_of_several_countries_means_the_one_nearby(db):
    for country in ("AA", "BB"):
        Area.objects.create(path=country, code=country, level=0, kind="country", name_zh=country, name_en=country)
        for number in ("11", "12"):
            Area.objects.create(
                path=f"{country}00{number}", code=number, parent_id=country, level=1, kind="province",
                name_zh=f"{country}{number}", name_en=f"{country}{number}",
            )  # fmt: skip
    meant = {
        near: {text: match.path or match.candidates for text, match in areas_meant(["11", "AA0012"], near=near).items()}
        for near in ((), ("BB",), ("AA0012",), ("AA0011", "BB"))
    }
    assert meant == {
        (): {"11": ("AA0011", "BB0011"), "AA0012": "AA0012"},
        ("BB",): {"11": "BB0011", "AA0012": "AA0012"},
        ("AA0012",): {"11": "AA0011", "AA0012": "AA0012"},
        ("AA0011", "BB"): {"11": "AA0011", "AA0012": "AA0012"},
    }
