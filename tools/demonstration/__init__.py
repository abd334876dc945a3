"""Makes the simulated part of the demonstration's data."""
