"""The report as PDF, set by typst."""

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import typst

from sizao.ops.incidents.lifecycle import NotNow
from sizao.ops.reporting.models import Report
from sizao.ops.reporting.sheet import HELD_BACK, full_sheet, public_sheet
from sizao.vocabulary.text import N_

TEMPLATE = Path(__file__).parent / "report.typ"
CHINESE_FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "SimSun")
HEADS = {
    "number": N_("Indicator"),
    "count": N_("Count"),
    "change": N_("Change from the day before"),
    "definition": N_("Definition"),
    "late": N_("Late data"),
    "day": N_("Day"),
    "was": N_("Reported before"),
    "now": N_("Now"),
    "correction": N_("Correction"),
}


def as_pdf(report: Report, language: str, public: bool) -> bytes:
    """A PDF with all numbers. Refuses Chinese where no Chinese font is installed, rather than print boxes."""
    font = chinese_font()
    if language.startswith("zh") and not font:
        raise NotNow(N_("This machine has no Chinese font, so the PDF would be empty boxes. Install fonts-noto-cjk."))
    sheet = (public_sheet if public else full_sheet)(report, language)
    data = asdict(sheet) | {"font": font, "held_back": HELD_BACK}
    data["heads"] = {key: head.say(language) for key, head in HEADS.items()}
    return typst.compile(TEMPLATE, sys_inputs={"data": json.dumps(data, ensure_ascii=False)})


@lru_cache
def chinese_font() -> str:
    """The first installed font that has the characters; "" when there is none."""
    families = set(typst.Fonts().families())
    return next((name for name in CHINESE_FONTS if name in families), "")
