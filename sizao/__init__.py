"""Outbreak response from the first signal to the last release."""

__version__ = "0.1.0"
