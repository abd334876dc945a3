"""The signed content of a report: one canonical text and its SHA-256."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sizao.ops.reporting.models import Report

SCHEMA = "sizao-daily-report/1"


def document(report: Report) -> dict[str, Any]:
    """A report's content under stable keys, as it is signed and as `--format json` prints it."""
    compared = {"day_before_cutoff_at": _utc(report.compared_at)} if report.compared_at else {}
    return compared | {
        "schema": SCHEMA,
        "incident": {
            "id": report.incident_id,
            "name_zh": report.incident.name_zh,
            "name_en": report.incident.name_en,
            "disease": report.incident.disease,
            "protocol": report.incident.protocol,
        },
        "date": report.date.isoformat(),
        "version": report.version,
        "cutoff_at": _utc(report.cutoff_at),
        "numbers": report.numbers,
        "revisions": report.revisions,
        "text": {"zh-hans": report.text_zh, "en": report.text_en},
        "correction_note": report.correction_note,
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def content_hash(report: Report) -> str:
    """SHA-256 of the canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(document(report), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_unchanged(report: Report) -> bool:
    """Whether a signed report still says what was signed."""
    return report.content_hash == content_hash(report)
