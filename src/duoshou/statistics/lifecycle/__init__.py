"""Curves of counted things that appear, grow, stay and fade: what moves them all, and the phase each is in."""

from duoshou.statistics.lifecycle.common import LEAST_SERIES, common_index
from duoshou.statistics.lifecycle.phases import Phases, latest_phases

__all__ = ["LEAST_SERIES", "Phases", "common_index", "latest_phases"]
