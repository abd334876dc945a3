"""How well a detector does: simulated and replayed outbreaks."""
