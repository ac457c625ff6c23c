"""The calendar of an online shop: workdays, public holidays, festivals, and fair days of another year."""

from duoshou.settings.calendar.align import Alignment, AlignmentRule, Segment
from duoshou.settings.calendar.days import Calendar, DayInfo, FestivalDay, load_calendar
from duoshou.settings.calendar.errors import CalendarError
from duoshou.settings.calendar.festival import CALENDAR_FILE, PHASE_NAMES, Phase
from duoshou.settings.calendar.lunar import lunar_day
from duoshou.settings.calendar.workdays import default_countries

__all__ = [
    "CALENDAR_FILE",
    "PHASE_NAMES",
    "Alignment",
    "AlignmentRule",
    "Calendar",
    "CalendarError",
    "DayInfo",
    "FestivalDay",
    "Phase",
    "Segment",
    "default_countries",
    "load_calendar",
    "lunar_day",
]
