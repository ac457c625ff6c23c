"""Three years of the closed loop at 100 tasks a day: every function and page, on SQLite and PostgreSQL.

    python benchmarks/loop.py [--days 1095] [--a-day 100] [--rounds 5]

Both databases get the same rows: tasks with their steps, a change for every second task, its notices, an effect for
every third. Printed is the median of the rounds in ms, by the clock and by this process's own CPU time, and whether
both databases gave the same answers. Writing functions are measured too, each on a task, change or notice of its own.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from measure import machine
from sqlalchemy import insert, text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.postgresql import has_server, running_server

from duoshou.access import Person, create_first_owner
from duoshou.access.rights import rights_of
from duoshou.app import Workbench, open_workbench
from duoshou.app.loop.advice import advise_on, playbook_standing
from duoshou.app.loop.lateness import late_findings
from duoshou.app.loop.tasks import due_tasks, finish_task, today_of, wanted_tasks
from duoshou.app.pages.marks import marks
from duoshou.loop import changes as of_changes
from duoshou.loop import effects as of_effects
from duoshou.loop import entering
from duoshou.loop import notices as of_notices
from duoshou.loop import tasks as of_tasks
from duoshou.loop.propagation import shipped_rules
from duoshou.loop.task import Expected, NewTask
from duoshou.model import ChangeStanding, Period, Role, Source, Subject, TaskState, Verdict
from duoshou.settings import Settings, Shop, StateSettings, Workspace
from duoshou.state.loop_models import ChangeRow, ChangeSubject, EffectRow, NoticeRow, TaskRow, TaskStep

SHOP, PEOPLE = "main", 12
KINDS = ("main_image", "price", "title", "detail_page", "promotion")
ROLES = (Role.DESIGNER, Role.SERVICE, Role.PROMOTION, Role.WAREHOUSE, Role.OPERATOR)
LIVELY = 21  # days before today whose tasks are not all over
CHUNK = 5000


def rows(days: int, a_day: int, today: date) -> Iterator[tuple[type, dict[str, Any]]]:
    """Yield every row of the loop, those that others refer to first."""
    actions = ("image_refresh", "price_back", "title_words", "reply_faster", None)
    for number in range(1, days * a_day + 1):
        day = today - timedelta(days=days - 1 - (number - 1) // a_day)
        moment = datetime(day.year, day.month, day.day, 2, number % 60, tzinfo=UTC)
        age = (today - day).days
        state = TaskState.EVALUATED if age > 60 else TaskState.DONE
        if number % 8 == 0:
            state = TaskState.DECLINED
        elif age <= LIVELY:
            state = (TaskState.PROPOSED, TaskState.ACCEPTED, TaskState.DOING, TaskState.DONE)[number % 4]
        kind, product = KINDS[number % len(KINDS)], f"p{number % 997}"
        is_done = state in {TaskState.DONE, TaskState.EVALUATED}
        yield (
            TaskRow,
            {
                "id": number,
                "shop": SHOP,
                "title": f"任务 {number}",
                "detail": "换图" * 20,
                "subject_type": "product",
                "subject_id": product,
                "subject_name": f"商品 {product}",
                "owner_role": ROLES[number % len(ROLES)].value,
                "owner": None if state is TaskState.PROPOSED else number % PEOPLE + 1,
                "due_on": day + timedelta(days=3 + number % 9),
                "state": state.value,
                "metric": "visitors",
                "expected_change": 0.1,
                "expected_amount": Decimal("1200.00"),
                "expected_by": day + timedelta(days=40),
                "guards": ["pay_conversion_rate"],
                "effort": "hours",
                "done_on": day + timedelta(days=2) if is_done else None,
                "reason": "换季" if state is TaskState.DECLINED else None,
                "created_by": "小王",
                "created_at": moment,
                "finding_id": None,
                "cause": "image_worse",
                "action": actions[number % len(actions)],
                "change_kind": kind if number % 2 else None,
            },
        )
        path = {
            TaskState.PROPOSED: ["proposed"],
            TaskState.ACCEPTED: ["proposed", "accepted"],
            TaskState.DOING: ["proposed", "accepted", "doing"],
            TaskState.DONE: ["proposed", "accepted", "done"],
            TaskState.EVALUATED: ["proposed", "accepted", "doing", "done", "evaluated"],
            TaskState.DECLINED: ["proposed", "declined"],
        }[state]
        for place, step in enumerate(path, start=1):
            at = moment + timedelta(hours=place)
            yield TaskStep, {"task": number, "number": place, "state": step, "at": at, "by": "小李", "note": ""}
        if number % 2:
            yield from _change(number, kind, product, day, moment, age, made=is_done)
        if number % 3 == 0 and is_done:
            yield EffectRow, _effect(number, product, day, moment, actions[number % len(actions)], age)


def _change(
    number: int, kind: str, product: str, day: date, moment: datetime, age: int, *, made: bool
) -> Iterator[tuple[type, dict[str, Any]]]:
    yield (
        ChangeRow,
        {
            "id": number,
            "shop": SHOP,
            "kind": kind,
            "happened_on": day + timedelta(days=2),
            "ended_on": None,
            "before": "旧",
            "after": "新",
            "note": "",
            "task": number if made else None,
            "origin": "manual" if made else "detected",
            "standing": "confirmed" if made else "proposed",
            "detected_key": None if made else f"k{number}",
            "recorded_by": "小李",
            "recorded_at": moment,
            "entered_at": moment if age > 1 else None,
        },
    )
    yield ChangeSubject, {"change": number, "type": "product", "id": product, "name": f"商品 {product}"}
    if not made:
        return
    for rule in shipped_rules():
        if kind in rule.on:
            is_open = age < 4 and number % 3 == 0
            yield (
                NoticeRow,
                {
                    "shop": SHOP,
                    "change": number,
                    "rule": rule.key,
                    "role": rule.role.value,
                    "text": {"zh": rule.zh, "en": rule.en},
                    "made_at": moment,
                    "due_at": moment + timedelta(hours=rule.within_hours),
                    "acknowledged_at": None if is_open else moment + timedelta(hours=number % 30),
                    "acknowledged_by": None if is_open else "小赵",
                    "note": "",
                },
            )


def _effect(number: int, product: str, day: date, moment: datetime, action: str | None, age: int) -> dict[str, Any]:
    verdict = list(Verdict)[number % 4]
    amount = None if verdict is Verdict.CANNOT_TELL else Decimal(number % 500)
    return {
        "shop": SHOP,
        "id": f"task-{number}",
        "source": "task",
        "source_id": str(number),
        "cause": "image_worse",
        "action": action,
        "subject_type": "product",
        "subject_id": product,
        "subject_name": product,
        "metric": "visitors",
        "window_from": day + timedelta(days=2),
        "window_to": day + timedelta(days=23),
        "method": "synthetic_did",
        "verdict": verdict.value,
        "amount": amount,
        "low": None if amount is None else amount - 300,
        "high": None if amount is None else amount + 300,
        "currency": "CNY",
        "relative": None if amount is None else 0.05,
        "relative_low": None if amount is None else -0.02,
        "relative_high": None if amount is None else 0.12,
        "measured_on": day + timedelta(days=30),
        "measured_at": moment,
        "is_final": age > 60,
        "caveats": [],
        "content": {},
    }


def fill(workbench: Workbench, days: int, a_day: int, today: date) -> int:
    """Put every row into the state, past the log, which is another benchmark's matter; return how many there are."""
    from duoshou.access import create_person

    state, count = workbench.state, 0
    create_first_owner(state, "owner", "店主", "long enough 2026")
    for number in range(PEOPLE - 1):
        create_person(state, f"p{number}", f"员工{number}", ROLES[number % len(ROLES)], None, by="bench")
    with state.engine.begin() as connection:
        # Each after what it refers to; made anew for each table, so that memory stays small.
        for model in (TaskRow, TaskStep, ChangeRow, ChangeSubject, NoticeRow, EffectRow):
            found = (row for one, row in rows(days, a_day, today) if one is model)
            while chunk := list(islice(found, CHUNK)):
                connection.execute(insert(model), chunk)
                count += len(chunk)
        if not state.is_sqlite:
            for table in ("task", "change", "notice"):
                sequence = f"pg_get_serial_sequence('{table}', 'id')"
                connection.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM {table}))"))
    with state.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return count


def asked(bench: Workbench, today: date, total: int) -> dict[str, Callable[[], Any]]:
    """Return what is asked of a state; each answer is comparable."""
    state, now = bench.state, datetime.now(UTC)
    coat = Subject("product", "p5", "商品 p5")
    wanted, changes = of_tasks.WantedTasks, of_changes.WantedChanges
    period = Period(today - timedelta(days=59), today)
    return {
        "list_tasks: first page of all": lambda: of_tasks.list_tasks(state, SHOP, wanted()),
        "list_tasks: last page of all": lambda: of_tasks.list_tasks(state, SHOP, wanted(), offset=total - 200),
        "list_tasks: proposed": lambda: of_tasks.list_tasks(state, SHOP, wanted((TaskState.PROPOSED,))),
        "list_tasks: evaluated": lambda: of_tasks.list_tasks(state, SHOP, wanted((TaskState.EVALUATED,))),
        "list_tasks: of a role": lambda: of_tasks.list_tasks(state, SHOP, wanted(role=Role.DESIGNER)),
        "list_tasks: somebody's": lambda: of_tasks.list_tasks(state, SHOP, wanted_tasks(bench, login="p3")),
        "list_tasks: overdue": lambda: of_tasks.list_tasks(state, SHOP, wanted_tasks(bench, overdue=True)),
        "due_tasks": lambda: due_tasks(bench, SHOP, today),
        "task_story": lambda: of_tasks.task_story(state, SHOP, total // 2),
        "list_changes: all": lambda: of_changes.list_changes(state, SHOP, changes()),
        "list_changes: proposed": lambda: of_changes.list_changes(state, SHOP, changes(ChangeStanding.PROPOSED)),
        "list_changes: 60 days": lambda: of_changes.list_changes(
            state, SHOP, changes(ChangeStanding.CONFIRMED, period.start, period.end)
        ),
        "list_changes: of a product": lambda: of_changes.list_changes(state, SHOP, changes(subject=("product", "p5"))),
        "unentered": lambda: of_changes.unentered(state, SHOP),
        "entered": lambda: entering.entered(state, SHOP),
        "marks of a chart": lambda: [one.day for one in marks(bench, period, None, ("product", "p5"))],
        "list_notices: all": lambda: of_notices.list_notices(state, SHOP),
        "list_notices: open": lambda: of_notices.list_notices(state, SHOP, open_only=True),
        "list_notices: open of a role": lambda: of_notices.list_notices(state, SHOP, role=Role.SERVICE, open_only=True),
        "late_notices": lambda: of_notices.late_notices(state, SHOP, now),
        "late_findings": lambda: [one.subject for one in late_findings(bench, SHOP, today - timedelta(days=1))],
        "role_delays: 30 days": lambda: of_notices.role_delays(state, SHOP, since=now - timedelta(days=30), now=now),
        "list_effects": lambda: of_effects.list_effects(state, SHOP),
        "list_effects: harmed": lambda: of_effects.list_effects(state, SHOP, verdict=Verdict.HARMED),
        "effect_of": lambda: of_effects.effect_of(state, SHOP, Source.TASK, "3"),
        "totals": lambda: of_effects.totals(state, SHOP),
        "playbook": lambda: [one.told for one in playbook_standing(bench, SHOP)],
        "advice on a finding": lambda: [one.entry.key for one in advise_on(bench, finding(), SHOP)],
        "propose": lambda: of_tasks.propose(state, SHOP, task(coat, today), by="小王").state,
        **{f"page {name}": ask for name, ask in pages(bench, total).items()},
    }


def written(bench: Workbench, today: date) -> dict[str, Callable[[], Any]]:
    """Return what writes, each time on something of its own."""
    state, coat = bench.state, Subject("product", "p5", "商品 p5")
    new = of_changes.NewChange("main_image", today, (coat,), "旧", "新")

    def taken() -> int:
        made = of_tasks.propose(state, SHOP, task(coat, today), by="小王").id
        of_tasks.accept(state, SHOP, made, by="小李", owner=2)
        return made

    def open_notice() -> int:
        return of_notices.list_notices(state, SHOP, open_only=True, limit=1)[0][0].id

    return {
        "propose + accept": taken,
        "propose + accept + finish": lambda: finish_task(
            bench, SHOP, taken(), on=today, by="小李", kind="main_image", after="新"
        ),
        "propose + decline": lambda: of_tasks.decline_task(
            state, SHOP, of_tasks.propose(state, SHOP, task(coat, today), by="小王").id, reason="换季", by="小李"
        ),
        "record a change": lambda: of_changes.record(state, SHOP, new, rules=shipped_rules(), by="小李"),
        "acknowledge": lambda: of_notices.acknowledge(state, SHOP, open_notice(), by="小赵"),
    }


def pages(bench: Workbench, total: int) -> dict[str, Callable[[], Any]]:
    """Return the pages of the loop that there are."""
    from duoshou.app.pages.board import BoardAsked, board
    from duoshou.app.pages.change_calendar import change_calendar
    from duoshou.app.pages.changes import ChangesAsked, changes_page
    from duoshou.app.pages.effects import effects_page
    from duoshou.app.pages.notices import notices_page
    from duoshou.app.pages.task import task_page
    from duoshou.app.pages.task_form import task_form
    from duoshou.app.pages.trials import trials_page
    from duoshou.app.pages.work import work_of

    owner = Person(1, "owner", "店主", Role.OWNER, rights_of(Role.OWNER))
    return {
        "board": lambda: len(board(bench, BoardAsked(), None, costs=True).columns),
        "board: what is evaluated": lambda: len(
            board(bench, BoardAsked(TaskState.EVALUATED), None, costs=True).columns
        ),
        "new task": lambda: len(task_form(bench, SHOP, None, None).people),
        "what waits for somebody": lambda: bool(work_of(bench, owner, None)),
        "calendar of changes": lambda: len(change_calendar(bench, None, None).weeks),
        "effects": lambda: effects_page(bench, None, 1, None, costs=True).total,
        "tests": lambda: trials_page(bench, 1, None, costs=True).total,
        "task": lambda: task_page(bench, total // 2, None, costs=True).task.id,
        "changes": lambda: bool(changes_page(bench, ChangesAsked(), None)),
        "notices": lambda: bool(notices_page(bench, owner, None)),
    }


def task(subject: Subject, today: date) -> NewTask:
    """Return a task to be written down."""
    due = today + timedelta(days=3)
    return NewTask("换图", subject, Role.DESIGNER, due, Expected("visitors", 0.1, due + timedelta(days=20)))


def finding() -> Any:
    """Return a finding of a worse image."""
    from tests import business

    return business.finding()


def timed(ask: Callable[[], Any], rounds: int) -> tuple[float, float, Any]:
    """Return ms by the clock and by the processor, medians, and the first answer."""
    answer = ask()
    clock, cpu = [], []
    for _ in range(rounds):
        began, used = time.perf_counter(), time.process_time()
        ask()
        clock.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return statistics.median(clock), statistics.median(cpu), answer


def measured(url: str, folder: Path, options: argparse.Namespace) -> dict[str, tuple[float, float, Any]]:
    """Fill a state and ask everything of it."""
    state = StateSettings(url=url) if url else StateSettings()
    Workspace.create(folder, Settings(name="店", shops=(Shop(key=SHOP, name="店"),), state=state))
    with open_workbench(folder) as bench:
        today = today_of(bench)
        count = fill(bench, options.days, options.a_day, today)
        print(f"{url.partition(':')[0] or 'sqlite'}: {count:,} rows", flush=True)
        total = options.days * options.a_day
        reading = {name: timed(ask, options.rounds) for name, ask in asked(bench, today, total).items()}
        writing = {name: timed(ask, options.rounds) for name, ask in written(bench, today).items()}
        return reading | {name: (clock, cpu, None) for name, (clock, cpu, _) in writing.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=1095)
    parser.add_argument("--a-day", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        found = {"SQLite": measured("", Path(scratch) / "sqlite", options)}
        if has_server():
            with running_server() as server:
                found["PostgreSQL"] = measured(server.new_database(), Path(scratch) / "postgresql", options)
        print("| call | " + " | ".join(f"{name} ms (CPU)" for name in found) + " | same answer |")
        print("| --- |" + " --- |" * (len(found) + 1))
        for call, (*_, first) in found["SQLite"].items():
            times = " | ".join(f"{one[call][0]:.0f} ({one[call][1]:.0f})" for one in found.values())
            same = all(one[call][2] == first for one in found.values())
            print(f"| {call} | {times} | {'' if first is None else 'yes' if same else 'NO'} |")


if __name__ == "__main__":
    main()
