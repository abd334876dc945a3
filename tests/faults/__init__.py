"""What must hold when something breaks."""
