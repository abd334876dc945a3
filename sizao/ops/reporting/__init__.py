"""The daily report, frozen, signed and published."""
