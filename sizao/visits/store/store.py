"""A folder of visits, opened for questions or held for writing.

DIR/manifest.json                     what counts
DIR/visits/day=2021-01-05/*.parquet   the visits; any tool reads the folder as it is
DIR/names/*.parquet                   names behind the numbers, when the files had names
DIR/mapped/                           copies for the fast engine; may be deleted, they are made again
"""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from sizao.visits.faults import VisitsError
from sizao.visits.shapes import DAY_S, VISIT
from sizao.visits.store import manifest as manifests
from sizao.visits.store.manifest import Manifest, Segment
from sizao.vocabulary.text import N_

EPOCH = date(1970, 1, 1)


class Store:
    """The visits of one folder as its manifest lists them at this moment."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.manifest: Manifest = manifests.load(self.folder)

    @classmethod
    def existing(cls, folder: Path | str) -> "Store":
        """The store in `folder`; `VisitsError` where there is none."""
        if not (Path(folder) / manifests.FILE).exists():
            raise VisitsError(N_("{folder} holds no visits. Add some with: sizao visits add", folder=str(folder)))
        return cls(folder)

    def segments(self, since: int | None = None, until: int | None = None) -> list[Segment]:
        """Those that may hold visits touching `[since, until)`, oldest first."""
        found = [
            segment
            for segment in self.manifest.segments
            if (until is None or segment.min_start < until) and (since is None or segment.max_end > since)
        ]
        return sorted(found, key=lambda segment: (segment.day, segment.name))

    def files(self, since: int | None = None, until: int | None = None) -> list[Path]:
        return [self.folder / part.file for segment in self.segments(since, until) for part in segment.parts]

    def files_of_days(self, since_day: int, until_day: int) -> list[Path]:
        """Files of visits that began on UTC days `[since_day, until_day)`."""
        return [
            self.folder / part.file
            for segment in self.segments()
            if since_day <= segment.day < until_day
            for part in segment.parts
        ]

    def frame(self, since: int | None = None, until: int | None = None) -> pl.DataFrame:
        """Every visit that may touch `[since, until)`: columns of `shapes.VISIT`."""
        files = self.files(since, until)
        return pl.read_parquet(files, hive_partitioning=False) if files else pl.DataFrame(schema=VISIT)

    @property
    def rows(self) -> int:
        return sum(segment.rows for segment in self.manifest.segments)

    def save(self) -> None:
        manifests.save(self.folder, self.manifest)

    def mapped(self, segment: Segment) -> Path:
        return self.folder / "mapped" / segment.name


def day_folder(day: int) -> str:
    return f"visits/day={EPOCH + timedelta(days=day)}"


def day_of(moment: int) -> int:
    return moment // DAY_S
