"""Pictures of an incident: chains, epidemic curve, map."""
