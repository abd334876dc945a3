"""A task that takes long the first time, so that its worker can be killed in the middle of it."""

import time
from pathlib import Path

from django_tasks import task


@task()
def slow(mark: str) -> None:
    place = Path(mark)
    if not place.exists():
        place.touch()
        time.sleep(120)
    with place.open("a") as file:
        file.write("done\n")
