"""The demonstration: a real outbreak replayed through the real actions."""
