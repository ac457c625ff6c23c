"""Libraries on the cases of `loop_effects.py`: the same product, donors and days, beside the estimator of the product.

The libraries know neither companions nor categories; a rate is given to them as its daily value.

    nice -n 15 python benchmarks/loop_effects_rivals.py --shops 25 --first 300 --rivals PYTHON

PYTHON is that of an environment with the packages that `effects_rivals.py` names.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from loop_effects import (
    Books,
    Floats,
    acted,
    alone,
    case_of,
    mean_of,
    setting_of,
)

from duoshou.loop.evaluation.case import Case
from duoshou.loop.evaluation.donors import Target, donors_of
from duoshou.loop.evaluation.estimate import Frame, Question, question
from duoshou.loop.evaluation.measure import Setting
from duoshou.loop.evaluation.rules import LEVEL
from duoshou.statistics.effects import effect_of_change

RIVALS = ("causal_impact", "augsynth")
BEFORE = 7


@dataclass(frozen=True)
class Asked:
    """An action: what is asked of everybody, and the true relative effect."""

    metric: str
    question: Question
    truth: float
    plain: float

    @property
    def outcome(self) -> Floats:
        """float[units, days]: what is unknown is the unit's mean before the start."""
        panel = self.question.panel
        table = panel.outcome if panel.trials is None else panel.outcome / panel.trials
        usual = np.nan_to_num(np.nanmean(table[:, : panel.start], axis=1, keepdims=True))
        return np.where(np.isfinite(table), table, usual)


def asked_of(seed: int) -> Iterator[Asked]:
    """Yield the actions of a shop that do something."""
    shop, actions, cost = acted(seed)
    seen = Books.of(shop.daily, cost)
    setting = setting_of(shop, seen, actions)
    for action in (one for one in actions if not one.is_null):
        found = question_of(setting, case_of(shop, action))
        if found is None:
            continue
        days = slice(action.start, action.start + found.judged.days)
        other = mean_of(Books.of(alone(shop, action), cost), action.metric, action.product, days)
        outcome = mean_of(seen, action.metric, action.product, days)
        before = mean_of(seen, action.metric, action.product, slice(action.start - BEFORE, action.start))
        if other > 0:
            yield Asked(action.metric, found, outcome / other - 1, outcome / before - 1 if before > 0 else 0.0)


def question_of(setting: Setting, case: Case) -> Question | None:
    """Return what the product asks of its estimators about a case."""
    window, target = setting.window(case), Target("product", case.ids)
    donors = donors_of(setting.reader, target, case, window, setting.done)
    frame = Frame(window, setting.reader.until, setting.calendar, donors.names, case.selected, True, donors.kinds)
    values = setting.reader.values(case.metric, "product")
    assert values is not None
    return question(values, case.ids, frame, companions=setting.companions(case.metric, "product"))


def ours(cases: Sequence[Asked]) -> Floats:
    """Return float[cases, 3]: relative effect and its interval."""
    effects = [effect_of_change(one.question.panel, level=LEVEL) for one in cases]
    return np.array([(one.relative, one.relative_low, one.relative_high) for one in effects])


def theirs(python: str, name: str, cases: Sequence[Asked]) -> Floats:
    """Return the same of a library; NaN where it has no answer or no interval."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.npz", Path(folder) / "out.npz"
        arrays: dict[str, Floats] = {"cases": np.array(len(cases)), "level": np.array(LEVEL)}
        for number, case in enumerate(cases):
            arrays[f"outcome{number}"] = case.outcome
            arrays[f"start{number}"] = np.array(case.question.panel.start)
            arrays[f"festival{number}"] = np.zeros(case.outcome.shape[1])
        np.savez(source, **arrays)
        script = Path(__file__).with_name("effects_rivals.py")
        subprocess.run([python, str(script), name, str(source), str(target)], check=True)
        totals = np.load(target)["found"]
    sums = np.array([case.outcome[0, case.question.panel.start :].sum() for case in cases])[:, None]
    rest = sums - totals
    return np.where(rest > 0, sums / np.where(rest > 0, rest, 1.0) - 1, np.nan)


def report(cases: Sequence[Asked], found: dict[str, Floats]) -> None:
    """Print median errors, of the cases that all could judge, and how often intervals held the truth."""
    truth, metrics = np.array([one.truth for one in cases]), np.array([one.metric for one in cases])
    told = np.all([np.isfinite(one[:, 0]) for one in found.values()], axis=0)
    print(f"| metric | cases | {' | '.join(found)} |\n| --- | --- {'| --- ' * len(found)}|")
    for name in ("all", *dict.fromkeys(metrics)):
        group = told & ((metrics == name) | (name == "all"))
        cells = []
        for one in found.values():
            error, low, high = np.abs(one[group, 0] - truth[group]), one[group, 1], one[group, 2]
            held = np.mean((low <= truth[group]) & (truth[group] <= high))
            cells.append(f"{np.median(error):.3f}" + (f" ({held:.1%})" if np.isfinite(low).all() else ""))
        print(f"| {name} | {group.sum()} of {((metrics == name) | (name == 'all')).sum()} | {' | '.join(cells)} |")


def main() -> None:
    """Run the shops and ask everybody."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shops", type=int, default=25)
    parser.add_argument("--first", type=int, default=300)
    parser.add_argument("--rivals", required=True)
    options = parser.parse_args()
    cases = [one for seed in range(options.first, options.first + options.shops) for one in asked_of(seed)]
    plain = np.column_stack([[one.plain for one in cases], np.full((len(cases), 2), np.nan)])
    found = {"Duoshou": ours(cases), "week before and after": plain}
    report(cases, found | {name: theirs(options.rivals, name, cases) for name in RIVALS})


if __name__ == "__main__":
    main()
