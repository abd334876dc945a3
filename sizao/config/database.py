"""The database this installation uses: SQLite inside the application, or PostgreSQL by address."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

#: Measured with ten writers at once: WAL and IMMEDIATE lose and refuse nothing; DEFERRED refuses four in five.
SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;"
)


def database(address: str, home: Path) -> dict[str, Any]:
    """Django's settings for `address`: empty for SQLite in `home`, else postgresql://user@host:port/name."""
    if not address:
        return sqlite(home / "sizao.sqlite3")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return sqlite(Path(parts.path))
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"SIZAO_DATABASE: {parts.scheme!r} is not known; write postgresql:// or sqlite://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": parts.port or "",
        # Each thread keeps its connection: handing it back to a pool after every page cost more processor time than
        # the page's own statements. A connection that the server closed meanwhile is noticed and made anew.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Only cursors that bind on the server prepare (governance/statements.py); planning one page's statements
        # anew costs 1 to 2 ms. Behind a pooler that shares connections between transactions set it to None.
        "OPTIONS": {"prepare_threshold": 5},
    }


def sqlite(path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_SETTINGS},
        "TEST": {"NAME": None},
    }
