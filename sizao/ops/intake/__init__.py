"""What arrives, kept as it came and understood."""
