"""Exposures, contacts, follow-up, chains."""
