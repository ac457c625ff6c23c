"""效果: what was done and brought, one effect with what it rests on, and the playbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.cockpit import HOSTILE, LAST, Cockpit, running_cockpit

from duoshou.loop.changes import NewChange, record
from duoshou.loop.effects import Measured, record_effects
from duoshou.model import Period, Source, Subject, Verdict

WINDOW = Period(LAST - timedelta(days=6), LAST)
SUBJECT = Subject("product", "1001", f"羽绒服 {HOSTILE}")


def measured(number: str, verdict: Verdict, **other: Any) -> Measured:
    """Return the effect of a change on visitors."""
    days = [{"day": one.isoformat(), "expected": 100.0, "observed": 120.0} for one in WINDOW]
    before = [{"day": (WINDOW.start - timedelta(days=one)).isoformat(), "observed": 101.0} for one in (3, 2, 1)]
    guard = {"metric": "pay_conversion_rate", "relative": -0.02, "low": -0.04, "high": 0.01, "standing": "held"}
    given: dict[str, Any] = {
        "method": "synthetic_did",
        "currency": "CNY",
        "measured_on": LAST,
        "is_final": True,
        "relative": 0.2,
        "relative_low": 0.11,
        "relative_high": 0.29,
        "caveats": ("assumed_margin", "few_donors"),
        "content": {
            "days": days,
            "before": before,
            "guards": [guard],
            "expected": {"change": 0.1, "from": "task"},
            "money": {
                "gross": {"estimate": 1500.0, "low": 700.0, "high": 2300.0},
                "displaced": {"estimate": -300.0, "low": -500.0, "high": -100.0},
            },
            "overlaps": [{"id": 9, "kind": "title", "on": str(LAST)}],
        },
    }
    given = {"source": Source.CHANGE, "metric": "visitors"} | given | other
    return Measured(source_id=number, subject=SUBJECT, window=WINDOW, verdict=verdict, **given)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A shop in which three changes were measured: one paid, one harmed, one cannot be told."""
    with running_cockpit(tmp_path_factory.mktemp("effects")) as served:
        state = served.app.state.house.state
        changes = [
            record(state, "main", NewChange(kind, WINDOW.start, (SUBJECT,), "旧", HOSTILE), rules=(), by="owner")
            for kind in ("main_image", "price", "title")
        ]
        one, two, three = (str(change.id) for change in changes)
        unknown: dict[str, Any] = {"amount": None, "low": None, "high": None, "relative": None, "content": {}}
        effects = [
            measured(one, Verdict.WORKED, amount=Decimal(1200), low=Decimal(400), high=Decimal(2000)),
            measured(two, Verdict.HARMED, amount=Decimal(-5000), low=Decimal(-9000), high=Decimal(-1000)),
            measured(three, Verdict.CANNOT_TELL, method="cannot_tell", is_final=False, **unknown),
        ]
        record_effects(state, "main", effects, by="job")
        yield served


def test_the_total_holds_good_and_bad_alike(shop: Cockpit) -> None:
    """1,200 earned and 5,000 lost are −3,800, also where only what worked is listed; one is told not to be in it."""
    client = shop.signed_in("operator")
    page = client.get("/effects").text
    assert "-3,800 元" in page
    assert "另有 1 件折算不成钱" in page
    only = client.get("/effects?verdict=worked").text
    assert "-3,800 元" in only
    assert "换主图" in only
    assert "改价" not in only
    assert "<script>alert" not in page
    told = shop.token("operator").get("/api/v1/effects").json()
    assert told["totals"]["amount"] == "-3800.00"
    assert told["totals"]["verdicts"] == {"worked": 1, "did_not": 0, "harmed": 1, "cannot_tell": 1}
    assert [one["verdict"] for one in told["effects"]].count("harmed") == 1


def test_an_effect_tells_days_money_guards_and_what_limits_it(shop: Cockpit) -> None:
    """The chart, each part of the money, each guard, each caveat in words, and what was changed at the same time."""
    told = shop.token("viewer").get("/api/v1/effects").json()["effects"]
    number = next(one["id"] for one in told if one["verdict"] == "worked")
    page = shop.signed_in().get(f"/effects/{number}").text
    for words in (
        "有效",
        "1,200 元",
        "+20.0%",
        "+10%",
        "相争的商品同期变了",
        "守住了",
        "按设置的毛利率",
        "改标题",
        "<svg",
    ):
        assert words in page, words
    assert "<script>alert" not in page
    shape = shop.token("operator").get(f"/api/v1/effects/{number}").json()
    assert shape["estimate"] == "1200.00"
    assert shape["content"]["money"]["displaced"]["estimate"] == -300.0


def test_without_costs_an_effect_is_its_verdict_and_its_change(shop: Cockpit) -> None:
    """Money over the sales that were gained would be the margin: who may not see it reads the rest, and why."""
    page, told = shop.signed_in("designer").get("/effects").text, shop.token("viewer").get("/api/v1/effects").json()
    assert "你的角色看不到" in page
    assert "+20.0%" in page
    assert "-3,800" not in page
    assert (told["totals"]["amount"], told["totals"]["verdicts"]["worked"]) == (None, 1)
    one = next(one for one in told["effects"] if one["verdict"] == "worked")
    assert (one["estimate"], one["relative"]) == (None, 0.2)
    shape = shop.token("viewer").get(f"/api/v1/effects/{one['id']}").json()
    assert "money" not in shape["content"]
    assert len(shape["content"]["days"]) == WINDOW.days
    page = shop.signed_in("designer").get(f"/effects/{one['id']}").text
    assert "<svg" in page
    assert "钱是怎么算的" not in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_not_there_is_not_counted(tmp_path: Path, language: str) -> None:
    """Where every effect has an amount nothing is said of those without, nor of amounts where there are none."""
    apart = {"zh": "折算不成钱", "en": "cannot be put into money"}[language]
    with running_cockpit(tmp_path) as alone:
        state, page = alone.app.state.house.state, f"/effects?lang={language}"
        assert apart not in alone.signed_in().get(page).text
        known = {"amount": Decimal(10), "low": Decimal(5), "high": Decimal(15), "source": Source.CAMPAIGN}
        record_effects(state, "main", [measured("1", Verdict.WORKED, **known)], by="job")
        assert apart not in alone.signed_in().get(page).text
        record_effects(state, "main", [measured("2", Verdict.WORKED, source=Source.CAMPAIGN)], by="job")
        assert apart in alone.signed_in().get(page).text


def test_what_cannot_be_told_says_so(shop: Cockpit) -> None:
    """Without numbers there is no chart and no zero; the page stands."""
    told = shop.token("viewer").get("/api/v1/effects?verdict=cannot_tell").json()["effects"]
    page = shop.signed_in().get(f"/effects/{told[0]['id']}").text
    assert "不能判断" in page
    assert "还会变" in page
    assert "<figure" not in page


@pytest.mark.parametrize(
    ("path", "status"),
    [("/effects/change-999", 404), ("/effects/..%2f..", 404), ("/effects?verdict=x", 422), ("/effects?page=0", 422)],
)
def test_what_is_not_there_is_refused(shop: Cockpit, path: str, status: int) -> None:
    """An unknown effect, verdict or page: a page that says what is wrong."""
    assert shop.signed_in().get(path).status_code == status
    assert shop.token("viewer").get(f"/api/v1{path}").status_code == status


def test_the_playbook_names_every_entry(shop: Cockpit) -> None:
    """Each action with who does it and how often it was tried here."""
    page = shop.signed_in().get("/playbook").text
    told = shop.token("viewer").get("/api/v1/playbook").json()["playbook"]
    assert len(told) > 10
    assert all(one["entry"]["zh"] in page for one in told)
    assert "在本店还没试过" in page


def test_margins_and_days_of_costs_are_for_those_who_may_see_costs(shop: Cockpit) -> None:
    """Who may not gets the effect without the margin, and without the days of a metric that tells costs."""
    state = shop.app.state.house.state
    money = {"gross": {"estimate": 10.0, "low": 5.0, "high": 15.0}, "margin": {"rate": 0.4321}}
    one = measured("777", Verdict.WORKED, amount=Decimal(10), low=Decimal(5), high=Decimal(15))
    content = {**one.content, "money": money}
    record_effects(state, "main", [replace(one, source=Source.CAMPAIGN, id="", content=content)], by="job")
    earned = replace(one, source=Source.CAMPAIGN, source_id="778", id="", metric="contribution", content=content)
    record_effects(state, "main", [earned], by="job")
    for path in ("campaign-777", "campaign-778"):
        assert "0.4321" in shop.token("operator").get(f"/api/v1/effects/{path}").text
        assert "0.4321" not in shop.token("designer").get(f"/api/v1/effects/{path}").text
    assert "days" in shop.token("designer").get("/api/v1/effects/campaign-777").json()["content"]
    assert "days" not in shop.token("designer").get("/api/v1/effects/campaign-778").json()["content"]
    assert shop.signed_in("designer").get("/effects/campaign-778").status_code == 200


def test_the_total_is_that_of_the_last_measurement(shop: Cockpit) -> None:
    """An effect that is kept, or measured anew, is in the total of the next page at once."""
    state, client = shop.app.state.house.state, shop.token("operator")
    before = Decimal(client.get("/api/v1/effects").json()["totals"]["amount"])
    one = measured("900", Verdict.WORKED, amount=Decimal(10), low=Decimal(5), high=Decimal(15), is_final=False)
    one = replace(one, source=Source.CAMPAIGN, id="")
    for amount in (10, 7):
        record_effects(state, "main", [replace(one, amount=Decimal(amount))], by="job")
        assert Decimal(client.get("/api/v1/effects").json()["totals"]["amount"]) == before + amount
