"""Proposes what words mean that are not known by themselves. A person confirms; until then a warning says so."""

import re
from collections.abc import Sequence

from sizao.exchange.words import meaning, plain
from sizao.vocabulary import codes
from sizao.vocabulary.codes import Code
from sizao.vocabulary.columns import Column

S = codes.Setting
#: Telling parts of words, most telling first.
HINTS: dict[type[Code], tuple[tuple[str, Code], ...]] = {
    S: (
        (r"emergency|\ber\b|急诊", S.EMERGENCY_ROOM),
        (r"visit\w*.*hospital|hospital.*visit|探视|陪护", S.HOSPITAL_VISIT),
        (r"\bhcw\b|health.?(care)?.?worker|nurse|doctor|医护|医务|护士|医生", S.HEALTH_WORKER),
        (r"\bward\b|hospital.*room|病房", S.HOSPITAL_ROOM),
        (r"hospital|clinic|health.?care|nosocomial|医院|诊所|卫生院", S.HEALTHCARE),
        (r"famil|househ|spouse|husband|wife|mother|father|child|sibling|\bhome\b|家|夫|妻|父|母|子女", S.HOUSEHOLD),
        (r"funeral|burial|葬|丧", S.FUNERAL),
        (r"school|class|student|teacher|kindergarten|学校|幼儿园|同学", S.SCHOOL),
        (r"work|office|colleague|factory|工作|单位|同事|工厂", S.WORKPLACE),
        (r"bus\b|train|flight|plane|taxi|ship|transport|车|航班|飞机|船", S.TRANSPORT),
        (r"meal|dinner|lunch|restaurant|餐|饭", S.MEAL),
        (r"shop|market|store|mall|超市|市场|商场", S.SHOP),
        (r"party|wedding|meeting|church|mosque|temple|gathering|聚|会议|婚", S.GATHERING),
        (r"quarantine|隔离", S.QUARANTINE_SITE),
        (r"neighbo|communit|社区|小区|邻", S.COMMUNITY),
    ),
    codes.Closeness: (
        (r"fluid|体液", codes.Closeness.FLUID),
        (r"non.?physical|face.?to.?face|within 1 ?m|近距离|面对面", codes.Closeness.FACE_TO_FACE),
        (r"indirect|fomite|surface|linen|cloth|间接|物品", codes.Closeness.INDIRECT),
        (r"physical|physique|físico|身体|直接", codes.Closeness.PHYSICAL),
        (r"vehicle|plane|flight|bus\b|train|同车|同机", codes.Closeness.SAME_CONVEYANCE),
        (r"household|slept|same room|同室|同住", codes.Closeness.SAME_ROOM),
    ),
    codes.Outcome: (
        (r"dead|died|death|decea|fatal|死", codes.Outcome.DIED),
        (r"recover|discharg|cured|heal|愈|出院|康复", codes.Outcome.RECOVERED),
        (r"alive|survi|在治|存活", codes.Outcome.ALIVE),
    ),
    codes.Classification: (
        (r"not a case|non.?case|discard|exclud|negative|排除|阴性", codes.Classification.DISCARDED),
        (r"asymptomatic|no symptoms|无症状", codes.Classification.ASYMPTOMATIC),
        (r"confirm|positive|确诊|阳性", codes.Classification.CONFIRMED),
        (r"probab|临床诊断", codes.Classification.PROBABLE),
        (r"suspect|possible|疑似", codes.Classification.SUSPECTED),
    ),
    codes.ContactStatus: (
        (r"lost|失访", codes.ContactStatus.LOST),
        (r"case|病例|阳", codes.ContactStatus.BECAME_CASE),
        (r"complet|finish|解除|完成", codes.ContactStatus.COMPLETED),
        (r"follow|active|ongoing|在管|观察", codes.ContactStatus.UNDER_FOLLOW_UP),
    ),
    codes.ContactClass: (
        (r"次密|contact of (a )?contact|second", codes.ContactClass.CONTACT_OF_CONTACT),
        (r"密切|密接|close|high.?risk", codes.ContactClass.CLOSE),
        (r"一般|casual|low.?risk", codes.ContactClass.GENERAL),
    ),
    codes.InfectionOrigin: (
        (r"import|abroad|overseas|travel|输入|境外", codes.InfectionOrigin.IMPORTED),
        (r"local|domestic|autochth|indigenous|本土|本地", codes.InfectionOrigin.LOCAL),
    ),
}  # fmt: skip
BARE_CODE = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)+|LNG_\S+")
OUTSIDE = re.compile(r"(?:outside|not(?: in)?|non)[\s-]+(.+)", re.IGNORECASE)


def propose_values(column: Column, values: Sequence[str]) -> dict[str, str]:
    """A meaning for each unknown word that suggests one."""
    unknown = [value for value in values if meaning(column, value) is None]
    return _proposed(column, unknown)


def propose_labels(column: Column, values: Sequence[str]) -> dict[str, str]:
    """A meaning for each label, known or suggested; a bare code ("TOUCHED_BODY_FLUIDS") says nothing."""
    labels = [value for value in values if not BARE_CODE.fullmatch(value.strip())]
    known = {value: code.value for value in labels if (code := meaning(column, value)) is not None}
    return known | _proposed(column, [value for value in labels if value not in known])


def _proposed(column: Column, unknown: Sequence[str]) -> dict[str, str]:
    if column.code_list is None:
        return {}
    proposals = _contrasted(unknown) if column.code_list is codes.InfectionOrigin else {}
    for value in unknown:
        if value not in proposals and (code := _hinted(column.code_list, value)):
            proposals[value] = code.value
    return proposals


def _hinted(code_list: type[Code], value: str) -> Code | None:
    word = plain(value)
    return next((code for hint, code in HINTS.get(code_list, ()) if re.search(hint, word)), None)


def _contrasted(values: Sequence[str]) -> dict[str, str]:
    """ "Middle East" beside "Outside Middle East": a named far place, and everywhere else."""
    by_name = {plain(value): value for value in values}
    proposals: dict[str, str] = {}
    for value in values:
        found = OUTSIDE.fullmatch(value.strip())
        far = by_name.get(plain(found[1])) if found else None
        if far is not None:
            proposals[far] = codes.InfectionOrigin.IMPORTED.value
            proposals[value] = codes.InfectionOrigin.LOCAL.value
    return proposals
