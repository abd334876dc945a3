"""Incidents, posts' tasks, requests between units."""
