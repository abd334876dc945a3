"""What no production may have. Each is said with what to do; `sizao check --production` runs them all."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from sizao.ops.governance.clock import now
from sizao.ops.governance.keyring import keyring
from sizao.ops.governance.models import User
from sizao.ops.governance.queries import may_administer

SECRET_LETTERS = 50


@register(Tags.security, deploy=True)
def check_settings(**_asked: Any) -> list[CheckMessage]:
    """Settings that are right for a laptop and wrong with real people."""
    faults = {
        "E101": (not settings.PRODUCTION, "This is no production installation.", "Set SIZAO_MODE=production."),
        "E102": (settings.DEBUG, "Faults are shown with their data.", "Unset SIZAO_DEBUG."),
        "E103": (
            settings.SECRET_KEY.startswith("not-secret") or len(settings.SECRET_KEY) < SECRET_LETTERS,
            "Sessions are signed with a key that can be guessed.",
            f"Set SIZAO_SECRET_KEY to {SECRET_LETTERS} random letters or more.",
        ),
        "E104": (
            not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
            "Any host name is answered.", "Set SIZAO_HOSTS to the names people use.",
        ),
        "E105": (
            settings.SECOND_FACTOR != "required",
            "Nobody is asked for a second factor.", "Unset SIZAO_SECOND_FACTOR.",
        ),
        "E106": (
            (settings.HOME / "demonstration").exists(),
            "This home was made for the demonstration.", "Begin with an empty SIZAO_HOME.",
        ),
    }  # fmt: skip
    return [Error(said, hint=hint, id=f"sizao.{name}") for name, (wrong, said, hint) in faults.items() if wrong]


@register(Tags.security, deploy=True)
def check_files(**_asked: Any) -> list[CheckMessage]:
    """Keys and data that others on this machine could read."""
    found: list[CheckMessage] = []
    try:
        keyring()
    except ImproperlyConfigured as wrong:
        found.append(Error(str(wrong), id="sizao.E111"))
    for path in _private_paths():
        if stat.S_IMODE(path.stat().st_mode) & 0o007:
            hint = f"Run: chmod o-rwx {path}"
            found.append(Error(f"{path} can be read by everybody on this machine.", hint=hint, id="sizao.E112"))
    if Path(settings.KEYRING).resolve().is_relative_to(settings.STORE.resolve()):
        found.append(Error("The keys lie beside the files they protect.", hint="Move SIZAO_KEYRING.", id="sizao.E113"))
    return found


def _private_paths() -> Iterator[Path]:
    paths = [settings.HOME, settings.STORE, Path(settings.KEYRING).parent]
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        paths.append(Path(settings.DATABASES["default"]["NAME"]))
    yield from (path for path in paths if path.exists())


@register(Tags.security, deploy=True)
def check_users(databases: list[str] | None = None, **_asked: Any) -> list[CheckMessage]:
    """Users of the demonstration, and nobody to manage the others. Asked only where the database may be read."""
    if not databases:
        return []
    try:
        demonstration = User.objects.filter(is_demonstration=True).count()
        administrators = [user for user in User.objects.exclude(password="") if may_administer(user, now())]
    except DatabaseError as wrong:
        return [Error(f"The database does not answer: {type(wrong).__name__}", hint="sizao setup", id="sizao.E121")]
    found: list[CheckMessage] = []
    if demonstration:
        hint = "Begin with an empty database; the demonstration's users cannot be taken out of their records."
        found.append(Error(f"{demonstration} users of the demonstration are here.", hint=hint, id="sizao.E122"))
    if not [user for user in administrators if user.username != "system"]:
        found.append(Error("Nobody manages accounts.", hint="Run: sizao administrator NAME", id="sizao.E123"))
    return found
