"""What deserves attention on a day, and all that is known of one finding."""

from __future__ import annotations

import contextlib
from typing import Annotated, Any

from pydantic import Field

from duoshou.access import Right
from duoshou.app import Workbench
from duoshou.app.discreet import discreet_finding
from duoshou.assistant.answers import FindingAnswer, FindingsAnswer, Words
from duoshou.assistant.bounds import MOST_LETTERS, letters, part_of
from duoshou.assistant.caller import CALLER
from duoshou.assistant.offer import Day, Limit, Offer, Offset, ShopName, past_day
from duoshou.gate import House
from duoshou.model import Finding, Text, plain
from duoshou.state import Story, UnknownFinding, story

FindingId = Annotated[
    str, Field(min_length=1, max_length=64, description="findings 给出的 id · the id given by `findings`")
]

HOW_TO_READ = Words(
    zh="影响金额是估计，要连同上下限一起说；原因按贡献排，可能不止这些；没列出来不等于没有问题",
    en="money at stake is an estimate: tell it with its interval; causes are ranked by contribution and may not be "
    "all; what is not listed is not proven to be well",
)
EVIDENCE_LEFT_OUT = Words(
    zh="证据表只给了列名和行数；用 finding 看整条发现",
    en="of tables of evidence only the columns and the number of rows are given; `finding` gives the whole",
)


class FindingTools:
    """Tools that tell findings."""

    def __init__(self, house: House) -> None:
        self.house = house

    def offers(self) -> list[Offer]:
        """Return them as they are offered."""
        return [
            Offer(
                self.findings,
                Text("某天的发现", "Findings of a day"),
                Text(
                    "某一天值得看的事，按涉及金额排；数据问题排最前，数据有问题时别的结论先放一放。"
                    "unjudged 是没能判断的和原因。",
                    "What deserves attention on a day, by the money at stake; faults of the data come first, and "
                    "while there are any, other conclusions wait. `unjudged` is what could not be judged, and why.",
                ),
            ),
            Offer(
                self.finding,
                Text("一条发现的全部", "All of one finding"),
                Text(
                    "一条发现的全部：原因、证据、建议、注意事项、从哪天开始、谁做过什么决定。",
                    "One finding whole: causes, evidence, recommendations, caveats, since when, and what was decided "
                    "about it by whom.",
                ),
            ),
        ]

    def findings(
        self,
        day: Annotated[
            Day | None, Field(description="哪一天，默认数据完整的最后一天 · the day, by default the last complete one")
        ] = None,
        kind: Annotated[
            str | None,
            Field(
                max_length=100, description="只看一类，如 data、diagnosis · one kind or family, such as data, diagnosis"
            ),
        ] = None,
        shop: ShopName = None,
        offset: Offset = 0,
        limit: Limit = 20,
    ) -> FindingsAnswer:
        """Return the findings of a day."""
        with self.house.bench() as bench:
            found = bench.findings(past_day(day, bench.settings.timezone), kind, shop)
        shapes = [without_evidence(told_to_caller(one)) for one in found]
        findings, page = part_of(shapes, offset, limit)
        caveats = [HOW_TO_READ] if findings else []
        if any(one["evidence"] for one in findings):
            caveats.append(EVIDENCE_LEFT_OUT)
        unjudged = [one.to_dict() for one in found.unjudged]
        return FindingsAnswer(
            date=found.day.isoformat(), findings=findings, unjudged=unjudged, page=page, caveats=caveats
        )

    def finding(self, finding_id: FindingId, shop: ShopName = None) -> FindingAnswer:
        """Return one finding."""
        with self.house.bench() as bench:
            shops = [bench.settings.shop(shop).key] if shop else [one.key for one in bench.settings.shops]
            for key in shops:
                with contextlib.suppress(UnknownFinding):
                    return _told(key, story(bench.state, key, finding_id))
            return _not_recorded(bench, shops, finding_id, shop)


def told_to_caller(found: Finding) -> Finding:
    """Return a finding as its caller may read it."""
    return found if Right.COSTS in CALLER.get().rights else discreet_finding(found)


def without_evidence(finding: Finding) -> dict[str, Any]:
    """Return the JSON of a finding in which the tables of evidence say only how many rows they have."""
    shape = finding.to_dict()
    for one in shape["evidence"]:
        one["rows_left_out"] = len(one["rows"])
        one["rows"] = []
    return shape


def _told(shop: str, told: Story) -> FindingAnswer:
    shape, caveats = _bounded(told_to_caller(told.past.finding))
    past = told.past
    return FindingAnswer(
        shop=shop,
        finding=shape,
        first_seen=past.first_seen.isoformat(),
        last_seen=past.last_seen.isoformat(),
        since=past.since.isoformat(),
        closed_on=past.closed_on.isoformat() if past.closed_on else None,
        days_found=len(told.days),
        decisions=[plain(one) for one in told.decisions],
        caveats=caveats,
    )


def _not_recorded(bench: Workbench, shops: list[str], finding_id: str, shop: str | None) -> FindingAnswer:
    """Return a finding of the last day on which the daily job has not run.

    Raises:
        UnknownFinding: If there is none either.
    """
    for one in bench.findings(None, None, shop):
        if one.id == finding_id:
            shape, caveats = _bounded(told_to_caller(one))
            caveats.append(
                Words(
                    zh="每日任务还没有记下这条发现，所以不知道它从哪天开始",
                    en="the daily job has not recorded this finding yet, so its beginning is unknown",
                )
            )
            return FindingAnswer(
                shop=shops[0],
                finding=shape,
                first_seen=None,
                last_seen=None,
                since=None,
                closed_on=None,
                days_found=0,
                decisions=[],
                caveats=caveats,
            )
    raise UnknownFinding(", ".join(shops), finding_id)


def _bounded(finding: Finding) -> tuple[dict[str, Any], list[Words]]:
    """Return the JSON of a finding, the longest evidence shortened until it fits, and what must be said of it."""
    shape = finding.to_dict()
    caveats = [HOW_TO_READ]
    cut = False
    while letters(shape) > MOST_LETTERS and any(one["rows"] for one in shape["evidence"]):
        longest = max(shape["evidence"], key=lambda one: letters(one["rows"]))
        kept = len(longest["rows"]) // 2
        longest["rows_left_out"] = longest.get("rows_left_out", 0) + len(longest["rows"]) - kept
        longest["rows"] = longest["rows"][:kept]
        cut = True
    if cut:
        caveats.append(
            Words(
                zh="证据太长，略去了后面的行（见 rows_left_out）",
                en="evidence was too long: later rows were left out (see rows_left_out)",
            )
        )
    return shape, caveats
