"""Who works in the demonstration: units, posts and the users who hold them."""

from dataclasses import dataclass
from datetime import datetime

from sizao.ops.governance.actions import NewUser, add_users
from sizao.ops.governance.models import User
from sizao.ops.governance.roles import Role
from sizao.ops.registry import actions as registry
from sizao.ops.registry.models import Area, Unit

PASSWORD = "sizao-demonstration"
COUNTRY, SEOUL, GYEONGGI = "KR", "KR0011", "KR0041"


@dataclass(frozen=True)
class Seat:
    """One post with the user who holds it."""

    username: str
    display_name: str
    unit: str
    title_zh: str
    title_en: str
    role: Role
    area: str = COUNTRY
    language: str = "zh-hans"


UNITS = {
    "national": ("国家疾控中心", "National CDC", COUNTRY),
    "seoul": ("首尔市卫生局", "Seoul Health Office", SEOUL),
    "gyeonggi": ("京畿道卫生局", "Gyeonggi Health Office", GYEONGGI),
}
SEATS = (
    Seat("duty", "值班员 Duty", "national", "值班员", "Duty officer", Role.DUTY_OFFICER),
    Seat("reviewer", "副值班员 Reviewer", "national", "副值班员", "Deputy duty officer", Role.DUTY_OFFICER),
    Seat("signatory", "签发人 Signatory", "national", "签发人", "Signatory", Role.SIGNATORY),
    Seat("investigator", "流调员 Investigator", "national", "流调组长", "Lead investigator", Role.INVESTIGATOR),
    Seat("seoul", "首尔流调员 Seoul", "seoul", "首尔流调员", "Investigator, Seoul", Role.INVESTIGATOR, SEOUL),
    Seat("gyeonggi", "京畿随访员 Gyeonggi", "gyeonggi", "随访员", "Follow-up officer", Role.TOWNSHIP_OFFICER, GYEONGGI),
    Seat("laboratory", "实验室 Laboratory", "national", "实验室负责人", "Laboratory lead", Role.LABORATORY),
    Seat("analyst", "分析员 Analyst", "national", "分析员", "Analyst", Role.ANALYST),
    Seat("administrator", "管理员 Administrator", "national", "管理员", "Administrator", Role.ADMINISTRATOR, ""),
    Seat("auditor", "审计员 Auditor", "national", "审计员", "Auditor", Role.AUDITOR),
)


def appoint_everybody(*, by: User, at: datetime) -> dict[str, User]:
    """Make the units, posts and users; answers the users by name."""
    units = {key: _unit(*names, by=by, at=at) for key, names in UNITS.items()}
    installation = registry.add_unit(name_zh="信息科", name_en="Informatics", kind="office", area=None, by=by, at=at)
    people = {}
    for seat in SEATS:
        unit = units[seat.unit] if seat.area else installation
        people[seat.username] = _appoint(seat, unit, by, at)
    return people


def _unit(name_zh: str, name_en: str, path: str, *, by: User, at: datetime) -> Unit:
    area = Area.objects.get(path=path)
    return registry.add_unit(name_zh=name_zh, name_en=name_en, kind="cdc", area=area, by=by, at=at)


def _appoint(seat: Seat, unit: Unit, by: User, at: datetime) -> User:
    new = NewUser(seat.username, seat.display_name, PASSWORD, seat.language, is_demonstration=True)
    [user] = add_users(users=[new], by=by, at=at)
    told = {"title_zh": seat.title_zh, "title_en": seat.title_en, "role": seat.role, "by": by, "at": at}
    post = registry.add_post(unit=unit, **told)
    registry.appoint(post=post, user=user, since=at, by=by, at=at)
    return user
