"""Encrypted copies of everything, and what restores them."""
