"""How large a file may be before it is refused unread."""

from dataclasses import dataclass

KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Caps that keep one hostile or mistaken file from filling the memory of the machine.

    The defaults hold a line list of one million persons with forty columns.
    """

    max_bytes: int = 512 * MIB  # of text, after unpacking
    max_row_bytes: int = 1 * MIB  # one line of text
    max_columns: int = 2_000  # a full SORMAS template with repeated blocks has about 700
    max_workbook_bytes: int = 128 * MIB  # a workbook as it arrives
    max_unzipped_bytes: int = 1024 * MIB  # a workbook's parts, unpacked
    max_zip_ratio: int = 250  # honest workbooks pack 5 to 60 times
    zip_ratio_from: int = 32 * MIB  # small parts may pack better than that and harm nobody
    max_cells: int = 60_000_000  # the rectangle a workbook's used cells span


LIMITS = Limits()
