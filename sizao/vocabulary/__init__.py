"""Names, units and code lists every room shares."""
