"""The database's own record of every changed row."""
