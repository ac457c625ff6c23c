"""Diagnosis: what changed, where, why, and how much it costs."""
