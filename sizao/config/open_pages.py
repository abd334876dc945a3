"""The one list of pages that need no log-in. Adding a name here is a decision."""

OPEN_PAGES = frozenset(
    {
        "login",
        "account_login",
        "set_language",
        "health",
        "ready",
        "metrics",  # closed by its own token
        "reporting:published",
        "reporting:published_file",
        "welcome",
        "choose_password",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
)

#: What a logged-in user may open before the second factor is set up or shown: only what sets it up, and the way out.
BEFORE_SECOND_FACTOR = frozenset(
    {
        "logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
    }
)
