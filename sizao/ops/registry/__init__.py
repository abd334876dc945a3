"""Areas, persons, households, places and units."""
