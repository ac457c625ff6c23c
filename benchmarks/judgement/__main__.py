"""Whole judgement on simulated shops: make them, judge them, score the judgement, write the page.

python -m benchmarks.judgement make     simulate the shops and import their files (resumed where it stopped)
python -m benchmarks.judgement judge    ask the judge about every evaluated day (resumed where it stopped)
python -m benchmarks.judgement score    print the tables; judges nothing
python -m benchmarks.judgement report   the same, and write docs/explanation/judgement.md
python -m benchmarks.judgement all      make, judge, report
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.judgement import report
from benchmarks.judgement.replay import DIAGNOSIS, replay_all
from benchmarks.judgement.scorers import Evaluation
from benchmarks.judgement.shops import (
    EVALUATED_MONTHS,
    OtherPlan,
    ShopPlan,
    evaluated_days,
    folders,
    make_all,
    seeds_of,
)

STEPS = ("make", "judge", "score", "report", "all")


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words ask for and return the exit code."""
    asked = _parser().parse_args(words)
    plans = _plans(asked)
    names = {plan.name for plan in plans}
    try:
        if asked.step in {"make", "all"}:
            _make(plans, asked)
    except OtherPlan as error:
        print(error, file=sys.stderr)
        return 2
    chosen = [folder for folder in folders(asked.cache) if folder.name in names]
    if not chosen:
        print(f"no shop of this plan in {asked.cache}; make them first", file=sys.stderr)
        return 2
    if asked.step in {"judge", "all"}:
        _judge(chosen, asked)
    if asked.step in {"score", "report", "all"}:
        _score(chosen, asked, _repeatable(words or sys.argv[1:]))
    return 0


def _plans(asked: argparse.Namespace) -> list[ShopPlan]:
    return [
        ShopPlan(
            seed,
            asked.until,
            asked.days,
            is_quiet=is_quiet,
            per_month=asked.per_month,
            products=asked.products,
        )
        for seed, is_quiet in seeds_of(asked.first_seed, asked.shops, asked.quiet_each)
    ]


def _make(plans: Sequence[ShopPlan], asked: argparse.Namespace) -> None:
    began = time.perf_counter()
    for number, (plan, seconds) in enumerate(make_all(plans, asked.cache, asked.jobs), start=1):
        _tell(number, len(plans), plan.name, "was there" if seconds == 0 else f"made in {seconds:.0f} s", began)


def _judge(chosen: Sequence[Path], asked: argparse.Namespace) -> None:
    began = time.perf_counter()
    judged = replay_all(chosen, asked.judge, asked.label, evaluated_days(asked.months), asked.jobs)
    for number, (folder, days, seconds) in enumerate(judged, start=1):
        _tell(number, len(chosen), folder.name, f"{days} days judged in {seconds:.0f} s", began)


def _score(chosen: Sequence[Path], asked: argparse.Namespace, command: str) -> None:
    evaluation = Evaluation(chosen, asked.label, evaluated_days(asked.months))
    found = report.sections(evaluation)
    print(report.printed(found), end="")
    if asked.step != "score":
        text = report.page(evaluation, found, command, asked.today)
        asked.page.write_text(text, encoding="utf-8", newline="\n")
        print(f"written: {asked.page}")


def _repeatable(words: Sequence[str]) -> str:
    """Return the command without where this machine keeps things."""
    kept = list(words)
    for option in ("--cache", "--page"):
        if option in kept:
            at = kept.index(option)
            del kept[at : at + 2]
    return shlex.join(["python", "-m", "benchmarks.judgement", *kept])


def _tell(number: int, of: int, name: str, what: str, began: float) -> None:
    print(f"{number}/{of} {name}: {what}; {time.perf_counter() - began:.0f} s in all", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.judgement", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "duoshou-judgement")
    parser.add_argument("--shops", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=101)
    parser.add_argument("--quiet-each", type=int, default=3, help="each n-th shop has no incident; 0: none")
    parser.add_argument("--until", type=date.fromisoformat, default=date(2026, 11, 25))
    parser.add_argument("--days", type=int, default=548)
    parser.add_argument("--months", type=float, default=EVALUATED_MONTHS, help="judged months at the end of the window")
    parser.add_argument("--per-month", type=float, help="random incidents a month; default: as the model has it")
    parser.add_argument("--products", type=int, help="default: as the model has it")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--judge", default=DIAGNOSIS, help="module:function, see replay.py")
    parser.add_argument("--label", default="diagnosis", help="under which the judge's words are kept")
    parser.add_argument("--page", type=Path, default=report.PAGE)
    parser.add_argument(
        "--today", type=date.fromisoformat, default=datetime.now(tz=UTC).date(), help="date that the page states"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
