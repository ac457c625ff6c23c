"""Costs are for those who may see them: no answer to the others depends on one, whichever way it is asked for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.assistant.conftest import asking
from tests.cockpit import LAST, Cockpit
from tests.gate.costed import FAT, THIN, Money, make_shop, with_costs
from tests.gate.test_rights import routes

from duoshou.access import Right, rights_of
from duoshou.analysts.advice_kinds import OF_COSTS
from duoshou.analysts.channels import returns
from duoshou.app.discreet import HIDDEN_MONEY
from duoshou.app.pushing import digests
from duoshou.assistant.caller import Caller
from duoshou.assistant.tools import offers
from duoshou.loop.effects import CAVEATS as EFFECT_CAVEATS
from duoshou.loop.effects import list_effects
from duoshou.model import Role
from duoshou.server.assembly import create_app
from duoshou.state.browsing import Wanted, browse
from duoshou.statistics.response import Effort, fit_response

BLIND = [role for role in Role if Right.COSTS not in rights_of(role)]
SECRET = re.compile(r'name="csrf" value="[^"]*"')
OTHERWISE = ("/data", "/settings/jobs", "/account", "/api/v1/data", "/api/v1/jobs", "/api/v1/account")
"""Pages that tell which files came, and when whoever asks signed in: of two shops they differ anyway."""
KEPT = "涉及成本，你的角色看不到"
LEVEL = ("/advertising", "/api/v1/advertising", "/reports/studies.xlsx", "/api/v1/reports/studies.xlsx")
"""The intervals of returns are as wide as the number of those that are selected asks; which are, costs decide."""
QUESTIONS = {
    "/reports/query.csv": "?metric=pay_amount",
    "/explore": "?metric=pay_amount",
    "/number": "?metric=pay_amount",
    "/api/v1/number": "?metric=pay_amount",
    "/api/v1/explain": "?metric=pay_amount",
    "/api/v1/query": "?metrics=pay_amount",
    "/channels": "?budget=300&month=9000",
    "/api/v1/channel-budgets": "?budget=300&month_budget=9000",
}
Answers = dict[str, tuple[int, str]]


@dataclass
class Costed:
    """The shop with thin margins and with fat ones, served, and the money that must not be told.

    Attributes:
        thin: The shop whose costs are high.
        fat: The same with other costs.
        money: What only those may read who may see costs.
        read: Shop and role → what was read.
    """

    thin: Cockpit
    fat: Cockpit
    money: Money
    read: dict[tuple[int, str], Answers] = field(default_factory=dict)

    def answers(self, shop: Cockpit, role: str) -> Answers:
        """Return what a role reads in a shop, by address."""
        key = (id(shop), role)
        if key not in self.read:
            self.read[key] = read_everything(shop, role)
        return self.read[key]


@pytest.fixture(scope="module")
def costed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Costed]:
    """Both shops; the model of the channels draws less than the product does."""
    folder, money = tmp_path_factory.mktemp("costed"), Money({})
    shop, secrets = make_shop(folder / "without", money)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(returns, "fit_response", partial(fit_response, effort=Effort(128, 60, 20, 8)))
        with (
            served(with_costs(shop, folder / "thin", THIN), secrets) as thin,
            served(with_costs(shop, folder / "fat", FAT), secrets) as fat,
        ):
            made = Costed(thin, fat, money)
            # Before anybody else has seen a finding, for a page tells who has.
            for one in (thin, fat):
                made.answers(one, Role.PROMOTION.value)
            yield made


@contextmanager
def served(folder: Path, secrets: dict[str, str]) -> Iterator[Cockpit]:
    """Serve a shop."""
    app = create_app(folder)
    try:
        yield Cockpit(app, folder, secrets, ())
    finally:
        app.state.house.close()


def read_everything(shop: Cockpit, role: str) -> Answers:
    """Ask every address that can be read, for each thing that there is."""
    web, api = shop.signed_in(role), shop.token(role)
    answers: Answers = {}
    for path in addresses(shop):
        answer = (api if path.startswith("/api/") else web).get(path + QUESTIONS.get(path, ""))
        answers[path] = answer.status_code, told_by(answer)
    return answers


def addresses(shop: Cockpit) -> Iterator[str]:
    """Yield every address of a page, a list or a JSON, with its parameter filled in."""
    state = shop.app.state.house.state
    findings = [one.finding.id for one in browse(state, "main", Wanted(), limit=50).found]
    there = {
        "finding_id": findings,
        "effect_id": [one.id for one in list_effects(state, "main")[0]],
        "number": [str(number) for number in range(1, len(findings) + 1)],
        "product:path": ["1001", "1002"],
        "kind": ["daily", "studies"],
        "name": ["pay_amount", "contribution", "gross_margin_rate"],
        "key": ["pay_amount", "contribution", "ads_search"],
        "entry": [],
        "position": ["0"],
        "book": ["unit"],
        "version": [],
    }
    for route in routes(shop):
        if "GET" in route.methods:
            name, *more = re.findall(r"{([^}]*)}", route.path) or [""]
            for value in there[name] if name else [""]:
                path = route.path.replace(f"{{{name}}}", value)
                for one in more:
                    path = path.replace(f"{{{one}}}", next(iter(there[one]), ""))
                yield path


def told_by(answer: Any) -> str:
    """Return what an answer says, without what each session has of its own; of a book or document all its cells."""
    if answer.content[:2] != b"PK":
        return SECRET.sub("", answer.text)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        named = [one for one in sorted(book.namelist()) if one.endswith(".xml") and not one.startswith("docProps")]
        return "\n".join(book.read(one).decode() for one in named)


@pytest.mark.parametrize("role", BLIND)
def test_no_money_made_from_costs_is_told(costed: Costed, role: Role) -> None:
    """Neither of advice, nor of the tasks that follow it, nor of effects, margins and break-evens, on any address."""
    answers = costed.answers(costed.thin, role.value)
    assert len(answers) > 150
    assert not [path for path, (status, _) in answers.items() if status >= 500]
    assert {path: names for path, (_, text) in answers.items() if (names := costed.money.told(text))} == {}


def test_those_who_may_see_costs_are_told_all_of_it(costed: Costed) -> None:
    """Else nothing would be proven by its absence elsewhere."""
    answers = costed.answers(costed.thin, Role.OWNER.value)
    told = {name for _, text in answers.values() for name in costed.money.told(text)}
    assert set(costed.money.names.values()) - told == set()


def test_money_that_is_not_told_is_not_called_unknown(costed: Costed) -> None:
    """Whoever may not see costs is told that the money of advice is kept from the role, not that nobody knows it."""
    state = costed.thin.app.state.house.state
    found = [one.finding for one in browse(state, "main", Wanted(), limit=50).found if one.finding.kind in OF_COSTS]
    assert found
    blind, owner = costed.answers(costed.thin, Role.PROMOTION.value), costed.answers(costed.thin, Role.OWNER.value)
    for address in ("/findings", *(f"/findings/{one.id}" for one in found)):
        assert KEPT in blind[address][1], address
        assert KEPT not in owner[address][1], address
    for one in found:
        assert HIDDEN_MONEY.zh in blind[f"/api/v1/findings/{one.id}"][1]
    effects = [one.id for one in list_effects(state, "main")[0]]
    assert effects
    for one_id in effects:
        assert "costs_hidden" in blind[f"/api/v1/effects/{one_id}"][1]
        assert "costs_hidden" not in owner[f"/api/v1/effects/{one_id}"][1]
        assert EFFECT_CAVEATS["costs_hidden"].zh in blind[f"/effects/{one_id}"][1]


def test_nothing_that_is_told_depends_on_costs(costed: Costed) -> None:
    """Whoever has every right but this one reads the same in both shops, in pages, lists, JSON and workbooks."""
    assert rights_of(Role.PROMOTION) >= {one for role in BLIND for one in rights_of(role)}
    thin, fat = (costed.answers(one, Role.PROMOTION.value) for one in (costed.thin, costed.fat))
    assert thin.keys() == fat.keys()
    assert [path for path in thin if thin[path] != fat[path] and not path.startswith((*OTHERWISE, *LEVEL))] == []


def test_what_those_are_told_who_may_see_costs_depends_on_them(costed: Costed) -> None:
    """The two shops differ where they should."""
    thin, fat = costed.thin.signed_in(), costed.fat.signed_in()
    for path in ("/channels", "/products", "/products/prices", "/reports/studies.xlsx"):
        assert told_by(thin.get(path)) != told_by(fat.get(path)), path


def test_an_assistant_that_may_only_read_is_told_nothing(costed: Costed) -> None:
    """Each tool that reads, and the digest, which is read by whoever is in the group."""
    house = costed.thin.app.state.house
    state = house.state
    finding = browse(state, "main", Wanted(), limit=1).found[0].finding.id
    of_tool: dict[str, list[dict[str, Any]]] = {
        "finding": [{"finding_id": finding}],
        "task": [{"number": number} for number in range(1, 15)],
        "query": [{"metrics": ["pay_amount", "ad_cost"]}, {"metrics": ["contribution"]}],
        "explain": [{"metric": "gross_margin"}],
        "sql": [{"statement": "select * from cost"}],
    }
    reading = Caller("reader", frozenset({Right.READ, Right.EXPORT}))
    ask, owner = asking(house, reading), asking(house, Caller("owner", frozenset(Right)))
    found, known = set(), set()
    for tool in (one.name for one in offers(house) if not one.writes):
        for arguments in of_tool.get(tool, [{}]):
            found |= {(tool, name) for name in costed.money.told(str(ask(tool, **arguments).shape))}
            known |= set(costed.money.told(str(owner(tool, **arguments).shape)))
    assert found == set()
    assert known >= {"amount of an effect", "expected money of a task from pricing.change", "pricing.change"}
    with house.bench() as bench:
        assert costed.money.told(str(digests(bench, LAST, shop=None, language="zh"))) == []
