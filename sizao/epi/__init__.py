"""Science: pure functions over data frames."""
