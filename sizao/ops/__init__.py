"""The operation: records, decisions, pages."""
