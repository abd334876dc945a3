"""Sessions in the database, as Django keeps them, found by a kept statement: one that was ended opens nothing."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

from sizao.ops.governance.statements import Prepared


class SessionStore(DatabaseSessions):
    """Django's, with a cheaper look-up."""

    def _get_session_from_db(self):
        names = ("session_key", "session_data", "expire_date")
        found = Prepared(self.model).filter(session_key=self.session_key).filter(expire_date__gt=timezone.now())
        for row in found.values(*names).tuples(1):
            return self.model(**dict(zip(names, row, strict=True)))
        self._session_key = None
        return None
