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
from sizao.ops.governance.actions.emergency import (
    EmergencyRefused,
    end_emergency_access,
    open_emergency_access,
    review_emergency_access,
)
from sizao.ops.governance.actions.links import LinkClosed, hand_link, use_link, withdraw_links
from sizao.ops.governance.actions.saved_views import drop_views, save_view
from sizao.ops.governance.actions.schedule import note_run
from sizao.ops.governance.actions.sessions import (
    amend_profile,
    close_account,
    end_sessions,
    reopen_account,
    reset_factors,
)
from sizao.ops.governance.actions.tasks import take_up_tasks

__all__ = [
    "ALWAYS",
    "SYSTEM",
    "EmergencyRefused",
    "LinkClosed",
    "NewUser",
    "add_users",
    "amend_profile",
    "close_account",
    "drop_views",
    "end_emergency_access",
    "end_grants",
    "end_sessions",
    "found_installation",
    "give_roles",
    "hand_link",
    "note_run",
    "open_emergency_access",
    "reopen_account",
    "reset_factors",
    "review_emergency_access",
    "save_view",
    "take_up_tasks",
    "use_link",
    "withdraw_links",
]
