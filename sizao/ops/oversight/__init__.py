"""Who saw and did what; what goes when."""
