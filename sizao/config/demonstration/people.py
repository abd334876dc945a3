"""Who works in the demonstration: units, posts and the users who hold them."""

from dataclasses import dataclass
from datetime import datetime

from sizao.ops.governance.actions import NewUser, add_users
from sizao.ops.governance.models import User
from sizao.ops.governance.roles import Role
from sizao.ops.registry import actions as registry
from sizao.ops.registry.models import Area, Unit

PASSWORD = "sizao-demonstration"
EVERYWHERE, SEOUL, GYEONGGI = "", "KR0011", "KR0041"


@dataclass(frozen=True)
class Seat:
    """One post with the user who holds it."""

    username: str
    display_name: str
    unit: str
    title_zh: str
    title_en: str
    role: Role
    area: str = EVERYWHERE
    language: str = "zh-hans"


UNITS = {
    "command": ("指挥部", "Command", EVERYWHERE),
    "seoul": ("首尔市卫生局", "Seoul Health Office", SEOUL),
    "gyeonggi": ("京畿道卫生局", "Gyeonggi Health Office", GYEONGGI),
}
SEATS = (
    Seat("duty", "值班员 Duty", "command", "值班员", "Duty officer", Role.DUTY_OFFICER),
    Seat("reviewer", "副值班员 Reviewer", "command", "副值班员", "Deputy duty officer", Role.DUTY_OFFICER),
    Seat("signatory", "签发人 Signatory", "command", "签发人", "Signatory", Role.SIGNATORY),
    Seat("investigator", "流调员 Investigator", "command", "流调组长", "Lead investigator", Role.INVESTIGATOR),
    Seat("seoul", "首尔流调员 Seoul", "seoul", "首尔流调员", "Investigator, Seoul", Role.INVESTIGATOR, SEOUL),
    Seat("gyeonggi", "京畿随访员 Gyeonggi", "gyeonggi", "随访员", "Follow-up officer", Role.TOWNSHIP_OFFICER, GYEONGGI),
    Seat("laboratory", "实验室 Laboratory", "command", "实验室负责人", "Laboratory lead", Role.LABORATORY),
    Seat("analyst", "分析员 Analyst", "command", "分析员", "Analyst", Role.ANALYST),
    Seat("administrator", "管理员 Administrator", "command", "管理员", "Administrator", Role.ADMINISTRATOR),
    Seat("auditor", "审计员 Auditor", "command", "审计员", "Auditor", Role.AUDITOR),
)


def appoint_everybody(*, by: User, at: datetime) -> dict[str, User]:
    """Make the units, posts and users; answers the users by name."""
    units = {key: _unit(*names, by=by, at=at) for key, names in UNITS.items()}
    people = {}
    for seat in SEATS:
        people[seat.username] = _appoint(seat, units[seat.unit], by, at)
    return people


def _unit(name_zh: str, name_en: str, path: str, *, by: User, at: datetime) -> Unit:
    area = Area.objects.get(path=path) if path else None
    return registry.add_unit(name_zh=name_zh, name_en=name_en, kind="cdc", area=area, by=by, at=at)


def _appoint(seat: Seat, unit: Unit, by: User, at: datetime) -> User:
    new = NewUser(seat.username, seat.display_name, PASSWORD, seat.language, is_demonstration=True)
    [user] = add_users(users=[new], by=by, at=at)
    told = {"title_zh": seat.title_zh, "title_en": seat.title_en, "role": seat.role, "by": by, "at": at}
    post = registry.add_post(unit=unit, **told)
    registry.appoint(post=post, user=user, since=at, by=by, at=at)
    return user
