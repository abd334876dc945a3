"""The report as a file: JSON, CSV, PDF, Word."""

from collections.abc import Callable
from dataclasses import dataclass

from sizao.ops.reporting.files import docx, pdf, text
from sizao.ops.reporting.models import Report


@dataclass(frozen=True)
class FileKind:
    """One kind of file: its media type and what writes it, `write(report, language, public) -> bytes`."""

    media_type: str
    write: Callable[[Report, str, bool], bytes]


FILES = {
    "json": FileKind("application/json", text.as_json),
    "csv": FileKind("text/csv; charset=utf-8", text.as_csv),
    "pdf": FileKind("application/pdf", pdf.as_pdf),
    "docx": FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.as_docx),
}


def file_name(report: Report, kind: str, *, public: bool) -> str:
    """Names what is in it, in letters every system takes."""
    reach = "-public" if public else ""
    return f"sizao-report-{report.incident_id}-{report.date:%Y%m%d}-v{report.version}{reach}.{kind}"
