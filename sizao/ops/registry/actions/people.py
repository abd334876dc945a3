"""Inviting somebody to a post."""

from datetime import datetime

from django.db import transaction

from sizao.ops.governance import audit
from sizao.ops.governance.actions import NewUser, add_users, hand_link
from sizao.ops.governance.entry import LinkPurpose
from sizao.ops.governance.models import User
from sizao.ops.registry.actions.posts import appoint
from sizao.ops.registry.models import Post


@transaction.atomic
def invite(
    *, username: str, display_name: str, language: str, post: Post, until: datetime | None, by: User, at: datetime
) -> tuple[User, str]:
    """Make an account with a post and no password, and answer the token of the link that opens it."""
    [user] = add_users(users=[NewUser(username, display_name, None, language)], by=by, at=at)
    appoint(post=post, user=user, since=at, until=until, by=by, at=at)
    token = hand_link(user=user, purpose=LinkPurpose.WELCOME, by=by, at=at)
    audit.record(by=by, at=at, action="user.invited", about=user, post=post.pk)
    return user, token
