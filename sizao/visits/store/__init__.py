"""Visits on disk: Parquet by day, a manifest, mapped copies."""
