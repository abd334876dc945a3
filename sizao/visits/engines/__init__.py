"""The engines: each answers every question with the same rows."""
