"""A user's own filters of list pages."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from sizao.ops.governance import audit
from sizao.ops.governance.models import SavedView, User


@transaction.atomic
def save_view(*, page: str, name: str, query: str, by: User, at: datetime) -> SavedView:
    """Keep a list's filter and columns under a name, for this user alone; the same name is replaced."""
    view, _made = SavedView.objects.update_or_create(user=by, page=page, name=name, defaults={"query": query})
    audit.record(by=by, at=at, action="view.saved", about=view)
    return view


@transaction.atomic
def drop_views(*, views: Sequence[SavedView], by: User, at: datetime) -> None:
    """Forget saved views; only one's own."""
    own = [view for view in views if view.user_id == by.pk]
    audit.record_many(by=by, at=at, action="view.dropped", about=own)
    SavedView.objects.filter(pk__in=[view.pk for view in own]).delete()
