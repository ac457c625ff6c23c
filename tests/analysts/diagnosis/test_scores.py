"""Service scores of simulated raters, whose mood all three scores share, over half-year windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from tests.metrics.canonical import create_tables

from duoshou.analysts.diagnosis.score_falls import Fall, find_joint_falls
from duoshou.analysts.diagnosis.score_reading import Board, Floats
from duoshou.analysts.diagnosis.score_words import score_words
from duoshou.analysts.diagnosis.scores import ScoreQuestion, score_findings
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import Catalogue, load_catalogue
from duoshou.model import Confidence, Finding, Role
from duoshou.settings import EngineSettings
from duoshou.statistics.halo import Reach
from duoshou.statistics.ratings import repair

ITEMS = ("description", "logistics", "service")
WINDOW = 180
DAYS = 460
LAST = date(2026, 11, 25)
USUAL = np.cumsum([0.02, 0.01, 0.03, 0.08, 0.86])


@dataclass(frozen=True)
class Raters:
    """Raters of a shop.

    Attributes:
        seed: Seed.
        per_day: Mean number of raters a day.
        mood: Probability that a rater gives all three scores alike.
        fallen: Scores that fall.
        since: Days before the last on which they begin to fall, None for never.
        points: Fall of their daily mean.
        bright: Days before the last between which every rating was the best.
    """

    seed: int
    per_day: float = 120.0
    mood: float = 0.6
    fallen: tuple[str, ...] = ()
    since: int | None = 20
    points: float = 0.3
    bright: tuple[int, int] | None = None

    def ratings(self) -> tuple[Floats, Floats]:
        """Return the ratings per day and the stars of each item: days, and items × days."""
        rng = np.random.default_rng(self.seed)
        total = DAYS + WINDOW
        counts = rng.poisson(self.per_day, total)
        day = np.repeat(np.arange(total), counts)
        alike = rng.random(len(day)) < self.mood
        shared = rng.random(len(day))
        stars = np.zeros((3, total))
        for row, item in enumerate(ITEMS):
            drawn = np.where(alike, shared, rng.random(len(day)))
            grade = 1.0 + np.searchsorted(USUAL, drawn)
            if item in self.fallen and self.since is not None:
                worse = (day >= total - self.since) & (rng.random(len(day)) < self.points / 3.7)
                grade = np.where(worse, 1.0, grade)
            if self.bright is not None:
                grade = np.where((day >= total - self.bright[0]) & (day < total - self.bright[1]), 5.0, grade)
            stars[row] = np.bincount(day, grade, total)
        return counts.astype(np.float64), stars

    def scores(self, counts: Floats, stars: Floats) -> Floats:
        """Return the published scores, items × days, to five decimals."""
        held = np.concatenate([[0.0], np.cumsum(counts)])
        summed = np.concatenate([np.zeros((3, 1)), np.cumsum(stars, axis=1)], axis=1)
        moved = (summed[:, WINDOW:] - summed[:, :-WINDOW]) / (held[WINDOW:] - held[:-WINDOW])
        return np.asarray(np.round(moved[:, 1:], 5))

    def board(self) -> Board:
        """Return the scores as they are judged."""
        return Board("taobao", ITEMS, np.arange(DAYS), self.scores(*self.ratings()))


@dataclass
class Shelf:
    """Canonical rows of a shop, by table."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: str, rows: list[dict[str, Any]]) -> Shelf:
        """Add rows."""
        self.rows.setdefault(table, []).extend(rows)
        return self

    @contextmanager
    def opened(self, path: Path) -> Iterator[DuckDBBackend]:
        """Write the rows into a warehouse and open it."""
        with duckdb.connect(str(path)) as connection:
            create_tables(connection)
            for table, rows in self.rows.items():
                connection.register("added", pa.Table.from_pylist(rows))
                connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM added")
                connection.unregister("added")
        with DuckDBBackend.open(path, EngineSettings()) as backend:
            yield backend


def day_of(place: int) -> date:
    """Return the day of a position."""
    return LAST - timedelta(days=DAYS - 1 - place)


def shelf_of(raters: Raters, *, platform: str = "taobao", factor: float = 1.0, every: int = 1) -> Shelf:
    """Return the scores of raters as rows, multiplied by `factor`, of every so-manieth day."""
    scores = raters.scores(*raters.ratings()) * factor
    rows = [
        {"shop": "main", "platform": platform, "score": item, "day": day_of(place), "value": float(scores[row, place])}
        for row, item in enumerate(ITEMS)
        for place in range(DAYS - 1, -1, -every)
    ]
    return Shelf().add("service_score", rows)


def with_shop(shelf: Shelf, columns: Mapping[str, Floats]) -> Shelf:
    """Add the shop's own daily report."""
    base = {"shop": "main", "platform": "taobao", "currency": "CNY", "grain": "day", "terminal": "all"}
    rows = [
        {**base, "period_start": day_of(place), **{key: round(float(one[place])) for key, one in columns.items()}}
        for place in range(DAYS)
    ]
    return shelf.add("shop_period", rows)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Return the shipped catalogue."""
    return load_catalogue()


def asked(shelf: Shelf, path: Path, catalogue: Catalogue, day: date = LAST, **more: Any) -> list[Finding]:
    """Return the findings of a day."""
    with shelf.opened(path / "shop.duckdb") as backend:
        return score_findings(ScoreQuestion(backend, catalogue, day, "main", **more))


def test_one_score_that_falls_is_that_item(tmp_path: Path, catalogue: Catalogue) -> None:
    """Parcels that take longer: the logistics score alone, the warehouse's task, the delivery time as its company."""
    rng = np.random.default_rng(3)
    wait = 260_000 + rng.normal(0, 6_000, DAYS)
    wait[-24:] *= 1.4
    shop = {"pay_to_delivery_seconds": wait, "delivered_parcels": rng.poisson(120, DAYS).astype(float)}
    (found,) = asked(with_shop(shelf_of(Raters(1, fallen=("logistics",))), shop), tmp_path, catalogue)
    assert (found.kind, found.subject.id, found.subject.name) == ("diagnosis.score", "logistics", "物流服务")
    assert abs((found.period.start - day_of(DAYS - 20)).days) <= 5
    assert found.period.end == LAST
    assert found.confidence is Confidence.LIKELY
    assert "其余评分没有跟着降" in found.headline.zh
    assert [cause.kind for cause in found.causes] == ["slow_delivery"]
    assert found.recommendations[0].owner_role is Role.WAREHOUSE
    assert "平均支付签收时长" in found.recommendations[0].why.zh
    assert any("评分人数 N" in caveat.zh for caveat in found.caveats)
    ties = next(one for one in found.evidence if one.id == "ties")
    (row,) = [one for one in ties.rows if one[0] == "delivery_time"]
    change, low, high = (row[ties.columns.index(name)] for name in ("change", "low", "high"))
    assert low < 0.4 < high
    assert low < change < high


def test_the_evidence_reads_in_both_languages(tmp_path: Path, catalogue: Catalogue) -> None:
    """Every column with words has its twin in the other language, and no English cell is Chinese."""
    (found,) = asked(shelf_of(Raters(2, fallen=ITEMS)), tmp_path, catalogue)
    for one in found.evidence:
        assert one.title.zh != one.title.en
        for place, name in enumerate(one.columns):
            words = [str(row[place]) for row in one.rows if isinstance(row[place], str)]
            if name.endswith("_zh"):
                assert f"{name[:-3]}_en" in one.columns
            elif name != "metric":
                assert all(word.isascii() for word in words), (one.id, name, words)


def test_all_scores_together_are_a_mood(tmp_path: Path, catalogue: Catalogue) -> None:
    """All three fall at once: one finding about the scores, not three."""
    (found,) = asked(shelf_of(Raters(2, fallen=ITEMS)), tmp_path, catalogue)
    assert found.subject.id == "scores"
    assert "一起走低" in found.headline.zh
    assert "整体情绪" in found.headline.zh
    assert found.causes[0].kind == "common_mood_or_event"
    assert found.causes[0].contribution is not None
    assert found.causes[0].contribution < 0
    assert found.recommendations[0].owner_role is Role.OPERATOR


def test_a_known_number_of_ratings_gives_a_count(tmp_path: Path, catalogue: Catalogue) -> None:
    """With N the recommendation is the number of the formula; without it the proportion."""
    raters = Raters(4, fallen=("service",))
    shelf = shelf_of(raters)
    (found,) = asked(shelf, tmp_path, catalogue, ratings={"service": 21_600})
    changes = next(one for one in found.evidence if one.id == "changes")
    score = next(row[3] for row in changes.rows if row[:2] == ("服务态度", "service"))
    action = found.recommendations[-1].action.zh
    target = float(action.rsplit("可回到 ", 1)[1])
    assert f"争取 {repair(score, target, 21_600).count} 个五星" in action
    assert found.recommendations[-1].owner_role is Role.SERVICE
    assert not any("没有给出评分人数" in caveat.zh for caveat in found.caveats)


def test_a_fall_is_the_same_finding_tomorrow(tmp_path: Path, catalogue: Catalogue) -> None:
    """Day after day the finding keeps id and start, and its period grows."""
    with shelf_of(Raters(5, fallen=("description",), since=25)).opened(tmp_path / "shop.duckdb") as backend:
        days = [LAST - timedelta(days=back) for back in (9, 6, 3, 0)]
        found = [score_findings(ScoreQuestion(backend, catalogue, day, "main")) for day in days]
    assert all(len(one) == 1 for one in found)
    assert len({one[0].id for one in found}) == 1
    assert [one[0].period.end for one in found] == days


def test_dated_reviews_tell_what_leaves(tmp_path: Path, catalogue: Catalogue) -> None:
    """Where the reviews are the ratings, the advice counts the old ones that leave and shows the path."""
    raters = Raters(6, per_day=60, fallen=("description",), points=0.5)
    rng = np.random.default_rng(0)
    counts, stars = raters.ratings()
    reviews = []
    for place in range(DAYS):
        number, total = int(counts[place + WINDOW]), round(float(stars[0, place + WINDOW]))
        grades = np.full(number, 5)
        while grades.sum() > total:
            grades[rng.integers(number)] = rng.integers(1, 5)
            if grades.sum() < total:
                grades[int(np.argmin(grades))] += min(5 - int(grades.min()), total - int(grades.sum()))
        reviews += [
            {
                "shop": "main",
                "platform": "taobao",
                "review_id": f"{place}-{k}",
                "rating": float(grade),
                "sentiment": "positive",
                "created_on": day_of(place),
            }
            for k, grade in enumerate(grades)
        ]
    (found,) = asked(shelf_of(raters).add("review", reviews), tmp_path, catalogue)
    assert found.subject.id == "description"
    effect = found.recommendations[-1].expected_effect
    assert effect is not None
    assert "计入旧评分滚出" in effect.zh
    path = next(one for one in found.evidence if one.id == "path")
    assert path.rows[0][0] == LAST + timedelta(days=1)
    assert len(path.rows) == 30


def test_good_ratings_that_leave_are_no_new_trouble(tmp_path: Path, catalogue: Catalogue) -> None:
    """A month of perfect ratings that leaves the window half a year later is told as such, with nobody to blame."""
    raters = Raters(8, per_day=400, bright=(200, 170))
    found = asked(shelf_of(raters), tmp_path, catalogue)
    assert found
    for one in found:
        assert "old_ratings_leave" in [cause.kind for cause in one.causes]
        assert any("滚出窗口" in caveat.zh for caveat in one.caveats)
        assert not any("排班" in recommendation.action.zh for recommendation in one.recommendations)


def test_no_stars_no_five_star_arithmetic(tmp_path: Path, catalogue: Catalogue) -> None:
    """Scores of up to a hundred, on a platform of stars or of points, ask for no five-star ratings."""
    for number, platform in enumerate(("douyin", "taobao", "elsewhere")):
        folder = tmp_path / str(number)
        folder.mkdir()
        (found,) = asked(shelf_of(Raters(9, fallen=("service",)), platform=platform, factor=20.0), folder, catalogue)
        assert not any("五星" in one.action.zh for one in found.recommendations)
        assert any("不是五星制" in caveat.zh for caveat in found.caveats)


def test_weekly_exports_are_judged_too(tmp_path: Path, catalogue: Catalogue) -> None:
    """One score in four days finds a fall that lasts; a score older than a week is not judged."""
    shelf = shelf_of(Raters(10, per_day=300, fallen=("service",), since=60), every=4)
    with shelf.opened(tmp_path / "shop.duckdb") as backend:
        (found,) = score_findings(ScoreQuestion(backend, catalogue, LAST, "main"))
        late = score_findings(ScoreQuestion(backend, catalogue, LAST + timedelta(days=30), "main"))
    assert found.subject.id == "service"
    assert late == []


def test_nothing_is_said_of_nothing(tmp_path: Path, catalogue: Catalogue) -> None:
    """No rows, one row, unknown values and scores that stand still make no finding and no error."""
    base = {"shop": "main", "platform": "taobao", "score": "service"}
    still = [{**base, "day": day_of(place), "value": 4.8} for place in range(DAYS)]
    unknown = [{**base, "day": day_of(place), "value": None if place else 4.8} for place in range(DAYS)]
    cases: list[list[dict[str, Any]]] = [[], still[-1:], unknown, still]
    for number, rows in enumerate(cases):
        folder = tmp_path / str(number)
        folder.mkdir()
        shelf = Shelf().add("service_score", rows) if rows else Shelf()
        assert asked(shelf, folder, catalogue) == []


def test_findings_have_the_shape_of_findings(tmp_path: Path, catalogue: Catalogue) -> None:
    """A finding becomes JSON with both languages and no placeholder left."""
    (found,) = asked(shelf_of(Raters(12, fallen=("logistics", "service"))), tmp_path, catalogue)
    shape = found.to_dict()
    assert shape["headline"]["zh"]
    assert shape["headline"]["en"]
    assert "{" not in found.headline.zh + found.headline.en
    assert all("{" not in one.action.zh + one.why.zh + one.why.en for one in found.recommendations)


def judged(raters: Raters) -> list[Fall]:
    """Return the falls of the raters' board."""
    return find_joint_falls(raters.board(), None, WINDOW)


@pytest.mark.parametrize("fallen", [("description",), ("logistics", "service"), ITEMS])
def test_the_right_scores_are_named(fallen: tuple[str, ...]) -> None:
    """Of falls that are found, the told answers name the right scores in nine of ten cases, and most are told."""
    told = right = found = 0
    for seed in range(12):
        falls = judged(Raters(50 + seed, fallen=fallen))
        found += bool(falls)
        for fall in falls[:1]:
            told += fall.reach is not Reach.CANNOT_TELL
            right += {ITEMS[k] for k in fall.members} == set(fallen) and fall.reach is not Reach.CANNOT_TELL
    assert found >= 11
    assert told >= 0.6 * found
    assert right >= 0.9 * told


def test_ordinary_days_are_silent() -> None:
    """Raters who never change make at most two findings in 1,200 shop-days."""
    starts = set()
    for seed in range(6):
        board = Raters(300 + seed, since=None).board()
        for end in range(DAYS - 200, DAYS, 20):
            short = Board(board.platform, board.items, board.places[:end], board.values[:, :end])
            starts |= {(seed, fall.lead, fall.start) for fall in find_joint_falls(short, None, WINDOW)}
    assert len(starts) <= 2


def test_words_and_ties_are_whole(catalogue: Catalogue) -> None:
    """Every tied metric is in the catalogue, every score and lag is sound, every wording speaks both languages."""
    words = score_words()
    keys = {item.key for item in words.item}
    for tie in words.tie:
        assert {tie.metric, tie.per or tie.metric} <= set(catalogue.metrics)
        assert set(tie.items) <= keys
        assert 0 <= tie.lag[0] <= tie.lag[1]
    assert all(text.zh and text.en for text in words.words.values())
    assert words.item_of("punctuality").role is Role.OPERATOR
    assert words.scale_of("elsewhere") is None


def test_an_own_metric_tells_the_number_of_ratings(tmp_path: Path) -> None:
    """A metric `score_ratings` of the workspace gives N, so the advice is a number."""
    own = tmp_path / "metrics.toml"
    own.write_text(
        """
[[metric]]
key = "score_ratings"
title = { zh = "评分人数", en = "Ratings behind the score" }
formula = { zh = "周期最后一天的评分人数", en = "ratings behind the score on the last day of the period" }
unit = "score"
additivity = "last_value"
date_base = "rating"
refunds = "not_applicable"
source = [{ use = "service_score", last = "ratings" }]
purpose = { zh = "算五星数", en = "to count five-star ratings" }
caution = { zh = "平台很少给出", en = "platforms seldom tell it" }
""",
        encoding="utf-8",
    )
    shelf = shelf_of(Raters(4, fallen=("service",)))
    for row in shelf.rows["service_score"]:
        row["ratings"] = 21_600
    (found,) = asked(shelf, tmp_path, load_catalogue(own))
    assert "N = 21600" in found.recommendations[-1].why.zh
