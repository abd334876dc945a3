"""The column dictionary: one name, type and meaning for every column that crosses rooms or leaves in a file.

`date_…` is a local calendar day, `…_at` a moment in UTC, `n_…` a count. Aliases are what people write in
their own files, in English and Chinese; intake proposes a mapping from them.
"""

from dataclasses import dataclass
from enum import StrEnum

from sizao.vocabulary import codes
from sizao.vocabulary.text import N_, Message


class Kind(StrEnum):
    """How a column's text is read."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    INTEGER = "integer"
    NUMBER = "number"
    CODE = "code"
    AREA = "area"  # a code or a name of an area, resolved by the registry


@dataclass(frozen=True)
class Column:
    """One column: stable `name`, how it is read, its label, and other names people give it."""

    name: str
    kind: Kind
    label: Message
    aliases: tuple[str, ...] = ()
    code_list: type[codes.Code] | None = None


def text(name: str, label: Message, *aliases: str) -> Column:
    return Column(name, Kind.TEXT, label, aliases)


def day(name: str, label: Message, *aliases: str) -> Column:
    return Column(name, Kind.DATE, label, aliases)


def code(name: str, label: Message, values: type[codes.Code], *aliases: str) -> Column:
    return Column(name, Kind.CODE, label, aliases, values)


PERSON = (
    text("family_name", N_("Family name"), "last_name", "lastname", "surname", "person.lastName", "姓", "姓氏"),
    text("given_name", N_("Given name"), "first_name", "firstname", "person.firstName", "名", "名字"),
    text("full_name", N_("Full name"), "name", "patient_name", "姓名", "患者姓名"),
    code("sex", N_("Sex"), codes.Sex, "gender", "person.sex", "性别"),
    day("date_birth", N_("Date of birth"), "dob", "birthdate", "date_of_birth", "出生日期", "生日"),
    Column("age", Kind.NUMBER, N_("Age in years"), ("age_years", "年龄", "年龄(岁)")),
    text("id_number", N_("Identity number"), "national_id", "身份证号", "身份证号码", "证件号码"),
    text(
        "phone",
        N_("Telephone"),
        "telephone",
        "phone_number",
        "mobile",
        "person.phone",
        "电话",
        "联系电话",
        "手机号",
        "手机号码",
        "联系方式",
        "电话号码",
    ),
    text("email", N_("E-mail"), "emailAddress", "邮箱"),
    text(
        "address",
        N_("Address"),
        "home_address",
        "住址",
        "现住址",
        "地址",
        "现住地址",
        "家庭住址",
        "居住地址",
        "详细地址",
        "居住地",
    ),
    text("language", N_("Language"), "preferred_language", "语言"),
    text("occupation", N_("Occupation"), "job", "职业", "人群分类", "职业类别"),
    text("nationality", N_("Nationality"), "国籍"),
)

CASE = (
    text("external_id", N_("Number in the source system"), "uuid", "UID", "externalID", "来源系统编号"),
    text(
        "case_id",
        N_("Case number"),
        "id",
        "local_id",
        "patient_id",
        "case_no",
        "patient_number",
        "case_number",
        "epidNumber",
        "visualId",
        "病例编号",
        "编号",
        "病例号",
    ),
    code(
        "classification",
        N_("Classification"),
        codes.Classification,
        "case_status",
        "caseClassification",
        "status",
        "病例分类",
        "分类",
        "诊断状态",
        "诊断分类",
        "诊断类型",
        "病例类型",
        "诊断分型",
    ),
    day(
        "date_onset",
        N_("Date of onset"),
        "onset",
        "onset_date",
        "dt_onset",
        "date_of_onset",
        "symptom_onset",
        "symptom_onset_date",
        "date_of_symptom_onset",
        "onset_of_symptoms",
        "发病日期",
        "发病时间",
    ),
    day(
        "date_report",
        N_("Date of report"),
        "report_date",
        "dt_report",
        "date_of_report",
        "date_of_reporting",
        "reportDate",
        "报告日期",
        "报告时间",
    ),
    day(
        "date_diagnosis",
        N_("Date of diagnosis"),
        "dt_diag",
        "diagnosis_date",
        "date_of_diagnosis",
        "诊断日期",
        "确诊日期",
        "确诊时间",
        "诊断时间",
    ),
    day(
        "date_admission",
        N_("Date of admission"),
        "admission_date",
        "date_of_hospitalisation",
        "入院日期",
        "收治日期",
        "入院时间",
        "收治时间",
    ),
    day(
        "date_isolation",
        N_("Date of isolation"),
        "isolation_date",
        "隔离日期",
        "隔离时间",
        "管控日期",
        "管控时间",
        "隔离管控日期",
    ),
    day("date_exposure_first", N_("First possible exposure"), "dt_start_exp", "exposure_start", "首次暴露日期"),
    day("date_exposure_last", N_("Last possible exposure"), "dt_end_exp", "exposure_end", "末次暴露日期"),
    code("outcome", N_("Outcome"), codes.Outcome, "转归", "结局"),
    day(
        "date_outcome",
        N_("Date of outcome"),
        "outcome_date",
        "date_of_outcome",
        "转归日期",
        "出院日期",
        "出院时间",
        "转归时间",
    ),
    day("date_death", N_("Date of death"), "dt_death", "death_date", "date_of_death", "死亡日期", "死亡时间"),
    code("severity", N_("Severity"), codes.Severity, "临床严重程度", "病情", "临床分型", "病情程度", "临床类型"),
    code("found_in", N_("Found in"), codes.FoundIn, "发现方式", "发现途径", "发现渠道"),
    code("origin", N_("Origin of infection"), codes.InfectionOrigin, "place_infect", "感染来源"),
    text(
        "facility",
        N_("Health facility"),
        "hospital",
        "loc_hosp",
        "health_facility",
        "医院",
        "医疗机构",
        "就诊医院",
    ),
    Column(
        "area",
        Kind.AREA,
        N_("Area"),
        (
            "area_code",
            "district",
            "county",
            "province",
            "region",
            "location",
            "现住地区",
            "区县",
            "地区",
            "行政区划代码",
        ),
    ),
    text("note", N_("Note"), "comment", "remarks", "notes", "comments", "remark", "备注"),
)

EXPOSURE = (
    text(
        "source_id",
        N_("Source case number"),
        "from",
        "infector",
        "source",
        "source_case",
        "index_case",
        "caseIdExternalSystem",
        "源病例编号",
        "关联病例",
        "病例编号",
    ),
    text(
        "exposed_id",
        N_("Exposed person's number"),
        "to",
        "case_id",
        "target",
        "contact_id",
        "暴露者编号",
        "密接编号",
    ),
    day(
        "date_exposure_first",
        N_("First exposure"),
        "first_contact_date",
        "firstContactDate",
        "Date of first contact",
        "首次接触日期",
    ),
    day(
        "date_exposure_last",
        N_("Last exposure"),
        "last_contact_date",
        "lastContactDate",
        "Date of last contact",
        "date_of_last_contact",
        "末次接触日期",
        "最后接触日期",
        "末次接触时间",
        "最后接触时间",
        "末次暴露日期",
    ),
    code("setting", N_("Setting"), codes.Setting, "exposure", "context", "接触场所", "场所类型"),
    code("closeness", N_("Closeness"), codes.Closeness, "contactProximity", "exposure_type", "接触方式"),
    code("certainty", N_("Certainty"), codes.Certainty, "Certainty level", "确定程度"),
    text("relation", N_("Relation"), "relationToCase", "与病例关系", "关系"),
    text("setting_as_written", N_("Setting as written in the source")),
    text("closeness_as_written", N_("Closeness as written in the source")),
    text("language_as_written", N_("Language of the source")),
)

CONTACT = (
    text("external_id", N_("Number in the source system"), "uuid", "UID", "externalID", "来源系统编号"),
    text("contact_id", N_("Contact number"), "id", "Contact ID", "密接编号", "接触者编号", "编号"),
    code(
        "contact_class",
        N_("Contact class"),
        codes.ContactClass,
        "class",
        "接触者类别",
        "密接类型",
        "密接类别",
        "判定类型",
        "接触者类型",
    ),
    code(
        "contact_status",
        N_("Contact status"),
        codes.ContactStatus,
        "followUpStatus",
        "管理状态",
        "管控状态",
        "随访状态",
        "观察状态",
    ),
    day("date_report", N_("Date of report"), "report_date", "date_of_reporting", "reportDateTime", "报告日期"),
    day("date_follow_up_end", N_("Follow-up until"), "followUpUntil", "End of the followup", "随访截止日期"),
    *EXPOSURE[2:],
    text(
        "source_id",
        N_("Source case number"),
        "source",
        "source_case",
        "index_case",
        "infector",
        "case_id",
        "关联病例",
        "源病例编号",
        "关联病例编号",
    ),
    Column("area", Kind.AREA, N_("Area"), ("area_code", "district", "county", "region", "地区", "区县")),
    text("note", N_("Note"), "comment", "备注"),
)

FOLLOW_UP = (
    text("contact_id", N_("Contact number"), "Contact ID", "接触者编号"),
    day("date_due", N_("Day of follow-up"), "Date", "date", "随访日期"),
    code("follow_up_outcome", N_("Follow-up outcome"), codes.FollowUpOutcome, "Status", "随访结果"),
    text("note", N_("Note"), "Comment", "备注"),
)

LAB_RESULT = (
    text("case_id", N_("Case number"), "Person ID", "person_id", "patient_id", "patient", "case_number", "病例编号"),
    day(
        "date_collected",
        N_("Date of sampling"),
        "Sample taken",
        "sampleDateTime",
        "sampling_date",
        "collection_date",
        "sample_date",
        "specimen_date",
        "采样日期",
    ),
    day("date_result", N_("Date of result"), "Date of the result", "result_date", "date_of_result", "结果日期"),
    text(
        "specimen_id",
        N_("Specimen number"),
        "Sample lab ID",
        "labSampleID",
        "specimen_id",
        "sample_id",
        "specimen",
        "lab_id",
        "标本编号",
    ),
    text("specimen_type", N_("Specimen type"), "Sample type", "sampleMaterial", "标本类型"),
    text("test_type", N_("Test type"), "Test type", "testType", "检测方法"),
    text("result", N_("Result"), "Result", "pathogenTestResult", "检测结果"),
    code("result_code", N_("Result by class"), codes.ResultCode, "结果判定"),
    text("laboratory", N_("Laboratory"), "Lab name", "lab", "检测机构"),
)
