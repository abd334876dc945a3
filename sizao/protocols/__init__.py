"""What each disease's rules require, as data and pure functions."""
