"""Putting written segments on the list, in place of others or beside them."""

import os
import shutil
from dataclasses import asdict
from pathlib import Path

from sizao.visits.store.manifest import Segment, settle
from sizao.visits.store.segments import fresh
from sizao.visits.store.store import Store


def decide(store: Store, segments: list[Segment], replaced: set[str]) -> None:
    """From here on the change happens, even if the machine stops: it is written down before it is done."""
    for segment in segments:
        for part in segment.parts:
            flush(fresh(store.folder / part.file))
    act = {"act": "publish", "segments": [asdict(segment) for segment in segments], "replaced": sorted(replaced)}
    store.manifest.pending = act
    store.save()
    publish(store, segments, replaced)


def publish(store: Store, segments: list[Segment], replaced: set[str]) -> None:
    """Rename, list, forget what is replaced. Doing it twice changes nothing."""
    for segment in segments:
        for part in segment.parts:
            target = store.folder / part.file
            if fresh(target).exists():
                fresh(target).rename(target)
        settle((store.folder / segment.parts[0].file).parent)
    names = {segment.name for segment in segments} | replaced
    gone = [one for one in store.manifest.segments if one.name in replaced]
    kept = [one for one in store.manifest.segments if one.name not in names]
    store.manifest.segments = sorted([*kept, *segments], key=lambda one: (one.day, one.name))
    store.manifest.pending = None
    store.save()
    forget(store, gone)


def forget(store: Store, segments: list[Segment]) -> None:
    """Remove the files of segments that are no longer listed."""
    for segment in segments:
        for part in segment.parts:
            (store.folder / part.file).unlink(missing_ok=True)
        shutil.rmtree(store.mapped(segment), ignore_errors=True)


def flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
