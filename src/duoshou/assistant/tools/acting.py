"""What people decide and do in the closed loop, taken down for them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from duoshou.access import Right
from duoshou.app import Workbench
from duoshou.app.loop.advice import task_from_finding
from duoshou.app.loop.subjects import named_subject
from duoshou.app.loop.tasks import finish_task, today_of, write_task
from duoshou.assistant.answers import RowsOfShop, TaskAnswer
from duoshou.assistant.bounds import page
from duoshou.assistant.caller import CALLER
from duoshou.assistant.offer import Day, Offer, ShopName
from duoshou.assistant.tools.findings import FindingId
from duoshou.assistant.tools.loop import Number, task_shape
from duoshou.gate import House
from duoshou.loop.changes import Change, NewChange, confirm, record, reject
from duoshou.loop.notices import acknowledge
from duoshou.loop.propagation import rules_of
from duoshou.loop.task import Expected, NewTask
from duoshou.loop.tasks import accept, decline_task, task_story
from duoshou.model import Role, Text, plain

Line = Annotated[str, Field(max_length=200, description="一句话 · one line")]
Due = Annotated[Day, Field(description="哪天前做完 · the day by which it is done")]
Words = Annotated[str, Field(max_length=1000, description="用人的原话 · in the person's words")]
SubjectType = Annotated[str, Field(max_length=40, description="product、campaign、shop … · type of the subject")]
SubjectId = Annotated[str, Field(max_length=200, description="对象的编号 · id of the subject")]
ASKED = Text("只在人明确要求时用。", "Only when the person asks for it.")


class ActingTools:
    """Tools that write tasks, changes and acknowledgements."""

    def __init__(self, house: House) -> None:
        self.house = house

    def offers(self) -> list[Offer]:
        """Return them as they are offered."""
        plan, act = Right.PLAN, Right.ACT
        return [
            _offer(self.task_of_finding, "由发现起草任务", "Make a task of a finding", plan, is_new=True),
            _offer(self.new_task, "新建任务", "Write a task down", plan, is_new=True),
            _offer(self.confirm_change, "确认数据里看出的改动", "Confirm a change that the data show", plan),
            _offer(self.reject_change, "否认数据里看出的改动", "Reject a change that the data show", plan),
            _offer(self.accept_task, "接下任务", "Take a task on", act),
            _offer(self.finish_task, "任务完成", "Say that a task is done", act),
            _offer(self.decline_task, "不做一个任务", "Decline a task", act),
            _offer(self.record_change, "记一条改动", "Record a change", act, is_new=True),
            _offer(self.acknowledge_notice, "确认通知", "Acknowledge a notice", act),
        ]

    def task_of_finding(
        self,
        finding_id: FindingId,
        recommendation: Annotated[int, Field(ge=1, le=50, description="第几条建议 · which advice")] = 1,
        title: Annotated[Line | None, Field(description="改个标题 · another title than drafted")] = None,
        due: Annotated[Due | None, Field(description="改到期日 · another due day than drafted")] = None,
        shop: ShopName = None,
    ) -> TaskAnswer:
        """Make a task of a finding."""
        with self.house.bench() as bench:
            key, given = bench.settings.shop(shop).key, {"title": title, "due_on": due}
            changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
            by, place = CALLER.get().signature, recommendation - 1
            made = task_from_finding(bench, finding_id, key, by=by, recommendation=place, **changes)
            return _told(bench, key, made.id)

    def new_task(
        self,
        title: Line,
        subject_type: SubjectType,
        subject_id: SubjectId,
        role: Annotated[Role, Field(description="给哪个角色 · the role it is for")],
        due: Due,
        metric: Annotated[str, Field(max_length=100, description="预期哪个指标变 · metric that should move")],
        change: Annotated[float, Field(description="预期变多少，0.1 是 +10% · by how much, 0.1 is +10 %")],
        by: Annotated[Day, Field(description="预期哪天前见效 · day by which it should show")],
        guards: Annotated[list[Line], Field(max_length=10, description="不能降的指标 · what must not fall")] = [],  # noqa: B006
        detail: Annotated[str, Field(max_length=4000, description="其余说明 · the rest in words")] = "",
        shop: ShopName = None,
    ) -> TaskAnswer:
        """Write a task down."""
        with self.house.bench() as bench:
            key = bench.settings.shop(shop).key
            subject = named_subject(bench, key, subject_type, subject_id)
            new = NewTask(title, subject, role, due, Expected(metric, change, by), detail, tuple(guards))
            made = write_task(bench, key, new, by=CALLER.get().signature)
            return _told(bench, key, made.id)

    def confirm_change(self, number: Number, shop: ShopName = None) -> RowsOfShop:
        """Confirm a change."""
        with self.house.bench() as bench:
            key, rules = bench.settings.shop(shop).key, rules_of(bench.workspace.directory)
            return _changed(key, confirm(bench.state, key, number, rules=rules, by=CALLER.get().signature))

    def reject_change(self, number: Number, shop: ShopName = None) -> RowsOfShop:
        """Reject a change."""
        with self.house.bench() as bench:
            key = bench.settings.shop(shop).key
            return _changed(key, reject(bench.state, key, number, by=CALLER.get().signature))

    def accept_task(self, number: Number, note: Words = "", shop: ShopName = None) -> TaskAnswer:
        """Take a task on for whoever asks."""
        with self.house.bench() as bench:
            key, caller = bench.settings.shop(shop).key, CALLER.get()
            accept(bench.state, key, number, by=caller.signature, owner=caller.person, note=note)
            return _told(bench, key, number)

    def finish_task(
        self,
        number: Number,
        on: Annotated[Day | None, Field(description="从哪天起，默认今天 · since which day, by default today")] = None,
        note: Words = "",
        before: Words = "",
        after: Words = "",
        shop: ShopName = None,
    ) -> TaskAnswer:
        """Say that a task is done."""
        with self.house.bench() as bench:
            key, day = bench.settings.shop(shop).key, on or today_of(bench)
            by = CALLER.get().signature
            finish_task(bench, key, number, on=day, by=by, note=note, before=before, after=after)
            return _told(bench, key, number)

    def decline_task(self, number: Number, reason: Words, shop: ShopName = None) -> TaskAnswer:
        """Decline a task."""
        with self.house.bench() as bench:
            key = bench.settings.shop(shop).key
            decline_task(bench.state, key, number, reason=reason, by=CALLER.get().signature)
            return _told(bench, key, number)

    def record_change(
        self,
        kind: Annotated[str, Field(max_length=40, description="种类：price、main_image、title … · its kind")],
        subject_type: SubjectType,
        subject_id: SubjectId,
        on: Annotated[Day | None, Field(description="从哪天起，默认今天 · since which day, by default today")] = None,
        before: Words = "",
        after: Words = "",
        note: Words = "",
        shop: ShopName = None,
    ) -> RowsOfShop:
        """Record a change; whoever must react is told."""
        with self.house.bench() as bench:
            key, rules = bench.settings.shop(shop).key, rules_of(bench.workspace.directory)
            subject = named_subject(bench, key, subject_type, subject_id)
            new = NewChange(kind, on or today_of(bench), (subject,), before, after, note=note)
            return _changed(key, record(bench.state, key, new, rules=rules, by=CALLER.get().signature))

    def acknowledge_notice(self, number: Number, note: Words = "", shop: ShopName = None) -> RowsOfShop:
        """Acknowledge a notice."""
        with self.house.bench() as bench:
            key = bench.settings.shop(shop).key
            one = acknowledge(bench.state, key, number, by=CALLER.get().signature, note=note)
            return RowsOfShop(shop=key, rows=[one.to_dict()], page=page(0, 1, 1))


def _offer(function: object, zh: str, en: str, right: Right, *, is_new: bool = False) -> Offer:
    """Return a tool that writes; one that makes something new makes another when called again."""
    said = Text(f"{zh}，记入审计日志。{ASKED.zh}", f"{en}; it goes into the audit log. {ASKED.en}")
    return Offer(function, Text(zh, en), said, right=right, writes=True, idempotent=not is_new)  # type: ignore[arg-type]


def _told(bench: Workbench, shop: str, number: int) -> TaskAnswer:
    one, steps = task_story(bench.state, shop, number)
    return TaskAnswer(shop=shop, task=task_shape(one, today_of(bench)), steps=[plain(step) for step in steps])


def _changed(shop: str, change: Change) -> RowsOfShop:
    return RowsOfShop(shop=shop, rows=[change.to_dict()], page=page(0, 1, 1))
