"""Asks a judge about every evaluated day of every shop, and keeps what it said.

A judge is named `module:function` and called as `function(workspace, days)`: the folder of a workspace and the days in
order; it yields each day with its findings and may know nothing later than the day. Ids must be the same when it is
asked again from a later day on, for a replay that stopped is resumed there. What it says is kept as one JSON line a
day, so that scores can be computed again without it.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.judgement.shops import load

from duoshou.model import Finding

Judge = Callable[[Path, Sequence[date]], Iterable[tuple[date, Sequence[Finding]]]]
DIAGNOSIS = "benchmarks.judgement.replay:morning"
SHOWN = 3


def diagnosis(workspace: Path, days: Sequence[date]) -> Iterator[tuple[date, Sequence[Finding]]]:
    """Judge by the product's diagnosis."""
    from duoshou.app import open_workbench

    module = importlib.import_module("duoshou.app.diagnosis")
    with open_workbench(workspace) as workbench:
        yield from module.replay(workbench, days)


def morning(workspace: Path, days: Sequence[date]) -> Iterator[tuple[date, Sequence[Finding]]]:
    """Judge by the product's diagnosis and by its checks of the data, as a morning shows both.

    The checks, which look at a whole history, are asked once, on the last day.
    """
    from duoshou.app import open_workbench
    from duoshou.warehouse.checks import run_checks

    with open_workbench(workspace) as workbench, contextlib.closing(workbench.reader()) as connection:
        faults = run_checks(connection, workbench.settings, days[-1])
    for day, findings in diagnosis(workspace, days):
        yield day, [*findings, *shown(faults, day)]


def shown(faults: Sequence[Finding], day: date) -> list[Finding]:
    """Return the faults of data that a day shows: each from the last day that it is about on, for `SHOWN` days."""
    return [one for one in faults if 0 <= (day - one.period.end).days < SHOWN]


def daily(workspace: Path, days: Sequence[date]) -> Iterator[tuple[date, Sequence[Finding]]]:
    """Judge by what the command `findings` says of a day."""
    from duoshou.app import open_workbench

    with open_workbench(workspace) as workbench:
        for day in days:
            yield day, tuple(workbench.findings(day))


def judge_named(name: str) -> Judge:
    """Return the judge `module:function`."""
    module, _, function = name.partition(":")
    judge: Judge = getattr(importlib.import_module(module), function)
    return judge


def kept(folder: Path, label: str) -> Path:
    """Return the file in which a judge's words about a shop are kept."""
    return folder / f"judged-{label}.jsonl"


def read(path: Path) -> list[tuple[date, list[dict[str, Any]]]]:
    """Return each judged day with the shapes of its findings; a line that was cut off by a kill is left out."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    whole = [json.loads(line) for line in lines if line.endswith("\n")]
    return [(date.fromisoformat(one["day"]), one["findings"]) for one in whole]


def replay(folder: Path, judge: str, label: str, number: int) -> tuple[int, float]:
    """Judge those of the last `number` days of a shop that were not judged yet; return how many and the seconds.

    Raises:
        ValueError: If the judge leaves a day out or says something about another one, or if what is kept under the
            label begins on another day: what was found before would not be told from what is new.
    """
    shop, path = load(folder, number), kept(folder, label)
    done = read(path)
    wanted = shop.judged_days()
    if [day for day, _ in done] != wanted[: len(done)]:
        raise ValueError(f"{path} holds other days: take another label, or remove it")
    days = wanted[len(done) :]
    if not days:
        return 0, 0.0
    _rewrite(path, done)
    began = time.perf_counter()
    answers = iter(judge_named(judge)(shop.workspace, days))
    with path.open("a", encoding="utf-8", newline="\n") as lines:
        for asked in days:
            day, findings = next(answers, (None, ()))
            if day != asked:
                raise ValueError(f"{folder.name}: asked about {asked}, the judge spoke about {day}")
            lines.write(_line(asked, [finding.to_dict() for finding in findings]))
            lines.flush()
    return len(days), time.perf_counter() - began


def replay_all(
    folders: Sequence[Path], judge: str, label: str, number: int, jobs: int
) -> Iterator[tuple[Path, int, float]]:
    """Judge every shop, and yield each with the number of its days judged now and the seconds."""
    if jobs <= 1:
        yield from ((folder, *replay(folder, judge, label, number)) for folder in folders)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(replay, folder, judge, label, number): folder for folder in folders}
        for done in as_completed(running):
            yield running[done], *done.result()


def _rewrite(path: Path, done: Sequence[tuple[date, list[dict[str, Any]]]]) -> None:
    text = "".join(_line(day, findings) for day, findings in done)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


def _line(day: date, findings: Sequence[dict[str, Any]]) -> str:
    return json.dumps({"day": day.isoformat(), "findings": findings}, ensure_ascii=False, default=str) + "\n"
