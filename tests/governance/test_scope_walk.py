"""Nobody of another county sees or changes this county's rows, wherever they knock: tried over the URL table."""

import logging

import pytest

from sizao.ops.governance.roles import Role
from tests import factories as make
from tests.governance import scope_world as worlds
from tests.governance.scope_addresses import addresses, shown

pytestmark = pytest.mark.django_db

#: Beside the bare address: filters, formats and columns that make a page show more.
QUERIES = {
    "cases:list": "columns=name&columns=facility&columns=area&columns=found_in",
    "cases:export": "format=xlsx",
    "tracing:export": "format=xlsx",
    "tracing:list": f"area={worlds.CITY}",
    "tracing:follow_up": "tab=overdue",
    "tracing:clarities": f"area={worlds.A}",
    "tracing:chains": "generation_from=0",
    "tracing:curve": "part=area",
    "incidents:tasks": "tab=verify",
    "desk:today": f"area={worlds.A}",
    "reporting:number": f"by=area&value={worlds.A}",
}


@pytest.fixture(autouse=True)
def quiet():
    """A thousand refusals need not stand in the log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(settings, tmp_path):
    settings.STORE = tmp_path / "store"
    return worlds.build()


def questions(world, county, turns=None):
    """Everything to be asked, each place filled with rows of the county, with and without a query; `turns` bounds
    how many rows are tried in each place."""
    guesses = worlds.guesses(world, county)
    for address in addresses():
        for path in address.filled(guesses)[:turns]:
            yield path
            if query := QUERIES.get(address.name):
                yield f"{path}?{query}"


def walk(client, asked, secrets) -> list[str]:
    """What the answers gave away that the question did not say itself, and what broke."""
    client.raise_request_exception = False
    wrong = []
    for path in asked:
        response = client.get(path)
        if found := [word for word in shown(response, secrets) if word not in path]:
            wrong.append(f"{path} shows {found[:6]}")
        if response.status_code >= 500:
            wrong.append(f"{path} answers {response.status_code}")
    return wrong


def tell(capsys, asked, place) -> None:
    with capsys.disabled():
        print(f"\nscope: {len(asked)} addresses × {len(Role)} roles of {place} = {len(asked) * len(Role)} requests")


@pytest.mark.parametrize(("place", "turns"), [(worlds.B, None), (worlds.B_TOWN, 1)], ids=["county", "township"])
def test_no_role_of_another_county_sees_anything(world, client, place, turns, capsys):
    asked = list(questions(world, world.a, turns))
    wrong = []
    for role in Role:
        client.force_login(make.user(role, place))
        wrong += [f"{role}: {line}" for line in walk(client, asked, world.a.secrets)]
    tell(capsys, asked, place)
    assert wrong == [], "\n".join(wrong)
    assert len(asked) >= 100


def test_ones_own_pages_tell_nothing_of_the_neighbours(world, client, capsys):
    """Chains and households cross the border: whom one's own people met or live with stands there under a pseudonym,
    without number, page or name; nobody else does."""
    asked = list(questions(world, world.b, 1))
    secrets = world.a.secrets - {person.pseudonym for person in world.neighbours} - world.told_across
    wrong = []
    for role in Role:
        client.force_login(make.user(role, worlds.B))
        wrong += [f"{role}: {line}" for line in walk(client, asked, secrets)]
    tell(capsys, asked, worlds.B)
    assert wrong == [], "\n".join(wrong)
    assert len(asked) >= 100


def test_before_log_in_there_is_nothing(world, client, capsys):
    asked = [*questions(world, world.a), *questions(world, world.b)]
    wrong = walk(client, asked, world.a.secrets | world.b.secrets)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_who_sees_no_health_data_sees_none_of_their_own_county(world, client, role):
    client.force_login(make.user(role, worlds.A))
    asked = questions(world, world.a)
    # An auditor reads what was done to whom, by number and pseudonym; neither of the two reads a name.
    secrets = world.a.names if role == Role.AUDITOR else world.a.secrets - world.a.reasons
    wrong = walk(client, asked, secrets)
    assert wrong == [], "\n".join(wrong)


def test_an_analyst_sees_numbers_and_pseudonyms_and_no_names(world, client):
    client.force_login(make.user(Role.ANALYST, worlds.A))
    wrong = walk(client, questions(world, world.a), world.a.names)
    assert wrong == [], "\n".join(wrong)
    cases = client.get(f"/incidents/{world.incident.pk}/cases/")
    assert {"ACASE-0000Q", world.a.people[0].pseudonym} <= set(shown(cases, world.a.secrets))


def test_the_walk_would_see_a_leak(world, client):
    """Visited by whom it concerns, the same addresses are full of what the walk looks for."""
    client.force_login(make.user(Role.DUTY_OFFICER, worlds.A))
    asked = questions(world, world.a)
    seen = {word for path in asked for word in shown(client.get(path), world.a.secrets) if word not in path}
    placed = world.a.secrets - world.a.unplaced
    assert len(seen & placed) > 0.6 * len(placed), sorted(placed - seen)
    assert len(seen & world.a.names) > 15
    assert not seen & world.a.unplaced  # the city's alone
