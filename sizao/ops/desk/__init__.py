"""My tasks, my area, search, the incident's board."""
