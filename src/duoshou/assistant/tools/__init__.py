"""The tools: one module for what belongs together, each a thin face over the services."""

from __future__ import annotations

from duoshou.assistant.offer import Offer
from duoshou.assistant.tools.acting import ActingTools
from duoshou.assistant.tools.decisions import DecisionTools
from duoshou.assistant.tools.findings import FindingTools
from duoshou.assistant.tools.jobs import JobTools
from duoshou.assistant.tools.loop import LoopTools
from duoshou.assistant.tools.numbers import NumberTools
from duoshou.assistant.tools.overview import OverviewTools
from duoshou.assistant.tools.rows import RowTools
from duoshou.gate import House


def offers(house: House) -> list[Offer]:
    """Return every tool, in the order in which somebody gets to know a shop."""
    groups = (OverviewTools, NumberTools, FindingTools, LoopTools, RowTools, DecisionTools, ActingTools, JobTools)
    return [offer for group in groups for offer in group(house).offers()]
