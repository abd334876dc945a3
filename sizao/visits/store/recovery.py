"""After a crash: what had been decided is finished, what had not is swept away."""

import shutil

from sizao.visits.store import striking
from sizao.visits.store.manifest import segment_of
from sizao.visits.store.publishing import publish
from sizao.visits.store.segments import NEW
from sizao.visits.store.store import Store


def recover(store: Store) -> None:
    """Finish pending work, then remove files nobody lists."""
    pending = store.manifest.pending
    if pending and pending["act"] == "publish":
        publish(store, [segment_of(one) for one in pending["segments"]], set(pending["replaced"]))
    elif pending and pending["act"] == "erase":
        striking.strike(store, pending["person"])
    sweep(store)


def sweep(store: Store) -> None:
    listed = {segment.name for segment in store.manifest.segments}
    files = {part.file for segment in store.manifest.segments for part in segment.parts}
    for path in store.folder.glob("visits/day=*/*.parquet"):
        if path.name.startswith(NEW) or str(path.relative_to(store.folder)) not in files:
            path.unlink()
    for path in store.folder.glob("mapped/*"):
        if path.name not in listed:
            shutil.rmtree(path)
    for path in store.folder.glob("names/*"):
        if path.name not in {file for files in store.manifest.dictionaries.values() for file in files}:
            path.unlink()
