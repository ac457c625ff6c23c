"""Service scores that fall: one item, some, or all together; what moved with them; what repairs them."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import numpy as np

from duoshou.analysts.diagnosis.score_falls import HORIZON, Fall, find_joint_falls, shown_digits
from duoshou.analysts.diagnosis.score_reading import Board, Floats, ScoreQuestion, latest, read_boards
from duoshou.analysts.diagnosis.score_repair import repairs
from duoshou.analysts.diagnosis.score_ties import Moved, moved_with
from duoshou.analysts.diagnosis.score_words import Scale, ScoreWords, score_words
from duoshou.analysts.diagnosis.unjudged import NOTHING, Note, ended
from duoshou.model import (
    Cause,
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
    Untold,
)
from duoshou.statistics.halo import Reach
from duoshou.statistics.slow_shifts import LEAST_HISTORY

__all__ = ["ScoreQuestion", "score_findings", "unjudged_scores"]

KIND = "diagnosis.score"
STALE_DAYS = 8
"""A board whose last score is older than a weekly export is not judged."""

SHOWN_DAYS = 60
_BURST = 2.0


def score_findings(question: ScoreQuestion) -> list[Finding]:
    """Return the service scores that have been falling up to the asked day, one finding for those that fall together.

    A fall is told if it is beyond the score's own wobble and, at its present pace, would move the last digit that
    buyers see within 30 days. Nothing is said of a score with fewer than 40 known days before, or that stands still.
    """
    words = score_words()
    found: list[Finding] = []
    for board in read_boards(question):
        scale = _scale(words, board)
        if not len(board.places) or _is_stale(question, board):
            continue
        known = question.series("reviews", board.platform)
        falls = find_joint_falls(board, known, scale.window_days if scale else None)
        found += [_finding(question, words, scale, fall, known) for fall in falls if _is_visible(fall, scale)]
    return found


def unjudged_scores(question: ScoreQuestion) -> list[Note]:
    """Return the service scores that could not be judged on the asked day, and why."""
    words = score_words()
    boards = [one for one in read_boards(question) if len(one.places)]
    if not boards:
        return [Note(KIND, words.words["scores"], Untold.NO_DATA, True, NOTHING)]
    notes = []
    for board in boards:
        title = words.joined([words.item_of(key).title for key in board.items])
        if _is_stale(question, board):
            why = ended(_day(question, int(board.places[-1])))
            notes.append(Note(KIND, title, Untold.LATE, len(boards) == 1, why))
        elif len(board.places) <= LEAST_HISTORY:
            why = Text(
                f"只有 {len(board.places)} 天的评分，超过 {LEAST_HISTORY} 天才能判断",
                f"only {len(board.places)} days of scores, more than {LEAST_HISTORY} are needed",
            )
            notes.append(Note(KIND, title, Untold.SHORT_HISTORY, len(boards) == 1, why))
    return notes


def _is_stale(question: ScoreQuestion, board: Board) -> bool:
    return bool(question.period.days - 1 - board.places[-1] > STALE_DAYS)


def _scale(words: ScoreWords, board: Board) -> Scale | None:
    scale = words.scale_of(board.platform)
    return scale if scale is not None and float(board.values.max(initial=0.0)) <= scale.best else None


def _is_visible(fall: Fall, scale: Scale | None) -> bool:
    visible = scale.visible if scale is not None else float(fall.step[fall.lead])
    return -float(fall.per_day[fall.lead, 0]) * HORIZON >= visible / 2


def _day(question: ScoreQuestion, place: int) -> date:
    return question.period.start + timedelta(days=place)


def _finding(
    question: ScoreQuestion, words: ScoreWords, scale: Scale | None, fall: Fall, reviews: Floats | None
) -> Finding:
    board = fall.board
    began, ended = _day(question, int(board.places[fall.start]) + 1), _day(question, int(board.places[fall.end]))
    moved = moved_with(question, words, fall)
    mending = repairs(question, words, scale, fall)
    subject = _subject(words, fall)
    fact = "\n".join((KIND, question.shop or "", board.platform or "", board.items[fall.lead], str(began)))
    return Finding(
        kind=KIND,
        subject=subject,
        period=Period(began, max(began, ended)),
        detected_on=question.day,
        headline=_headline(words, fall, began),
        confidence=Confidence.POSSIBLE if fall.reach is Reach.CANNOT_TELL else Confidence.LIKELY,
        causes=_causes(words, fall, moved),
        evidence=(*_evidence(question, words, fall, moved), *mending.evidence),
        recommendations=(*_actions(words, fall, moved), *mending.recommendations),
        caveats=(*_caveats(words, scale, fall, moved, reviews), *mending.caveats),
        id=hashlib.sha256(fact.encode()).hexdigest()[:16],
    )


def _subject(words: ScoreWords, fall: Fall) -> Subject:
    if len(fall.members) == 1:
        key = fall.board.items[fall.members[0]]
        return Subject("score", key, words.item_of(key).title.zh)
    return Subject("score", "scores", words.words["scores"].zh)


def _headline(words: ScoreWords, fall: Fall, began: date) -> Text:
    board = fall.board
    titles = words.joined([words.item_of(board.items[item]).title for item in fall.members])
    values = []
    for item in fall.members:
        before, after = float(board.values[item, fall.start]), float(board.values[item, fall.end])
        digits = shown_digits(before - after)
        title = words.item_of(board.items[item]).title
        values.append(words.say("value", item=title, before=f"{before:.{digits}f}", after=f"{after:.{digits}f}"))
    name = {Reach.ONE: "one", Reach.SOME: "some", Reach.ALL: "all"}.get(fall.reach, "cannot_tell")
    if len(board.items) == 1:
        name = "only"
    projected = _projected(words, fall)
    text = words.say(name, items=titles, start=began.isoformat(), values=words.joined(values))
    return Text(f"{text.zh}。{projected.zh}", f"{text.en}. {projected.en}")


def _projected(words: ScoreWords, fall: Fall) -> Text:
    """Return where the lead goes at its present pace; its usual movement is left out."""
    now = float(fall.board.values[fall.lead, fall.end])
    ahead = now + HORIZON * fall.per_day[fall.lead]
    digits = shown_digits(float(HORIZON * fall.per_day[fall.lead, 0]))
    score, low, high = (f"{value:.{digits}f}" for value in ahead)
    return words.say("projected", score=score, low=low, high=high)


def _causes(words: ScoreWords, fall: Fall, moved: list[Moved]) -> tuple[Cause, ...]:
    total = float(fall.change[fall.lead, 0])
    causes = []
    if fall.reach is Reach.ALL and fall.halo is not None:
        subject = Subject("score", "scores", words.words["scores"].zh)
        causes.append(Cause("common_mood_or_event", subject, fall.halo.common[0], None, ("changes",)))
    if fall.leaving is not None:
        subject = _subject(words, fall)
        causes.append(Cause("old_ratings_leave", subject, fall.leaving * total, fall.leaving, ("score",)))
    for one in (one for one in moved if one.worse):
        share = None if one.contribution is None else min(one.contribution / total, 1.0)
        causes.append(
            Cause(one.tie.kind, Subject("metric", one.tie.metric, one.title.zh), one.contribution, share, ("ties",))
        )
    return tuple(causes)


def _evidence(question: ScoreQuestion, words: ScoreWords, fall: Fall, moved: list[Moved]) -> tuple[Evidence, ...]:
    board = fall.board
    shown = range(max(0, fall.start - SHOWN_DAYS), fall.end + 1)
    rows = tuple((_day(question, int(board.places[k])), *map(float, board.values[:, k])) for k in shown)
    series = Evidence("score", EvidenceType.SERIES, words.words["series_title"], ("day", *board.items), rows)
    gaps = latest(question, "score_peers_gap", board)
    chances = fall.halo.item_weights if fall.halo is not None else (1.0,)
    changes = Evidence(
        "changes",
        EvidenceType.TABLE,
        words.words["changes_title"],
        ("score_zh", "score_en", "before", "after", "change", "low", "high", "chance", "peers_gap"),
        tuple(
            (
                words.item_of(key).title.zh,
                words.item_of(key).title.en,
                float(board.values[item, fall.start]),
                float(board.values[item, fall.end]),
                *map(float, fall.change[item]),
                chances[item],
                gaps.get(key),
            )
            for item, key in enumerate(board.items)
        ),
    )
    if not moved:
        return series, changes
    ties = Evidence(
        "ties",
        EvidenceType.TABLE,
        words.words["ties_title"],
        ("metric", "name_zh", "name_en", "before", "after", "change", "low", "high", "chance", "worse"),
        tuple(
            (
                one.tie.metric,
                one.title.zh,
                one.title.en,
                one.before,
                one.after,
                one.change,
                one.low,
                one.high,
                one.chance,
                one.worse,
            )
            for one in moved
        ),
    )
    return series, changes, ties


def _actions(words: ScoreWords, fall: Fall, moved: list[Moved]) -> tuple[Recommendation, ...]:
    if fall.leaving is not None and not any(one.worse for one in moved):
        return ()
    items = [words.item_of(fall.board.items[item]) for item in fall.members]
    done: list[Recommendation] = []
    if fall.reach is Reach.ALL:
        why = words.say("act_why", items=words.joined([item.title for item in items]))
        done.append(Recommendation(words.words["act_common"], Role.OPERATOR, why))
    for item in items:
        worse = [one.title for one in moved if one.worse and item.key in one.items]
        if worse:
            why = words.say("act_why_ties", items=item.title, ties=words.joined(worse))
        elif fall.reach is Reach.ALL:
            continue
        else:
            why = words.say("act_why", items=item.title)
        done.append(Recommendation(item.action, item.role, why))
    return tuple(done)


def _caveats(
    words: ScoreWords, scale: Scale | None, fall: Fall, moved: list[Moved], reviews: Floats | None
) -> tuple[Text, ...]:
    caveats = []
    if fall.leaving is not None and scale is not None:
        caveats.append(words.say("leaving", share=f"{fall.leaving:.0%}", days=scale.window_days))
    if any(one.worse for one in moved):
        caveats.append(words.words["correlation"])
    if reviews is not None and _is_burst(fall, reviews):
        caveats.append(words.words["festival"])
    if scale is not None and scale.window_days is not None:
        caveats.append(words.say("definitions", days=scale.window_days))
    else:
        caveats.append(words.words["definitions_unknown"])
    return tuple(caveats)


def _is_burst(fall: Fall, reviews: Floats) -> bool:
    """Return whether the days of the fall brought twice, or half, the usual reviews."""
    places = fall.board.places
    during = reviews[places[fall.start] + 1 : places[fall.end] + 1]
    before = reviews[max(0, int(places[fall.start]) - SHOWN_DAYS) : places[fall.start] + 1]
    if not np.isfinite(during).any() or not np.isfinite(before).any() or np.nanmean(before) <= 0:
        return False
    ratio = float(np.nanmean(during) / np.nanmean(before))
    return ratio > _BURST or ratio < 1 / _BURST
