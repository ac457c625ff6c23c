"""Launches: which new products are hits in the making, how launches come, and how many of them arrive."""

from duoshou.analysts.launches.question import LaunchQuestion
from duoshou.analysts.launches.study import LaunchStudy, study_launches

__all__ = ["LaunchQuestion", "LaunchStudy", "study_launches"]
