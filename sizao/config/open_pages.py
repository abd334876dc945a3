"""The one list of pages that need no log-in. Adding a name here is a decision."""

OPEN_PAGES = frozenset({"login", "set_language", "health", "reporting:published", "reporting:published_file"})
