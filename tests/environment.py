"""Loaded before Django reads its settings: a home of its own for every test process."""

import os
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="sizao-test-"))
os.environ["SIZAO_HOME"] = str(HOME)
os.environ["SIZAO_TASKS"] = "django_tasks.backends.immediate.ImmediateBackend"
os.environ["SIZAO_SECOND_FACTOR"] = "off"  # tests/accounts turn it on; the others log in in one step
os.environ["SIZAO_CACHE"] = "django.core.cache.backends.locmem.LocMemCache"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser driver's loop runs in the test's own thread
(HOME / "static").mkdir()
