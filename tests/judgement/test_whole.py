"""One tiny shop from its seed to the page: made, judged, stopped and resumed, scored."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from benchmarks.judgement import shops
from benchmarks.judgement.__main__ import main
from benchmarks.judgement.books import Ledger
from benchmarks.judgement.replay import SHOWN, kept, read, replay, shown
from benchmarks.judgement.report import printed
from benchmarks.judgement.scorers import Evaluation, scorers
from benchmarks.judgement.shops import OtherPlan, ShopPlan, is_made, load, make_all, seeds_of

from duoshou.app import open_workbench
from duoshou.demo.exports import write_exports
from duoshou.model import Confidence, Finding, Period, Subject, Text

PLAN = ShopPlan(5, date(2026, 5, 31), 31, per_month=12.0, products=8)
JUDGED = 21
JUDGES = "tests.judgement.judges"
JUNE, JUNE_3 = date(2026, 6, 1), date(2026, 6, 3)
WORDS, SURE = Text("缺", "missing"), Confidence.CERTAIN


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache with one shop of 31 days, of which three files are imported: no judge here reads more."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shops, "write_exports", lambda simulation, inbox: write_exports(simulation, inbox)[:3])
        assert [plan for plan, _ in make_all([PLAN], folder, jobs=1)] == [PLAN]
    return folder


def test_a_shop_is_made_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there for the same plan, lies beside shops of other density, and is never overwritten by another plan."""
    assert list(make_all([PLAN], cache, jobs=1)) == [(PLAN, 0.0)]
    assert not is_made(replace(PLAN, per_month=1.0), cache)
    with pytest.raises(OtherPlan, match="until"):
        is_made(replace(PLAN, until=date(2026, 4, 30)), cache)
    monkeypatch.setattr(shops, "MODEL_VERSION", "another")
    with pytest.raises(OtherPlan, match="model"):
        list(make_all([PLAN], cache, jobs=1))


def test_the_product_sees_the_files_and_no_truth(cache: Path) -> None:
    """The workspace holds what was exported; the truth lies beside it."""
    with open_workbench(cache / PLAN.name / "workspace") as workbench:
        assert workbench.sql("SELECT count(*) AS n FROM order_line")["n"][0].as_py() > 100
    assert not list((cache / PLAN.name / "workspace").rglob("truth.json"))
    assert not (cache / PLAN.name / "exports").exists()


def test_a_fault_of_data_is_shown_from_its_last_day_on() -> None:
    """Nobody sees a fault before it is whole; after some days it is old news."""
    fault = Finding(
        "data.missing_day", Subject("data", "main/orders", "订单"), Period(JUNE, JUNE_3), JUNE_3, WORDS, SURE
    )
    days = [JUNE + timedelta(days=number) for number in range(10)]
    assert [day for day in days if shown([fault], day)] == days[2 : 2 + SHOWN]


def test_an_unfinished_shop_is_no_shop(cache: Path) -> None:
    """Without its last file it is neither listed nor taken as made."""
    (cache / "shop-77").mkdir()
    assert [folder.name for folder in shops.folders(cache)] == [PLAN.name]


def test_the_books_agree_with_the_truth(cache: Path) -> None:
    """Effects by product add up to those of the truth; without its effects the shop that happened is another's fact."""
    made = load(cache / PLAN.name, JUDGED)
    real = [one for one in made.truth["incidents"] if not one["is_fault"]]
    assert real
    for one in real:
        for name in ("visitors", "orders", "revenue"):
            effect = made.ledger.effect(one["key"], f"product.{name}")
            assert effect is not None
            assert effect.sum() == one["series"][name]["effect"]
            assert not effect[: one["start"]].any()
    assert made.ledger.fact["product.revenue"].sum(axis=1).tolist() == made.truth["shop"]["revenue"]
    # Only who asked has an agent.
    assert made.ledger.fact["region.orders"].sum() > made.ledger.fact["agent.orders"].sum() > 0
    first = min(one["start"] for one in made.truth["incidents"])
    for name, quiet in made.ledger.quiet.items():
        # Refunds and orders by agent are entered on the day of the order, some of which come later.
        if name.split(".")[0] in {"product", "product_source", "product_device"}:
            assert np.array_equal(quiet[:first], made.ledger.fact[name][:first]), name


def test_a_replay_goes_on_where_it_stopped(cache: Path) -> None:
    """What was said before a breakdown is kept, half a line is thrown away, and a second run asks nothing."""
    folder = cache / PLAN.name
    with pytest.raises(RuntimeError, match="enough"):
        replay(folder, f"{JUDGES}:who_stops", "stopped", JUDGED)
    path = kept(folder, "stopped")
    assert len(read(path)) == 3
    with path.open("a", encoding="utf-8") as lines:
        lines.write('{"day": "2026-05-')
    assert replay(folder, f"{JUDGES}:who_knows", "stopped", JUDGED)[0] == 18
    assert [day for day, _ in read(path)] == load(folder, JUDGED).judged_days()
    assert replay(folder, f"{JUDGES}:who_stops", "stopped", JUDGED) == (0, 0.0)


def test_a_label_holds_one_replay(cache: Path) -> None:
    """Days that were judged from another day on are not mixed with these."""
    replay(cache / PLAN.name, f"{JUDGES}:who_knows", "short", 3)
    with pytest.raises(ValueError, match="another label"):
        replay(cache / PLAN.name, f"{JUDGES}:who_knows", "short", JUDGED)
    assert Evaluation([cache / PLAN.name], "short", JUDGED).scores == []
    assert len(Evaluation([cache / PLAN.name], "short", 3).scores) == 1


def test_a_judge_must_speak_of_every_day(cache: Path) -> None:
    """A day left out is an error, not a day without findings."""
    with pytest.raises(ValueError, match="the judge spoke about"):
        replay(cache / PLAN.name, f"{JUDGES}:who_skips", "skipping", JUDGED)


def test_who_knows_the_truth_finds_everything(cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the command to the page: nothing missed but faults of files, nothing false but festivals, causes right."""
    page = tmp_path / "page.md"
    plan = f"--cache {cache} --shops 1 --first-seed 5 --quiet-each 0 --until 2026-05-31 --days 31 --months 0.69"
    plan += f" --per-month 12 --products 8 --jobs 1 --judge {JUDGES}:who_knows --label knows --page {page}"
    assert main(["all", *plan.split()]) == 0
    (score,) = Evaluation([cache / PLAN.name], "knows", JUDGED).scores
    silent = [one for one in load(cache / PLAN.name, JUDGED).truth["incidents"] if one["kind"] == "platform_festival"]
    real = [one for one in score.incidents if one.size is not None]
    assert real
    assert all(one.delay == 0 and one.causes[0] == one.kind for one in real)
    assert score.verdicts.get("false", 0) <= len(silent) + len(score.incidents) - len(real)
    text = page.read_text(encoding="utf-8")
    assert "right cause first" in text
    assert str(cache) not in text
    assert "Troubles found" in capsys.readouterr().out


def test_a_judgement_that_is_not_finished_is_left_out(cache: Path) -> None:
    """The section says so instead of scoring half a shop."""
    evaluation = Evaluation([cache / PLAN.name], "nobody", JUDGED)
    section = scorers()["troubles"](evaluation)
    assert evaluation.scores == []
    assert any(PLAN.name in note for note in section.notes)
    assert PLAN.name in printed([section])
    assert section.tables == ()


def test_no_shop_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty cache is bad input, said in one line."""
    assert main(["score", "--cache", str(tmp_path)]) == 2
    assert "make them first" in capsys.readouterr().err


def test_each_third_shop_is_quiet() -> None:
    """Seeds follow each other; 0 means that none is quiet."""
    assert seeds_of(101, 4) == [(101, False), (102, False), (103, True), (104, False)]
    assert not any(quiet for _, quiet in seeds_of(1, 6, 0))


def test_a_ledger_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    """Also with keys that hold a slash, and a book that an incident left alone."""
    fact = {"product.orders": np.arange(6).reshape(3, 2), "shop.orders": np.arange(3)}
    Ledger(fact, fact, {"a/b_1": {"shop.orders": np.ones(3, dtype=int)}}).save(tmp_path / "books.npz")
    back = Ledger.load(tmp_path / "books.npz")
    assert json.dumps({name: values.tolist() for name, values in back.fact.items()}) == json.dumps(
        {name: values.tolist() for name, values in fact.items()}
    )
    effect, none = back.effect("a/b_1", "shop.orders"), back.effect("a/b_1", "product.orders")
    assert effect is not None
    assert effect.tolist() == [1, 1, 1]
    assert none is not None
    assert not none.any()
    assert back.effect("a/b_1", "city.orders") is None
