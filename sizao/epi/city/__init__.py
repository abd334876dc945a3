"""A simulated city: its people, their days, an epidemic."""
