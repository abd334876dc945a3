"""Early warning: detectors, spatial scan, and their evaluation."""
