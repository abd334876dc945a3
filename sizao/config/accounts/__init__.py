"""Logging in, second factors, sessions, one's own account."""
