"""JSON under stable keys, and CSV with one number a line."""

import csv
import io
import json
from datetime import UTC

from sizao.ops.reporting.content import document
from sizao.ops.reporting.measures import MEASURES
from sizao.ops.reporting.models import Report
from sizao.ops.reporting.numbers import long_rows
from sizao.ops.reporting.sheet import HELD_BACK, full_sheet, public_sheet, value_label


def as_json(report: Report, language: str, public: bool) -> bytes:
    """The signed content with its hash and signature; or the public version."""
    content = document(report)
    if public:
        content = {
            key: content[key] for key in ("schema", "incident", "date", "version", "cutoff_at", "correction_note")
        }
        content |= {"public": report.public}
    else:
        content |= {
            "status": report.status,
            "content_hash": report.content_hash,
            "signed_by": str(report.signed_by or ""),
            "signed_at": report.signed_at.astimezone(UTC).isoformat() if report.signed_at else None,
        }
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True).encode()


COLUMNS = ("measure", "dimension", "value", "label", "value_label", "count", "held_back")


def as_csv(report: Report, language: str, public: bool) -> bytes:
    """`measure, dimension, value, label, value_label, count, held_back`; UTF-8 with the mark Excel looks for."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(_public_rows(report, language) if public else _rows(report, language))
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _rows(report: Report, language: str):
    names = {row.value: row.label for table in full_sheet(report, language).tables for row in table.rows}
    for key, dimension, value, n in long_rows(report.numbers):
        label = value_label(dimension, value, language, names) if dimension else ""
        yield key, dimension, value, MEASURES[key].label.say(language), label, n, ""


def _public_rows(report: Report, language: str):
    sheet = public_sheet(report, language)
    for line in sheet.lines:
        yield line.key, "", "", line.label, "", line.n, ""
    for table in sheet.tables:
        for row in table.rows:
            for key, label, n in zip(table.measures, table.columns, row.counts, strict=True):
                held = HELD_BACK if n is None else ""
                yield key, table.dimension, row.value, label, row.label, "" if n is None else n, held
