"""Cases and their investigation."""
