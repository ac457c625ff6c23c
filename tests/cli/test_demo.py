"""The simulated shop of `duoshou demo`: other shops by options, the truth beside, and nobody's folder touched."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from duoshou.app import open_workbench
from duoshou.demo import simulated
from duoshou.demo.simulated import DemoError, Recipe, write_truth
from duoshou.demo.simulation import Scenario, ScenarioError, simulate
from duoshou.loop.tasks import WantedTasks, list_tasks

SCENARIO = """
name = "small"
[parameters.shop]
products = 8
[[incident]]
kind = "page_broken"
start = -2
end = -1
size = 1.5
place = { product = 0, device = 0 }
[[deed]]
action = "image_new"
day = -12
product = 1
before = "old"
after = "new"
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the scenario of a small shop."""
    path = tmp_path_factory.mktemp("scenario") / "small.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_demo_goes_the_whole_way(tmp_path: Path, scenario: Path, duoshou: Any) -> None:
    """Files in, a sheet of the last day out, what to try next, and the truth outside of the inbox."""
    shop = tmp_path / "my shop"
    done = duoshou(
        "--lang", "en", "demo", shop, "--seed", 3, "--scenario", scenario, "--until", "2026-03-31", "--days", 30
    )
    assert done.code == 0, done.err
    assert [path.name for path in (shop / "reports").glob("*.xlsx")] == ["daily-2026-03-31.xlsx"]
    assert "none rejected" in done.out
    assert f'duoshou --workspace "{shop}" query' in done.out
    assert len(done.out.splitlines()) < 45
    assert not list((shop / "inbox").iterdir())
    truth = json.loads((shop / "truth.json").read_text("utf-8"))
    assert (truth["schema"], truth["seed"], truth["scenario"]) == ("duoshou-truth/1", 3, "small")
    assert (truth["version"], truth["first"], truth["until"]) == ("2", "2026-03-02", "2026-03-31")
    assert [one["first_day"] for one in truth["incidents"]] == ["2026-03-30"]
    workbench = open_workbench(shop)
    with workbench.reader() as connection:
        days = connection.execute("SELECT count(*), min(period_start), max(period_start) FROM shop_period").fetchone()
    assert days == (30, date(2026, 3, 2), date(2026, 3, 31))
    tasks, _ = list_tasks(workbench.state, workbench.settings.default_shop.key, WantedTasks())
    assert [(one.what.action, one.done_on) for one in tasks] == [("image_new", date(2026, 3, 20))]
    told = json.loads(duoshou("--workspace", shop, "effects", "--json").out)
    assert [(one["source"], one["action"], one["metric"]) for one in told["effects"]] == [
        ("task", "image_new", "visitors")
    ]
    again = duoshou("demo", shop, "--seed", 4)
    assert again.code == 2
    assert "demo_folder_taken" in again.err or "工作区" in again.err or "workspace" in again.err


def test_demo_leaves_the_workspace_of_somebody_alone(tmp_path: Path, duoshou: Any) -> None:
    """Neither demonstration puts its files into a shop that exists."""
    shop = tmp_path / "shop"
    duoshou("init", shop)
    for words in (("demo", shop), ("demo", "--real", shop)):
        done = duoshou(*words)
        assert done.code == 2
        assert not list((shop / "inbox").iterdir())


def test_options_of_the_simulation_do_not_go_with_the_real_one(tmp_path: Path, duoshou: Any) -> None:
    """Whoever asks for both is told so, and nothing is made."""
    assert duoshou("demo", tmp_path / "shop", "--real", "--seed", 3).code == 2
    assert not (tmp_path / "shop").exists()


def test_the_usual_shop_is_fixed_and_another_seed_is_another_one() -> None:
    """The documented shop does not follow the clock; another seed places its own incidents."""
    usual = Recipe.of()
    assert (usual.seed, usual.until, usual.scenario.name) == (simulated.SEED, simulated.UNTIL, simulated.SCENARIO)
    assert not usual.scenario.is_random
    assert Recipe.of(seed=simulated.SEED) == usual
    assert Recipe.of(seed=8).scenario.is_random
    assert Recipe.of(until=date(2026, 11, 25)).scenario == usual.scenario


def test_the_shipped_scenario_hits_what_it_names() -> None:
    """Its bestseller is one, is hit on the last day, and orders are lost."""
    recipe = Recipe.of()
    shop = recipe.simulated()
    plain = next(one for one in shop.world.incidents if one.key == "page_of_the_bestseller")
    assert plain.end == shop.world.days - 1
    before = shop.daily.paid_amount[-31:-3].sum(axis=(0, 2, 3))
    assert plain.place["product"] == before.argmax()
    effect = shop.without(plain.key)
    lost = 1 - effect.factual_orders[-3:].sum() / effect.orders[-3:].sum()
    assert 0.03 < lost < 0.3


def test_the_shipped_deeds_are_what_happened() -> None:
    """The new picture is an incident of the same product and day, the other did nothing; short shops lack both."""
    told = Recipe.of().scenario
    picture, page = told.deeds
    assert any(
        (one["kind"], one["start"], one["place"]["product"]) == ("image_better", picture["day"], picture["product"])
        for one in told.incidents
    )
    assert page["product"] not in {one.get("place", {}).get("product") for one in told.incidents}
    short = Recipe.of(days=30).scenario
    assert not short.deeds
    assert {one["start"] for one in short.incidents} == {-16, -6, -3}


@pytest.mark.parametrize(
    "deed",
    [
        {"action": "image_new", "day": -12, "product": 1},
        {"action": "image_new", "day": -99, "product": 1, "before": "", "after": ""},
        {"action": "image_new", "day": -1, "product": 99, "before": "", "after": ""},
        {"action": "image_new", "day": "x", "product": 1, "before": "", "after": ""},
    ],
)
def test_a_deed_that_cannot_be_meant_is_refused(deed: dict[str, Any]) -> None:
    """It lacks something, lies outside of the window, or names no product of the shop."""
    with pytest.raises(ScenarioError) as refused:
        simulate(3, date(2026, 3, 31), 30, Scenario("x", (), {"shop": {"products": 8}}, deeds=(deed,)))
    assert refused.value.code == "invalid_scenario"


def test_a_deed_that_the_playbook_does_not_know_is_refused(tmp_path: Path, duoshou: Any) -> None:
    """It says what there is instead of a traceback."""
    odd = tmp_path / "odd.toml"
    odd.write_text(SCENARIO.replace("image_new", "magic"), encoding="utf-8")
    done = duoshou("--lang", "en", "demo", tmp_path / "shop", "--seed", 3, "--scenario", odd, "--days", 30)
    assert done.code != 0
    assert "the playbook has no magic" in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "shop").exists()


def test_a_folder_holds_one_shop(tmp_path: Path) -> None:
    """The same shop may be made again, another one not, nor one whose truth cannot be read."""
    recipe = Recipe.of(until=date(2026, 3, 31), days=30, seed=8)
    recipe.refuse_others(tmp_path, "duoshou.toml")
    (tmp_path / "duoshou.toml").touch()
    write_truth(simulate(8, date(2026, 3, 31), 30), tmp_path)
    recipe.refuse_others(tmp_path, "duoshou.toml")
    with pytest.raises(DemoError):
        Recipe.of(until=date(2026, 3, 30), days=30, seed=8).refuse_others(tmp_path, "duoshou.toml")
    with pytest.raises(DemoError):
        Recipe.of(until=date(2026, 3, 31), days=30, seed=8, orders=9000).refuse_others(tmp_path, "duoshou.toml")
    (tmp_path / simulated.TRUTH).write_text("{", encoding="utf-8")
    with pytest.raises(DemoError):
        recipe.refuse_others(tmp_path, "duoshou.toml")


def test_a_shop_has_about_the_order_lines_that_are_asked_for() -> None:
    """Traffic grows with them: within a tenth."""
    shop = Recipe.of(until=date(2026, 3, 31), days=30, seed=8, orders=20_000).simulated()
    assert sum(len(one.line_order) for one in shop.order_chunks()) == pytest.approx(20_000, rel=0.1)


def test_days_of_a_scenario_may_count_from_the_end(scenario: Path, tmp_path: Path) -> None:
    """The last day is -1; a day before the first is refused."""
    (incident,) = Recipe.of(scenario=scenario, days=40).simulated().world.incidents
    assert (incident.start, incident.end) == (38, 39)
    early = tmp_path / "early.toml"
    early.write_text(SCENARIO.replace("start = -2", "start = -41"), encoding="utf-8")
    with pytest.raises(ScenarioError):
        Recipe.of(scenario=early, days=40).simulated()
