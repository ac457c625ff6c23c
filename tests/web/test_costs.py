"""设置 → 成本 in a shop of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, Cockpit, running_cockpit
from tests.web.test_settings import file_of, save

from duoshou.app.editing import version_of
from duoshou.settings import CostRule, CostSettings, UnitCost, Workspace, load_settings

COSTS = "/settings/costs"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop whose costs may change."""
    with running_cockpit(tmp_path_factory.mktemp("costs")) as served:
        yield served


@pytest.fixture
def owner(shop: Cockpit) -> TestClient:
    """The owner's browser, before a file without costs."""
    text = file_of(shop).read_text(encoding="utf-8")
    if "\n[[costs." in text:
        head, _, rest = text.partition("\n[[costs.")
        file_of(shop).write_text(head + "\n[diagnosis]" + rest.partition("\n[diagnosis]")[2], encoding="utf-8")
    return shop.signed_in()


def said(shop: Cockpit) -> CostSettings:
    """Return what the file says of costs."""
    return load_settings(Workspace(shop.directory)).costs


def test_a_rule_is_added_changed_and_taken_away(shop: Cockpit, owner: TestClient) -> None:
    """Typed as people type, kept as the settings want it."""
    rule = {
        "valid_from": "2026-01-01",
        "platform": "taobao",
        "platform_fee_rate": "5.5%",
        "freight_per_order": "¥1,003.50",
    }
    assert save(shop, owner, f"{COSTS}/rule", **rule) == 303
    assert said(shop).rules == (
        CostRule(valid_from=date(2026, 1, 1), platform="taobao", platform_fee_rate=0.055, freight_per_order=1003.5),
    )
    page = owner.get(COSTS).text
    assert "5.5%" in page
    assert "1003.5" in page
    form = owner.get(f"{COSTS}/rule/0").text
    assert 'value="5.5"' in form
    assert save(shop, owner, f"{COSTS}/rule/0", **{**rule, "platform_fee_rate": "6", "freight_per_order": ""}) == 303
    assert said(shop).rules == (CostRule(valid_from=date(2026, 1, 1), platform="taobao", platform_fee_rate=0.06),)
    writes = shop.token("owner").get("/api/v1/audit?entity=duoshou.toml").json()["writes"]
    assert (writes[0]["action"], writes[0]["before"]["platform_fee_rate"]) == ("update", 0.055)
    assert writes[0]["after"]["freight_per_order"] is None
    assert save(shop, owner, f"{COSTS}/rule/0/remove") == 303
    assert said(shop).rules == ()
    assert owner.get(f"{COSTS}/rule/0").status_code == 404


def test_a_new_cost_replaces_the_old_one_from_its_day_on(shop: Cockpit, owner: TestClient) -> None:
    """The old one stays, marked; one that is still to come is marked too."""
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    for day, cost in (("", "10"), ("2026-02-01", "12.5"), (tomorrow, "13")):
        assert save(shop, owner, f"{COSTS}/unit", sku="A-1", cost=cost, valid_from=day) == 303
    units = shop.token("owner").get("/api/v1/settings/costs").json()["units"]
    assert [(one["cost"], one["standing"]) for one in units] == [(13.0, "later"), (12.5, "now"), (10.0, "replaced")]
    page = owner.get(COSTS).text
    assert "尚未生效" in page
    assert "已被取代" in page


def test_a_page_of_many_codes_is_searched_and_turned(shop: Cockpit, owner: TestClient) -> None:
    """Fifty a page; what is changed is the one that was meant, wherever it stands in the file."""
    block = "".join(f'\n[[costs.unit]]\nsku = "S{number:03}"\ncost = {number}\n' for number in range(120))
    text = file_of(shop).read_text(encoding="utf-8")
    file_of(shop).write_text(text.replace("\n[diagnosis]", f"{block}\n[diagnosis]"), encoding="utf-8")
    shape = shop.token("owner").get("/api/v1/settings/costs?page=3").json()
    assert (shape["total_units"], len(shape["units"]), shape["units"][0]["sku"]) == (120, 20, "S100")
    (found,) = shop.token("owner").get("/api/v1/settings/costs?q=s042").json()["units"]
    assert save(shop, owner, f"{COSTS}/unit/{found['number']}", sku="S042", cost="99") == 303
    assert {one.sku: one.cost for one in said(shop).units}["S042"] == 99
    assert owner.get(f"{COSTS}?page=2").text.count('<th scope="row">') == 50
    assert owner.get(f"{COSTS}?page=999").status_code == 200
    assert owner.get(f"{COSTS}?page=0").status_code == 422


@pytest.mark.parametrize(
    ("book", "fields"),
    [
        ("rule", {"platform": "taobao"}),
        ("rule", {"platform_fee_rate": "100"}),
        ("rule", {"platform_fee_rate": "-1"}),
        ("rule", {"platform_fee_rate": "abc"}),
        ("rule", {"freight_per_order": "1e400"}),
        ("rule", {"freight_per_order": "nan"}),
        ("rule", {"freight_per_order": "3", "valid_from": "2026-13-01"}),
        ("rule", {"freight_per_order": "3", "shop": "none"}),
        ("rule", {"freight_per_order": "3", "currency": "yuan"}),
        ("unit", {"sku": "", "cost": "3"}),
        ("unit", {"sku": "x" * 101, "cost": "3"}),
        ("unit", {"sku": "A"}),
        ("unit", {"sku": "A", "cost": "-0.01"}),
        ("unit", {"sku": "A", "cost": "9999999999"}),
    ],
)
def test_what_cannot_be_a_cost_is_refused(shop: Cockpit, owner: TestClient, book: str, fields: dict[str, str]) -> None:
    """Nothing is written, and what was typed stays in its form."""
    before = file_of(shop).read_bytes()
    data = {"csrf": shop.csrf(owner), "version": version_of(file_of(shop)), **fields}
    answer = owner.post(f"{COSTS}/{book}", data=data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert all(f'value="{value}"' in answer.text for name, value in fields.items() if value and name != "shop")
    assert file_of(shop).read_bytes() == before


def test_the_same_twice_is_refused(shop: Cockpit, owner: TestClient) -> None:
    """Of one scope and one day there is one cost."""
    assert save(shop, owner, f"{COSTS}/unit", sku="B", cost="1") == 303
    assert save(shop, owner, f"{COSTS}/unit", sku="B", cost="2") == 422
    assert said(shop).units == (UnitCost(sku="B", cost=1),)


def test_hostile_codes_are_only_words(shop: Cockpit, owner: TestClient) -> None:
    """In the file and on the page."""
    assert save(shop, owner, f"{COSTS}/unit", sku=HOSTILE, cost="1") == 303
    assert said(shop).units[0].sku == HOSTILE
    assert "<script>alert" not in owner.get(COSTS).text
    assert "<script>alert" not in owner.get(f"{COSTS}/unit/0").text


@pytest.mark.parametrize("path", ["rule/-1", "rule/x", "nothing/0", "rule/99999999999999999999", "unit/7"])
def test_a_cost_that_is_not_there(shop: Cockpit, owner: TestClient, path: str) -> None:
    """Is refused cleanly."""
    assert owner.get(f"{COSTS}/{path}").status_code in {404, 422}
    assert save(shop, owner, f"{COSTS}/{path}", sku="A", cost="1") in {404, 422}
    assert save(shop, owner, f"{COSTS}/{path}/remove") in {404, 422}


@pytest.mark.parametrize("login", ["designer", "service", "viewer", "promotion", "warehouse"])
def test_a_lesser_role_neither_sees_nor_changes_costs(shop: Cockpit, login: str) -> None:
    """On the page and by the API."""
    client, token, before = shop.signed_in(login), shop.token(login), file_of(shop).read_bytes()
    assert client.get(COSTS).status_code == 403
    assert client.get(f"{COSTS}/rule/0").status_code == 403
    assert save(shop, client, f"{COSTS}/unit", sku="A", cost="1") == 403
    assert save(shop, client, f"{COSTS}/unit/0/remove") == 403
    body = {"version": version_of(file_of(shop)), "sku": "A", "cost": 1}
    assert token.get("/api/v1/settings/costs").status_code == 403
    assert token.post("/api/v1/settings/costs/unit", json=body).status_code == 403
    assert token.put("/api/v1/settings/costs/unit/0", json=body).status_code == 403
    assert token.delete("/api/v1/settings/costs/unit/0?version=x").status_code == 403
    assert file_of(shop).read_bytes() == before


def test_costs_by_the_api(shop: Cockpit, owner: TestClient) -> None:
    """Added, changed, taken away; a version that is old is a conflict."""
    assert owner.get(COSTS).status_code == 200
    client, place = shop.token("operator"), "/api/v1/settings/costs"
    version = client.get(place).json()["version"]
    rule = {"version": version, "valid_from": "2026-01-01", "packaging_per_order": 0.8}
    added = client.post(f"{place}/rule", json=rule)
    assert added.status_code == 201
    assert client.post(f"{place}/rule", json=rule).status_code == 409
    shape = added.json()
    changed = client.put(
        f"{place}/rule/{shape['rules'][0]['number']}",
        json={"version": shape["version"], "freight_per_order": 2},
    ).json()
    assert said(shop).rules == (CostRule(freight_per_order=2),)
    assert client.delete(f"{place}/rule/0?version={changed['version']}").json()["rules"] == []
    assert client.put(f"{place}/rule/0", json={**rule, "x": 1}).status_code == 422
