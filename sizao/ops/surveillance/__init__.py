"""Streams of counts, their alarms, and the signals they become."""
