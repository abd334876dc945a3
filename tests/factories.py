"""Builds a thing at a status, with plain values a test can override."""

from datetime import UTC, date, datetime
from itertools import count

from sizao.ops.cases.models import Case
from sizao.ops.governance.models import Grant, User
from sizao.ops.governance.roles import Role
from sizao.ops.incidents.models import Incident, Task
from sizao.ops.registry.identity import Identity
from sizao.ops.registry.models import Area, Person, Post, Unit
from sizao.ops.tracing.models import Contact, Exposure, FollowUp

AT = datetime(2015, 6, 10, 9, 0, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_numbers = count(1)

AREAS = [
    ("CN", "CN", None, 0, "country", "中国", "China"),
    ("CN0023", "23", "CN", 1, "province", "黑龙江省", "Heilongjiang"),
    ("CN00230001", "2301", "CN0023", 2, "city", "哈尔滨市", "Harbin"),
    ("CN002300010002", "230102", "CN00230001", 3, "county", "道里区", "Daoli District"),
    ("CN002300010003", "230103", "CN00230001", 3, "county", "南岗区", "Nangang District"),
    ("CN0023000100020001", "230102001", "CN002300010002", 4, "township", "兆麟街道", "Zhaolin"),
    ("CN00230002", "2302", "CN0023", 2, "city", "齐齐哈尔市", "Qiqihar"),
    ("CN002300020002", "230202", "CN00230002", 3, "county", "龙沙区", "Longsha District"),
    ("CN0022", "22", "CN", 1, "province", "吉林省", "Jilin"),
]
DAOLI, NANGANG, LONGSHA, ZHAOLIN = "CN002300010002", "CN002300010003", "CN002300020002", "CN0023000100020001"


def areas() -> dict[str, Area]:
    """A small tree: one country, two provinces, two cities, three counties, one township."""
    rows = [
        Area(path=path, code=code, parent_id=parent, level=level, kind=kind, name_zh=zh, name_en=en)
        for path, code, parent, level, kind, zh, en in AREAS
    ]
    Area.objects.bulk_create(rows, ignore_conflicts=True)
    return {row.path: row for row in rows}


def user(role: Role | None = None, area_path: str = "", **values) -> User:
    """A user, holding `role` in an area ("" is everywhere) when one is given."""
    name = values.pop("username", f"user{next(_numbers)}")
    row = User.objects.create_user(username=name, password="a long password", **values)
    if role:
        Grant.objects.create(user=row, role=role, area_path=area_path, since=LONG_AGO)
    return row


def incident(by: User, **values) -> Incident:
    defaults = {"name_zh": "测试疫情", "name_en": "Test outbreak", "disease": "mers", "protocol": "mers"}
    defaults |= {"opened_at": AT, "recorded_at": AT, "recorded_by": by, "current_since": AT, "time_zone": "Asia/Seoul"}
    row = Incident.objects.create(**(defaults | values))
    row.areas.set(Area.objects.filter(path="CN0023"))
    return row


def post(role: Role = Role.DUTY_OFFICER, area_path: str | None = None, **values) -> Post:
    unit = values.pop("unit", None) or Unit.objects.create(
        name_zh="市疾控", name_en="City CDC", kind="cdc", area_id=area_path
    )
    defaults = {"title_zh": "值班员", "title_en": "Duty officer", "role": role, "unit": unit, "area_id": area_path}
    return Post.objects.create(**(defaults | values))


def recorded(by: User, **values) -> dict:
    return {"recorded_by": by, "recorded_at": AT, "current_since": AT} | values


def person(by: User, *, name: str = "", **values) -> Person:
    row = Person(**recorded(by, **values))
    row.identity_sealed = Identity(full_name=name).sealed(row.uuid) if name else b""
    row.save()
    return row


def case(incident: Incident, by: User, **values) -> Case:
    values.setdefault("person", person(by) if "person" not in values else None)
    defaults = recorded(by, incident=incident, number=f"C{next(_numbers)}", date_report=date(2015, 6, 9))
    return Case.objects.create(**(defaults | {"classification": "confirmed"} | values))


def contact(incident: Incident, by: User, **values) -> Contact:
    if "person" not in values:
        values["person"] = person(by)
    defaults = recorded(by, incident=incident, number=f"K{next(_numbers)}", date_listed=date(2015, 6, 9))
    return Contact.objects.create(**(defaults | {"contact_class": "close"} | values))


def exposure(source: Case, person: Person, by: User, **values) -> Exposure:
    defaults = recorded(by, incident=source.incident, source_case=source, person=person)
    return Exposure.objects.create(**(defaults | values))


def follow_up(contact: Contact, by: User, **values) -> FollowUp:
    defaults = recorded(by, contact=contact, incident=contact.incident, day=1, date_due=date(2015, 6, 10))
    return FollowUp.objects.create(**(defaults | values))


def task(incident: Incident, by: User, **values) -> Task:
    defaults = recorded(by, incident=incident, duty=f"test-{next(_numbers)}", title={"msgid": "Do it"})
    return Task.objects.create(**(defaults | {"starts_at": AT, "due_at": AT} | values))
