"""`sizao audit verify`: is what was done still written as it was?

Looks through the chain of decisions link by link; compares it with every head that was printed in a signed report,
noted beside the database or given with --head; looks whether each table's triggers are in place; and names signed
reports whose content no longer has its hash. Ends with 1 when anything is wrong.
"""

import argparse

from django.db import connection

from sizao.ops.governance import ledger
from sizao.ops.governance.audit_triggers.install import missing
from sizao.ops.governance.ledger import Head
from sizao.ops.governance.models import RowChange
from sizao.ops.reporting.content import is_unchanged
from sizao.ops.reporting.models import FROZEN, Report


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sizao audit", description=__doc__)
    parser.add_argument("what", choices=("verify", "head"))
    parser.add_argument("--head", action="append", default=[], type=parsed, metavar="NUMBER:HASH")
    options = parser.parse_args(argv)
    if options.what == "head":
        print(ledger.head())
        return 0
    return verify(options.head)


def parsed(text: str) -> Head:
    number, _, digest = text.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise argparse.ArgumentTypeError("write it as it is printed: the number, a colon, 64 characters")
    return Head(int(number), digest)


def verify(heads: list[Head]) -> int:
    printed = [parsed(text) for text in Report.objects.exclude(chain_head="").values_list("chain_head", flat=True)]
    noted = ledger.noted_outside()
    faults = ledger.verify([*printed, *noted, *heads])
    for fault in faults:
        print(f"link {fault.number}: {fault.message}")
    off = missing(connection)
    for name in off:
        print(f"trigger {name} is not in place")
    reports = list(Report.objects.filter(status__in=FROZEN).select_related("incident").order_by("id"))
    altered = [report for report in reports if not is_unchanged(report)]
    for report in altered:
        print(f"report {report.pk} of {report.date} does not say what was signed")
    outside = RowChange.objects.filter(deed=None).exclude(kind=RowChange.EMPTIED).count()
    print(
        f"{ledger.length()} links, head {ledger.head()}; {len(printed)} heads in signed reports and {len(noted)} noted "
        f"outside compared; {len(reports)} signed reports; {outside} changes made outside the application"
    )
    n = len(faults) + len(off) + len(altered)
    print("nothing was altered" if not n else f"{n} faults found")
    return 1 if n else 0
