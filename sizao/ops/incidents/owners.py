"""Which post a duty falls to: the nearest post of the role, at the subject's area or above it."""

from collections import defaultdict

from sizao.ops.registry.models import Post

Owners = dict[str, dict[str, int]]


def owners() -> Owners:
    """Post ids by role and area path, read once for a whole batch; the oldest post of an area answers."""
    found: Owners = defaultdict(dict)
    for role, area, post in Post.objects.order_by("-id").values_list("role", "area_id", "id"):
        found[role][area or ""] = post
    return found


def owner_of(found: Owners, role: str, area_id: str | None) -> int | None:
    """The post of `role` responsible for an area; None when nobody is, and the board then says so."""
    posts = found.get(role, {})
    path = area_id or ""
    while path:
        if path in posts:
            return posts[path]
        path = path[:-4] if len(path) > 2 else ""
    return posts.get("")
