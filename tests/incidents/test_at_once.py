"""Tasks made for many subjects at once are those made one by one: same moments, posts, sentences and states."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizao.ops.governance.roles import Role
from sizao.ops.incidents import at_once, derived
from sizao.ops.incidents.actions import add_tasks, keep_in_step
from sizao.ops.incidents.duties import Fact, Subject
from sizao.ops.incidents.models import Task
from sizao.protocols.events import Event
from tests import factories as make

pytestmark = pytest.mark.django_db
START = datetime(2022, 7, 1, 22, 30, tzinfo=UTC)  # the next day already in Shanghai
EVENTS = {
    "case": (
        Event.POSITIVE_FOUND, Event.NETWORK_REPORTED, Event.TEAM_ARRIVED, Event.CASE_FORM_DONE, Event.CASE_DISCARDED,
        Event.CORE_INVESTIGATED,
    ),
    "contact": (Event.CONTACT_IDENTIFIED, Event.CONTACT_MANAGED, Event.CONTACT_RULED_OUT),
    "incident": (Event.EMERGENCE, Event.DETECTION, Event.NOTIFICATION, Event.TEAM_SENT, Event.NOT_APPLICABLE),
    "zone": (Event.ZONE_SET, Event.ZONE_FIRST_ROUND, Event.ZONE_LIFTED),
}  # fmt: skip
DETAILS = {"contact": [None, "close", "general"], "zone": [None, "lockdown", "control"]}
COLUMNS = (
    "duty", "title", "why", "subject_id", "area_id", "post_id", "starts_at", "due_at", "status", "outcome", "done_at",
)  # fmt: skip


@st.composite
def happened(draw):
    about = draw(st.sampled_from(sorted(EVENTS)))
    details = DETAILS.get(about, [None, "lab_confirmed"] if about == "incident" else [None])
    fact = st.builds(
        lambda pk, event, minutes, detail: Fact(pk, event, START + timedelta(minutes=minutes), detail),
        st.integers(1, 3), st.sampled_from(EVENTS[about]), st.integers(0, 4000), st.sampled_from(details),
    )  # fmt: skip
    return about, draw(st.lists(fact, max_size=8))


@pytest.fixture
def by(db):
    make.areas()
    for role, area in ((Role.DUTY_OFFICER, "CN0023"), (Role.INVESTIGATOR, make.DAOLI), (Role.DUTY_OFFICER, make.DAOLI)):
        make.post(role, area)
    return make.user(Role.DUTY_OFFICER, "CN0023")


def rows():
    return list(Task.objects.order_by("subject_id", "duty").values(*COLUMNS))


SUBJECTS = [Subject(1, 'C"1\\', make.DAOLI), Subject(2, "病例2", None), Subject(3, "", make.LONGSHA)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=happened(), hours=st.integers(1, 200), edition=st.sampled_from(["cn-covid-8", "cn-covid-9", "ebola", "mers"])
)
def test_at_once_as_one_by_one(by, told, hours, edition):
    about, facts = told
    incident = make.incident(by, protocol=edition, time_zone="Asia/Shanghai")
    at = START + timedelta(hours=hours)
    asked = {"incident": incident, "about": about, "facts": facts, "subjects": SUBJECTS}
    keep_in_step(**asked, fresh=True, by=by, at=at)
    made = rows()
    Task.objects.all().delete()
    planned = derived.plan(**asked, tasks=[], at=at)
    add_tasks(incident=incident, duties=planned.new, by=by, at=at)
    later = derived.plan(**asked, tasks=list(Task.objects.all()), at=at).changes
    expected = {(row["subject_id"], row["duty"]): row for row in rows()}
    for task, new in later:
        expected[task.subject_id, task.duty] |= {name: value for name, value in new.items() if name in COLUMNS}
    assert made == list(expected.values())
    Task.objects.all().delete()
    incident.delete()


def test_deriving_again_after_at_once_changes_nothing(by):
    incident = make.incident(by, protocol="cn-covid-9", time_zone="Asia/Shanghai")
    facts = [Fact(1, Event.POSITIVE_FOUND, START), Fact(1, Event.TEAM_ARRIVED, START + timedelta(hours=3))]
    asked = {"incident": incident, "about": "case", "facts": facts, "subjects": SUBJECTS, "by": by}
    keep_in_step(**asked, at=START + timedelta(hours=4))
    before = list(Task.objects.order_by("id").values())
    keep_in_step(**asked, at=START + timedelta(hours=4))
    assert before and list(Task.objects.order_by("id").values()) == before


def test_an_empty_city_owes_nothing(by):
    incident = make.incident(by, protocol="cn-covid-9")
    assert at_once.planned(incident=incident, about="case", facts=[], subjects=SUBJECTS, at=START).n == 0
