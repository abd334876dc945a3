"""Tells PostgreSQL, for the time of one request, which rows its reader may see at all."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from sizao.ops.governance import access
from sizao.ops.governance.clock import now
from sizao.ops.governance.roles import PERMISSIONS
from sizao.ops.governance.row_security import scoped

READS = sorted(name for name in PERMISSIONS if name.endswith((".view", ".identify", ".search")))


class RowScope:
    """With SIZAO_ROW_SECURITY=on: everything the reader may read anywhere, and nothing where nobody is logged in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_held():
            return self.get_response(request)
        with scoped(connection, paths_of(request.user)):
            return self.get_response(request)


def is_held() -> bool:
    return settings.ROW_SECURITY and connection.vendor == "postgresql"


def paths_of(user) -> set[str]:
    """All areas in which the user may read something, and the rows without an area."""
    if not user.is_authenticated:
        return set()
    at = now()
    found = {path for permission in READS for path in access.reach(user, permission, at=at).paths}
    return found | {access.NOWHERE} if found else found
