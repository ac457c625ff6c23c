"""The closed loop read: tasks, changes, notices, effects, the playbook."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import Field

from duoshou.access import Right
from duoshou.app.discreet_loop import discreet_effect, discreet_task, discreet_totals
from duoshou.app.loop.advice import playbook_standing
from duoshou.app.loop.tasks import today_of, wanted_tasks
from duoshou.assistant.answers import EffectsAnswer, RowsOfShop, TaskAnswer, words
from duoshou.assistant.bounds import page, part_of
from duoshou.assistant.caller import CALLER
from duoshou.assistant.offer import Day, Limit, Offer, Offset, ShopName
from duoshou.gate import House
from duoshou.loop.changes import WantedChanges, list_changes
from duoshou.loop.effects import CAVEATS, list_effects, totals
from duoshou.loop.notices import list_notices
from duoshou.loop.task import Task
from duoshou.loop.tasks import list_tasks, task_story
from duoshou.model import ChangeStanding, Role, TaskState, Text, Verdict, plain

Number = Annotated[int, Field(ge=1, le=2**53, description="编号，见列表 · number, as the list gives it")]
RoleName = Annotated[Role | None, Field(description="只看某个角色的 · only those of a role")]


class LoopTools:
    """Tools that tell what is being done, what was changed and what it brought."""

    def __init__(self, house: House) -> None:
        self.house = house

    def offers(self) -> list[Offer]:
        """Return them as they are offered."""
        return [
            Offer(
                self.tasks,
                Text("任务", "Tasks"),
                Text(
                    "要做的事，先到期的在前：给谁、到期日、预期哪个指标变多少、状态、是否逾期。",
                    "What is to be done, what is due first at the top: for whom, until when, which metric should move "
                    "by how much, where it stands, whether it is overdue.",
                ),
            ),
            Offer(
                self.task,
                Text("一个任务的全部", "All of one task"),
                Text("一个任务和每一步：谁在什么时候做了什么。", "One task and each step: who did what when."),
            ),
            Offer(
                self.changes,
                Text("店铺的改动", "Changes of the shop"),
                Text(
                    "改价、换图、改标题、推广变动等，新的在前；standing=proposed 是数据里看出来、还没有人确认的。",
                    "Prices, images, titles, campaigns and more that were changed, the latest first; with standing "
                    "proposed what the data show and nobody confirmed yet.",
                ),
            ),
            Offer(
                self.notices,
                Text("改动的通知", "Notices of changes"),
                Text(
                    "改动要让谁知道、他们要做什么、确认了没有、用了多久。",
                    "Who must hear of a change, what they are to do, whether they acknowledged and after how long.",
                ),
            ),
            Offer(
                self.effects,
                Text("做的事有没有用", "What was done and what it brought"),
                Text(
                    "每件做过的事的结论（有效、无效、有害、不能判断）、金额和 95% 区间；合计包括有害的。"
                    "说结论时要连同区间和 caveats。",
                    "Of everything done the verdict (worked, did not, harmed, cannot tell), money and its 95 % "
                    "interval; the totals hold what harmed too. Tell a verdict with its interval and caveats.",
                ),
            ),
            Offer(
                self.playbook,
                Text("打法", "The playbook"),
                Text(
                    "每种原因可以怎么办、预计效果、在本店试过几次几次有效；cause 用发现里的原因。",
                    "What can be done about each cause, what it should bring, how often it was tried and worked here; "
                    "`cause` is that of a finding.",
                ),
            ),
        ]

    def tasks(
        self,
        state: Annotated[TaskState | None, Field(description="只看某种状态 · only those in a state")] = None,
        role: RoleName = None,
        login: Annotated[str | None, Field(max_length=200, description="只看某人的 · only somebody's")] = None,
        overdue: Annotated[bool, Field(description="只看逾期的 · only what is overdue")] = False,
        shop: ShopName = None,
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> RowsOfShop:
        """Return tasks."""
        with self.house.bench() as bench:
            key, today = bench.settings.shop(shop).key, today_of(bench)
            states = () if state is None or overdue else (state,)
            wanted = wanted_tasks(bench, states=states, role=role, login=login, overdue=overdue)
            found, total = list_tasks(bench.state, key, wanted, limit=limit, offset=offset)
        return _rows(key, [task_shape(one, today) for one in found], offset, total)

    def task(self, number: Number, shop: ShopName = None) -> TaskAnswer:
        """Return one task."""
        with self.house.bench() as bench:
            key, today = bench.settings.shop(shop).key, today_of(bench)
            one, steps = task_story(bench.state, key, number)
        return TaskAnswer(shop=key, task=task_shape(one, today), steps=[plain(step) for step in steps])

    def changes(
        self,
        standing: Annotated[ChangeStanding | None, Field(description="只看某种状态 · only these")] = None,
        start: Annotated[Day | None, Field(description="从哪天起 · from this day")] = None,
        end: Annotated[Day | None, Field(description="到哪天止 · to this day")] = None,
        kind: Annotated[str | None, Field(max_length=100, description="种类，如 price · kind")] = None,
        shop: ShopName = None,
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> RowsOfShop:
        """Return changes."""
        with self.house.bench() as bench:
            key = bench.settings.shop(shop).key
            wanted = WantedChanges(standing, start, end, kind=kind)
            found, total = list_changes(bench.state, key, wanted, limit=limit, offset=offset)
        return _rows(key, [one.to_dict() for one in found], offset, total)

    def notices(
        self,
        role: RoleName = None,
        open_only: Annotated[bool, Field(description="只看没有人确认的 · only what nobody acknowledged")] = False,
        shop: ShopName = None,
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> RowsOfShop:
        """Return notices."""
        with self.house.bench() as bench:
            key = bench.settings.shop(shop).key
            found, total = list_notices(bench.state, key, role=role, open_only=open_only, limit=limit, offset=offset)
        now = datetime.now(UTC)
        return _rows(key, [one.to_dict() | {"late": one.is_late(now)} for one in found], offset, total)

    def effects(
        self,
        verdict: Annotated[Verdict | None, Field(description="只看某种结论 · only a verdict")] = None,
        shop: ShopName = None,
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> EffectsAnswer:
        """Return effects."""
        with self.house.bench() as bench:
            key = bench.settings.shop(shop).key
            found, total = list_effects(bench.state, key, verdict=verdict, limit=limit, offset=offset)
            sums = totals(bench.state, key)
            if Right.COSTS not in CALLER.get().rights:
                found = tuple(discreet_effect(one, bench.catalogue) for one in found)
                sums = discreet_totals(sums)
        # The days of an effect fill pages; they are on its own page in the cockpit.
        shapes = [{name: value for name, value in one.to_dict().items() if name != "content"} for one in found]
        rows, _ = part_of(shapes, 0, len(shapes) or 1)
        codes = dict.fromkeys(code for one in rows for code in one["caveats"] if code in CAVEATS)
        return EffectsAnswer(
            shop=key,
            effects=rows,
            totals=sums.to_dict(),
            page=page(offset, len(rows), total),
            caveat_meanings={code: words(CAVEATS[code]) for code in codes},
        )

    def playbook(
        self,
        cause: Annotated[str | None, Field(max_length=100, description="发现里的原因 · a cause of a finding")] = None,
        shop: ShopName = None,
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> RowsOfShop:
        """Return entries of the playbook."""
        with self.house.bench() as bench:
            key = bench.settings.shop(shop).key
            found = [one for one in playbook_standing(bench, key) if cause is None or cause in one.entry.causes]
        rows, part = part_of([one.to_dict() for one in found], offset, limit)
        return RowsOfShop(shop=key, rows=rows, page=part)


def task_shape(task: Task, today: date) -> dict[str, Any]:
    """Return the JSON of a task as its caller may read it."""
    told = task if Right.COSTS in CALLER.get().rights else discreet_task(task)
    return told.to_dict() | {"overdue": told.is_overdue(today)}


def _rows(shop: str, shapes: list[dict[str, object]], offset: int, total: int) -> RowsOfShop:
    """Return rows that were cut to a page already, and further where they are too long."""
    rows, _ = part_of(shapes, 0, len(shapes) or 1)
    return RowsOfShop(shop=shop, rows=rows, page=page(offset, len(rows), total))
