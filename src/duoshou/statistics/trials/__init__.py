"""Tests with random assignment, planned and read: split traffic (A/B) and switchbacks. Arrays in, numbers out."""

from duoshou.statistics.trials.comparison import Comparison, Course, Decision
from duoshou.statistics.trials.outcomes import Outcomes
from duoshou.statistics.trials.planning import AbPlan, PowerPoint, plan_ab
from duoshou.statistics.trials.reading import AbReading, Guard, GuardReading, read_ab
from duoshou.statistics.trials.sample_ratio import SampleRatio, sample_ratio
from duoshou.statistics.trials.switchback import SwitchbackDesign, design_switchback
from duoshou.statistics.trials.switchback_planning import SwitchbackOption, SwitchbackPlan, plan_switchback
from duoshou.statistics.trials.switchback_reading import SwitchbackReading, read_switchback

__all__ = [
    "AbPlan",
    "AbReading",
    "Comparison",
    "Course",
    "Decision",
    "Guard",
    "GuardReading",
    "Outcomes",
    "PowerPoint",
    "SampleRatio",
    "SwitchbackDesign",
    "SwitchbackOption",
    "SwitchbackPlan",
    "SwitchbackReading",
    "design_switchback",
    "plan_ab",
    "plan_switchback",
    "read_ab",
    "read_switchback",
    "sample_ratio",
]
