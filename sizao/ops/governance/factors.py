"""How secrets of second factors are sealed: they belong to no row of ours, so to one number instead."""

from uuid import UUID

FACTORS = UUID("6c1d1f5e-3f3b-4c52-9a5e-0d0c5b7f2a11")
#: The entries of an authenticator's data that are secrets.
SECRETS = ("secret", "seed")
