"""Which step a report may take from where it is."""

from sizao.ops.incidents.lifecycle import Steps
from sizao.vocabulary.codes import ReportStatus

REPORT_STEPS: Steps = {
    ReportStatus.DRAFT: frozenset({ReportStatus.DRAFT, ReportStatus.REVIEWED}),
    ReportStatus.REVIEWED: frozenset({ReportStatus.DRAFT, ReportStatus.SIGNED}),
    ReportStatus.SIGNED: frozenset({ReportStatus.PUBLISHED, ReportStatus.SUPERSEDED}),
    ReportStatus.PUBLISHED: frozenset({ReportStatus.SUPERSEDED}),
    ReportStatus.SUPERSEDED: frozenset(),
}
