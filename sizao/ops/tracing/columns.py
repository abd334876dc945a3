"""The columns a user may choose for the list of contacts."""

from typing import Any

from sizao.ops.cases.columns import AREA, NAME, SEX, ListColumn, Row, Shown, coded, day, moment
from sizao.vocabulary import codes
from sizao.vocabulary.text import N_


def post_title(row: Row, shown: Shown) -> Any:
    return row["post__title_zh" if shown.language.startswith("zh") else "post__title_en"]


CONTACT_COLUMNS = (
    NAME,
    SEX,
    AREA,
    coded("contact_class", N_("Contact class"), codes.ContactClass),
    coded("status", N_("State"), codes.ContactStatus),
    day("date_listed", N_("Listed")),
    day("date_last_exposure", N_("Last exposure")),
    day("date_follow_up_until", N_("Followed up until")),
    moment("identified_at", N_("Identified")),
    moment("located_at", N_("Located")),
    moment("controlled_at", N_("Under control")),
    ListColumn("post", N_("Post"), ("post__title_zh", "post__title_en"), post_title),
    ListColumn("became_case", N_("Became case"), ("became_case__number",), lambda row, _s: row["became_case__number"]),
    moment("recorded_at", N_("Recorded")),
)
CONTACT_DEFAULT = (
    "name", "sex", "area", "contact_class", "status", "date_listed", "date_last_exposure", "date_follow_up_until",
)  # fmt: skip
