"""The numbers behind a picture as a CSV file that no spreadsheet mistakes for formulas."""

import polars as pl
from django.http import HttpResponse

from sizao.exchange.writing import BOM, csv_rows, guarded_cells, header_line
from sizao.ops.incidents.models import Incident


def csv_file(frame: pl.DataFrame, *, picture: str, incident: Incident, day) -> HttpResponse:
    """UTF-8 with a mark for Excel, ISO dates, the headings of the frame."""
    content = BOM + header_line(frame.columns) + (csv_rows(guarded_cells(frame)) if frame.height else b"")
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{picture}-{incident.pk}-{day}.csv"'
    return response
