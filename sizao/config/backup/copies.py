"""Making a backup and restoring one: the database, the delivered files, the noted heads, and a manifest of them.

The key ring is never in it: whoever has a backup alone has nothing, and whoever loses the ring loses the backups.
"""

import gzip
import io
import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from sizao.config.backup import databases
from sizao.config.backup.databases import Failed
from sizao.config.backup.sealing import Damaged, Opener, Sealer

ENDING = ".sizao-backup"
KEPT = 30
FOLDERS = ("store", "ledger")


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: made when and why, rows by table, the head of the chain, files and their bytes."""

    made_at: str
    why: str
    vendor: str
    counts: dict[str, int]
    head: str
    n_files: int
    n_bytes: int


def folder() -> Path:
    return Path(settings.BACKUPS)


def make(*, at: datetime, why: str, out: Path | None = None) -> tuple[Path, Manifest]:
    """Write a backup. Only a whole one gets its name; if the disk fills, what was begun is taken away again."""
    out = out or folder()
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = out / f"{at:%Y%m%d-%H%M%S}-{why}{ENDING}"
    with tempfile.TemporaryDirectory(dir=out, prefix=".making-") as name:
        work = Path(name)
        counts, head = databases.copy(work / "database")
        files = list(_files())
        size = sum(file.stat().st_size for file, _name in files)
        manifest = Manifest(at.isoformat(), why, connection.vendor, counts, head, len(files), size)
        with _private(work / "backup") as sealed:
            _write(sealed, manifest, work / "database", files)
            sealed.flush()
            os.fsync(sealed.fileno())
        (work / "backup").replace(path)
    return path, manifest


def thin_out(out: Path | None = None, keep: int = KEPT) -> list[Path]:
    """Take away all but the newest; what was erased since must not live on in old copies for ever."""
    found = sorted((out or folder()).glob(f"*{ENDING}"))
    gone = found[:-keep] if keep else found
    for path in gone:
        path.unlink()
    return gone


def restore(path: Path, *, home: Path, address: str = "") -> tuple[Manifest, list[str]]:
    """Put a backup into an empty home (and an empty database at `address`). Says every difference it finds."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        if (home / name).exists() and any((home / name).iterdir()):
            raise Failed(f"{home / name} is not empty; restoring never overwrites")
    with tempfile.TemporaryDirectory(dir=home, prefix=".restoring-") as name:
        work = Path(name)
        manifest = _read(path, work)
        if (manifest.vendor == "postgresql") != bool(address):
            raise Failed(f"this is a backup of {manifest.vendor}; give --database for PostgreSQL and only for it")
        counts, head = databases.put_back(work / "database", address=address, home=home)
        for each in FOLDERS:
            if (work / each).exists():
                shutil.rmtree(home / each, ignore_errors=True)
                (work / each).replace(home / each)
    return manifest, differences(manifest, counts, head, home)


def differences(manifest: Manifest, counts: dict[str, int], head: str, home: Path) -> list[str]:
    """Where a restored installation is not what the manifest says."""
    tables = sorted(manifest.counts.keys() | counts.keys())
    found = [
        f"{table}: {manifest.counts.get(table)} rows were saved, {counts.get(table)} restored"
        for table in tables
        if manifest.counts.get(table) != counts.get(table)
    ]
    if manifest.head != head:
        found.append(f"the chain's head was {manifest.head}, it is {head}")
    files = [file for each in FOLDERS for file in (home / each).rglob("*") if file.is_file()]
    if (len(files), sum(file.stat().st_size for file in files)) != (manifest.n_files, manifest.n_bytes):
        found.append(f"{manifest.n_files} files were saved, {len(files)} restored, or their sizes differ")
    return found


def manifest_of(path: Path) -> Manifest:
    """What a backup says it holds; only its first pieces are read."""
    with path.open("rb") as file, tarfile.open(fileobj=Opener(file), mode="r|gz") as packed:
        return _manifest(packed, packed.next())


def _write(sealed, manifest: Manifest, database: Path, files: list[tuple[Path, str]]) -> None:
    sealer = Sealer(sealed)
    with (
        gzip.GzipFile(fileobj=sealer, mode="wb", compresslevel=1) as smaller,
        tarfile.open(fileobj=smaller, mode="w|") as packed,
    ):
        text = json.dumps(asdict(manifest)).encode()
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(text)
        packed.addfile(entry, io.BytesIO(text))
        packed.add(database, "database")
        for file, name in files:
            packed.add(file, name)
    sealer.finish()


def _read(path: Path, work: Path) -> Manifest:
    try:
        with path.open("rb") as file, tarfile.open(fileobj=Opener(file), mode="r|gz") as packed:
            entries = iter(packed)
            manifest = _manifest(packed, next(entries, None))
            for entry in entries:
                packed.extract(entry, work, filter="data")
    except (tarfile.TarError, EOFError) as error:
        raise Damaged(f"it cannot be unpacked: {error}") from None
    return manifest


def _manifest(packed: tarfile.TarFile, first: tarfile.TarInfo | None) -> Manifest:
    if first is None or first.name != "manifest.json":
        raise Damaged("its manifest is missing")
    return Manifest(**json.loads(packed.extractfile(first).read()))


def _files():
    for name in FOLDERS:
        root = Path(settings.STORE) if name == "store" else Path(settings.HOME) / name
        for file in sorted(root.rglob("*")):
            if file.is_file() and not file.name.startswith("arriving-"):
                yield file, f"{name}/{file.relative_to(root)}"


def _private(path: Path):
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
