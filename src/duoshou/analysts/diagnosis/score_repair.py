"""How many five-star ratings repair a score, and what the ratings that leave the window do meanwhile."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from duoshou.analysts.diagnosis.score_falls import HORIZON, Fall, shown_digits
from duoshou.analysts.diagnosis.score_reading import DatedStars, ScoreQuestion, dated_stars, latest
from duoshou.analysts.diagnosis.score_words import Scale, ScoreWords
from duoshou.model import Evidence, EvidenceType, Recommendation, Role, Text
from duoshou.statistics.ratings import best_per_day, repair, rolling_path

RATINGS = "score_ratings"
"""Metric of the number of ratings behind a score."""


@dataclass(frozen=True, slots=True)
class Repairs:
    """What there is to say about the repair of a fall."""

    recommendations: tuple[Recommendation, ...]
    evidence: tuple[Evidence, ...]
    caveats: tuple[Text, ...]


def repairs(question: ScoreQuestion, words: ScoreWords, scale: Scale | None, fall: Fall) -> Repairs:
    """Return the five-star ratings that each fallen score needs, none where the scale is not one of stars."""
    if scale is None or not scale.stars:
        return Repairs((), (), (words.words["not_stars"],))
    window = scale.window_days
    stars = None if window is None else dated_stars(question, fall.board.platform, window)
    done = [_repair(question, words, fall, item, stars, window) for item in fall.members]
    return Repairs(
        tuple(one for part in done for one in part.recommendations),
        tuple(one for part in done for one in part.evidence),
        tuple(dict.fromkeys(one for part in done for one in part.caveats)),
    )


def _repair(
    question: ScoreQuestion, words: ScoreWords, fall: Fall, item: int, stars: DatedStars | None, window: int | None
) -> Repairs:
    board, key = fall.board, fall.board.items[item]
    known = words.item_of(key)
    score, before = float(board.values[item, fall.end]), float(board.values[item, fall.start])
    goal = latest(question, "score_target", board).get(key, math.nan)
    digits = shown_digits(before - score)
    target = goal if math.isfinite(goal) and goal > score else round(before, digits)
    if target <= score:
        return Repairs((), (), ())
    ratings = question.ratings.get(key)
    if ratings is None and (stated := latest(question, RATINGS, board).get(key)) is not None:
        ratings = round(stated)
    needed = repair(score, target, ratings, step=float(fall.step[item]))
    role = known.role if known.role is Role.SERVICE else Role.OPERATOR
    shown = f"{target:g}"
    if needed.per_rating is None:
        return Repairs((), (), (words.say("unreachable", target=shown),))
    caveats = [words.words["standing"]]
    if needed.count is None:
        action = words.say("repair_share", share=math.ceil(1000 * needed.per_rating), item=known.title, target=shown)
        why = words.words["repair_why_unknown"]
        caveats.append(words.words["unknown_ratings"])
    else:
        action = words.say("repair", count=needed.count, item=known.title, target=shown)
        why = words.say("repair_why", ratings=ratings, low=needed.low, high=needed.high)
    effect: Text | None = None
    evidence: tuple[Evidence, ...] = ()
    if stars is not None and window is not None:
        if _agree(stars, score, key):
            effect, evidence = _leaving(question, words, stars, key, target)
        elif needed.count is None:
            number = round(float(stars.counts.sum()))
            count = repair(score, target, number, step=float(fall.step[item])).count
            effect = words.say("repair_reviews", days=window, ratings=number, count=count)
            if key == "description":
                caveats.append(words.words["other_stars"])
    return Repairs((Recommendation(action, role, why, effect),), evidence, tuple(caveats))


def _agree(stars: DatedStars, score: float, key: str) -> bool:
    """Return whether the dated stars are the ratings of the score: reviews star the goods, and the means agree.

    Their means differ by no more than three standard errors of what half of the ratings leave unsaid.
    """
    total = float(stars.counts.sum())
    spread = math.sqrt(max(stars.mean - 1, 0.0) * max(5 - stars.mean, 0.0))
    return key == "description" and abs(stars.mean - score) <= 3 * spread / math.sqrt(2 * total)


def _leaving(
    question: ScoreQuestion, words: ScoreWords, stars: DatedStars, key: str, target: float
) -> tuple[Text, tuple[Evidence, ...]]:
    counts, summed = [round(float(one)) for one in stars.counts], [round(float(one), 6) for one in stars.stars]
    latest, latest_stars = sum(counts[-HORIZON:]), sum(summed[-HORIZON:])
    rate = latest / min(HORIZON, len(counts))
    mean = latest_stars / latest if latest else stars.mean
    path = rolling_path(counts, summed, HORIZON, new_count=rate, new_mean=mean)
    daily = best_per_day(counts, summed, target, HORIZON, new_count=round(rate), new_mean=round(mean, 6))
    rows = tuple((question.day + timedelta(days=k + 1), float(value)) for k, value in enumerate(path))
    evidence = Evidence("path", EvidenceType.SERIES, words.words["path_title"], ("day", key), rows)
    idle, shown = f"{float(path[-1]):.3f}", f"{target:g}"
    if daily is None:
        return words.say("unreachable", target=shown), (evidence,)
    if daily == 0:
        return words.say("repair_daily_none", target=shown, idle=idle), (evidence,)
    return words.say("repair_daily", count=daily, target=shown, idle=idle), (evidence,)
