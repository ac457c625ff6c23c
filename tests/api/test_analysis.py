"""Findings, explanations and numbers as JSON."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.cockpit import Cockpit, running_cockpit

DAYS = {"from": "2026-11-16", "to": "2026-11-18"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A shop of these tests alone, which decide about its findings."""
    with running_cockpit(tmp_path_factory.mktemp("analysis")) as served:
        yield served


def test_findings_are_listed_by_money(shop: Cockpit) -> None:
    """Each with its days, its kind in words and who saw it; a filter leaves its own."""
    answer = shop.token("viewer").get("/api/v1/findings").json()
    assert answer["schema_version"] == 1
    assert [one["subject"]["name"] for one in answer["findings"]] == ["乙", "甲", "丙"]
    assert answer["total"] == 3
    assert {"since", "last_seen", "seen_by", "headline", "impact"} <= set(answer["findings"][0])
    data = shop.token("viewer").get("/api/v1/findings", params={"kind": "data", "status": "all"}).json()
    assert [one["subject"]["name"] for one in data["findings"]] == ["丙"]


def test_a_finding_comes_with_its_decomposition(shop: Cockpit) -> None:
    """The drivers of the days' sales add up to the change against the same weekdays before."""
    told = shop.token("viewer").get(f"/api/v1/findings/{shop.findings[0].id}").json()
    explained = told["explanation"]
    assert explained["metric"] == "pay_amount"
    assert explained["baseline"]["from"] == "2026-11-09"
    assert sum(one["contribution"] for one in explained["drivers"]) + explained["residual"] == pytest.approx(3150)
    assert len(told["trend"]["days"]) == 60
    assert told["days"] == [{"day": "2026-11-18", "rank": 1}]


def test_a_decision_is_taken_and_told(shop: Cockpit) -> None:
    """Watched, declined, reopened: the answer says where the finding stands."""
    operator, place = shop.token("operator"), f"/api/v1/findings/{shop.findings[1].id}"
    for body, status in (
        ({"action": "watch", "until": "2026-12-01"}, "watched"),
        ({"action": "decline", "reason": "计划内"}, "declined"),
        ({"action": "reopen"}, "new"),
    ):
        answer = operator.post(f"{place}/decision", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == status
    decisions = operator.get(place).json()["decisions"]
    assert [one["action"] for one in decisions] == ["watch", "decline", "reopen"]
    assert all(one["by"].startswith("operator") for one in decisions)


@pytest.mark.parametrize(
    "body",
    [
        {"action": "decline"}, {"action": "nope"}, {}, {"action": "watch", "until": "2020-01-01"}, [], "x",
        {"action": "reopen", "status": "solved"}, {"action": "decline", "reason": "x" * 9000},
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_meant_is_refused(shop: Cockpit, body: object) -> None:
    """One error shape, and nothing decided."""
    answer = shop.token("operator").post(f"/api/v1/findings/{shop.findings[0].id}/decision", json=body)
    assert answer.status_code == 422
    assert {"code", "message"} <= set(answer.json()["error"])


def test_decisions_need_the_right_and_the_finding(shop: Cockpit) -> None:
    """A viewer decides nothing; what was never found is not there."""
    body = {"action": "reopen"}
    assert shop.token("viewer").post(f"/api/v1/findings/{shop.findings[0].id}/decision", json=body).status_code == 403
    assert shop.token("operator").post("/api/v1/findings/nobody/decision", json=body).status_code == 404
    assert shop.token("viewer").get("/api/v1/findings/nobody").status_code == 404


def test_an_explanation_has_the_shape_of_the_design(shop: Cockpit) -> None:
    """Current, baseline, change, drivers, dimensions, overlap, residual; any two periods, with filters."""
    viewer = shop.token("viewer")
    told = viewer.get("/api/v1/explain", params={"metric": "pay_amount", **DAYS, "compare": "week"}).json()
    assert {"metric", "current", "baseline", "change", "drivers", "dimensions", "overlap", "residual"} <= set(told)
    assert told["current"] == {**DAYS, "value": "7650.00"}
    assert told["change"] == pytest.approx(3150)
    own = {"against_from": "2026-11-01", "against_to": "2026-11-03", "where": ["region:浙江省"], "by": "product"}
    inside = viewer.get("/api/v1/explain", params={"metric": "pay_amount", **DAYS, **own}).json()
    assert inside["baseline"]["value"] == "900.00"
    assert [one["dimension"] for one in inside["filters"]] == ["region"]


def test_a_number_comes_with_its_rows(shop: Cockpit) -> None:
    """The rows of the page, how many there are, and their sum, which is the value."""
    where = {"where": "region:浙江省", "size": "20", "page": "3", "sort": "order_id"}
    asked = {"metric": "pay_amount", **DAYS, **where}
    told = shop.token("viewer").get("/api/v1/number", params=asked).json()
    assert told["value"]["value"] == "7650.00"
    assert told["rows"]["count"] == 51
    assert told["rows"]["sums"] == {"pay_amount": "7650.00"}
    assert (told["page"], told["pages"], len(told["rows"]["rows"])) == (3, 3, 11)
    assert "buyer_key" not in {one["name"] for one in told["rows"]["columns"]}


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("number", {"metric": "nope"}, 422),
        ("number", {"metric": "gross_margin"}, 403),
        ("explain", {"metric": "gross_margin"}, 403),
        ("explain", {"metric": "pay_amount", "from": "2020-01-01", "to": "2020-01-01"}, 422),
        ("number", {"from": "2026-11-18", "to": "2026-11-01"}, 422),
        ("number", {"from": "9999-12-31"}, 422),
        ("explain", {"from": "0001-01-01"}, 422),
        ("explain", {"against_to": "9999-12-31"}, 422),
        ("today", {"date": "0001-01-01"}, 422),
        ("today", {"date": "9999-12-31"}, 422),
        ("number", {"page": 0}, 422),
        ("number", {"size": 100000}, 422),
        ("number", {"metric": "visitors", "sort": "x'; --"}, 422),
        ("number", {"where": ["a:b"] * 50}, 422),
        ("findings", {"sort": "headline"}, 422),
        ("findings", {"status": "nope"}, 422),
    ],
)
def test_what_cannot_be_answered_is_refused(shop: Cockpit, path: str, asked: dict[str, object], status: int) -> None:
    """A clean refusal in the one error shape."""
    answer = shop.token("viewer").get(f"/api/v1/{path}", params=asked)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}


def test_a_guest_is_told_nothing(shop: Cockpit) -> None:
    """Without a token there is no answer."""
    for path in ("findings", "explain", "number", f"findings/{shop.findings[0].id}"):
        assert shop.guest().get(f"/api/v1/{path}").status_code == 401
