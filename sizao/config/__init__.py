"""Settings, addresses, page frame, commands."""
