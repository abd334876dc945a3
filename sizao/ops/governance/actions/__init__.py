"""Everything that writes accounts, powers and what users keep."""

from sizao.ops.governance.actions.accounts import (
    ALWAYS,
    SYSTEM,
    NewUser,
    add_users,
    end_grants,
    found_installation,
    give_roles,
)
from sizao.ops.governance.actions.saved_views import drop_views, save_view
from sizao.ops.governance.actions.schedule import note_run

__all__ = [
    "ALWAYS",
    "SYSTEM",
    "NewUser",
    "add_users",
    "drop_views",
    "end_grants",
    "found_installation",
    "give_roles",
    "note_run",
    "save_view",
]
