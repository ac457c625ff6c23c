"""What a person decides about a finding, taken down for them; each is taken back with another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

from pydantic import Field

from duoshou.access import Right
from duoshou.app import Workbench
from duoshou.assistant.answers import DecisionAnswer
from duoshou.assistant.caller import CALLER
from duoshou.assistant.offer import Day, Offer, ShopName
from duoshou.assistant.tools.findings import FindingId
from duoshou.gate import House
from duoshou.model import Text
from duoshou.state import Status, decline, reopen, watch

Reason = Annotated[str, Field(max_length=2000, description="原因，用人的原话 · why, in the person's words")]
ListDay = Annotated[
    Day | None,
    Field(
        description="看的是哪一天的清单，默认最近的；从这天起生效 · whose list was read, by default the latest; it "
        "holds from then on"
    ),
]


class DecisionTools:
    """Tools that note decisions."""

    def __init__(self, house: House) -> None:
        self.house = house

    def offers(self) -> list[Offer]:
        """Return them as they are offered."""
        asked = Text("只在人明确要求时用。", "Only when the person asks for it.")
        return [
            Offer(
                self.decline_finding,
                Text("忽略一条发现", "Decline a finding"),
                Text(
                    f"不再提这条发现，直到有人重新打开；要写原因，记入审计日志。{asked.zh}",
                    f"Tell this finding no more until somebody reopens it; takes a reason, goes into the audit log. "
                    f"{asked.en}",
                ),
                right=Right.DECIDE,
                writes=True,
            ),
            Offer(
                self.watch_finding,
                Text("观察一条发现", "Watch a finding"),
                Text(
                    f"到某天之前先不提，到那天还在就再提；记入审计日志。{asked.zh}",
                    f"Keep a finding quiet until a day, on which it is told again if it still goes on; goes into the "
                    f"audit log. {asked.en}",
                ),
                right=Right.DECIDE,
                writes=True,
            ),
            Offer(
                self.reopen_finding,
                Text("重新打开一条发现", "Reopen a finding"),
                Text(
                    f"收回忽略或观察，再发现就照常提；记入审计日志。{asked.zh}",
                    f"Take a decision back: the finding is told again whenever it is found; goes into the audit log. "
                    f"{asked.en}",
                ),
                right=Right.DECIDE,
                writes=True,
            ),
        ]

    def decline_finding(
        self, finding_id: FindingId, reason: Reason, shop: ShopName = None, day: ListDay = None
    ) -> DecisionAnswer:
        """Decline a finding."""
        by = CALLER.get().signature
        return self._decide(
            finding_id,
            shop,
            day,
            lambda bench, key, on: decline(bench.state, key, finding_id, on=on, by=by, reason=reason),
        )

    def watch_finding(
        self,
        finding_id: FindingId,
        until: Annotated[Day, Field(description="哪天再提 · the day on which it is told again")],
        reason: Reason = "",
        shop: ShopName = None,
        day: ListDay = None,
    ) -> DecisionAnswer:
        """Watch a finding."""
        by = CALLER.get().signature
        return self._decide(
            finding_id,
            shop,
            day,
            lambda bench, key, on: watch(bench.state, key, finding_id, until=until, on=on, by=by, reason=reason),
        )

    def reopen_finding(
        self, finding_id: FindingId, reason: Reason = "", shop: ShopName = None, day: ListDay = None
    ) -> DecisionAnswer:
        """Reopen a finding."""
        by = CALLER.get().signature
        return self._decide(
            finding_id,
            shop,
            day,
            lambda bench, key, on: reopen(bench.state, key, finding_id, on=on, by=by, reason=reason),
        )

    def _decide(
        self,
        finding_id: str,
        shop: str | None,
        day: date | None,
        decide: Callable[[Workbench, str, date], Status],
    ) -> DecisionAnswer:
        with self.house.bench() as bench:
            key = bench.settings.shop(shop).key
            on = day or bench.last_complete_day(key)
            status = decide(bench, key, on)
        return DecisionAnswer(shop=key, finding=finding_id, status=status.value, from_day=on.isoformat())
