"""Reads of the desk: grouped numbers, newest rows, search."""
