"""Diagnosis: what changed, where, why, and how much it costs."""

from duoshou.analysts.diagnosis.localisation import localise, localise_ratio

__all__ = ["localise", "localise_ratio"]
