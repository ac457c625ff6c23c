"""Who asks, in which language, about which shop; and the one place where rights are enforced."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar, cast
from urllib.parse import urlencode

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from duoshou.access import Person, Right, csrf_matches, person_of_session, person_of_token
from duoshou.gate.errors import Refused, bad_value, forged, no_right, not_signed_in
from duoshou.gate.house import House
from duoshou.model import EARLIEST, LATEST, Comparison, Language, Text
from duoshou.settings import Shop

SESSION_COOKIE = "duoshou_session"
LANGUAGE_COOKIE = "duoshou_language"
THEME_COOKIE = "duoshou_theme"
START_CODE_VARIABLE = "DUOSHOU_START_CODE"
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Choice = TypeVar("Choice", bound=StrEnum)
DAY = Text("请写成 2026-11-22", "write it as 2026-11-22")


@dataclass(frozen=True)
class Visitor:
    """One request, seen by a page.

    Attributes:
        request: The request.
        house: What the server keeps open.
        person: Who asks.
        csrf: What every form of this session must carry; empty for a token.
    """

    request: Request
    house: House
    person: Person
    csrf: str = ""

    @property
    def language(self) -> Language:
        """The language that the person chose, else the workspace's."""
        return language_of(self.request, self.house)

    @property
    def shop(self) -> Shop:
        """The shop that the address names, else the first.

        Raises:
            SettingsError: If there is no such shop.
        """
        named = self.request.query_params.get("shop")
        settings = self.house.settings
        return settings.shop(named) if named else settings.default_shop

    @property
    def only_shop(self) -> str | None:
        """Key of the shop to ask about; None where the workspace has just one.

        Raises:
            SettingsError: If the address names a shop that is not there.
        """
        key = self.shop.key
        return key if len(self.house.settings.shops) > 1 else None

    def may(self, right: str) -> bool:
        """Return whether the person has a right."""
        return Right(right) in self.person.rights

    def text(self, name: str) -> str | None:
        """Return a value of the address; None where it is not there or empty."""
        return self.request.query_params.get(name) or None

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        """Return a value of the address that is one of a few; None where it is not there or empty.

        Raises:
            Refused: If it is none of them.
        """
        value = self.text(name)
        if value is None:
            return None
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(one.value for one in kind)
            raise bad_value(name, value, Text(known, known)) from None

    def day(self, name: str = "date") -> date | None:
        """Return a day of the address.

        Raises:
            Refused: If it is no day, or one that no shop can have.
        """
        return day_given(name, self.text(name) or "")

    def comparison(self, default: Comparison = Comparison.WEEK) -> Comparison:
        """Return what the address says the period is held against.

        Raises:
            Refused: If it is no comparison.
        """
        value = self.text("compare")
        if value is None:
            return default
        try:
            return Comparison(value)
        except ValueError:
            known = ", ".join(Comparison)
            raise bad_value("compare", value, Text(f"可用：{known}", f"there are {known}")) from None

    def number(self, name: str, default: int, *, least: int = 1, most: int = 100_000) -> int:
        """Return a whole number of the address.

        Raises:
            Refused: If it is none, or out of bounds.
        """
        value = self.text(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
            wanted = Text(f"{least} 到 {most} 的整数", f"a whole number from {least} to {most}")
            raise bad_value(name, value, wanted)
        return int(value)

    def texts(self, name: str) -> list[str]:
        """Return every value that the address gives under a name."""
        return [value for value in self.request.query_params.getlist(name) if value]

    def link(self, path: str | None = None, **changes: object) -> str:
        """Return the address of this view with some values changed; None takes a value away, a list gives several.

        Another path keeps shop, date and comparison only.
        """
        kept: dict[str, object] = {name: self.request.query_params.getlist(name) for name in self.request.query_params}
        if path is not None and path != self.request.url.path:
            kept = {name: value for name, value in kept.items() if name in {"shop", "date", "compare"}}
        kept |= {name: list(map(str, value)) if isinstance(value, list) else value for name, value in changes.items()}
        words = urlencode({name: value for name, value in kept.items() if value is not None}, doseq=True)
        return (path or self.request.url.path) + (f"?{words}" if words else "")


def day_given(name: str, value: str) -> date | None:
    """Return the day that a value names; None where it is empty.

    Raises:
        Refused: If it is no day, or one that no shop can have.
    """
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise bad_value(name, value, DAY) from None
    if not EARLIEST <= day <= LATEST:
        raise bad_value(name, value, DAY)
    return day


def house_of(request: Request) -> House:
    """Return what the server keeps open."""
    return cast("House", request.app.state.house)


def language_of(request: Request, house: House) -> Language:
    """Return the language of a request: its address, its cookie, the workspace's."""
    for value in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if value in {"zh", "en"}:
            return cast("Language", value)
    return house.settings.language


def needs(right: Right) -> Callable[[Request], Awaitable[Visitor]]:
    """Return the dependency of a route that only people with a right may call.

    A bearer token is looked at first, then the session. A request that changes something must, with a session, carry
    the session's CSRF token: in a form field or in a header.
    """

    async def enter(request: Request) -> Visitor:
        house = house_of(request)
        visitor = await run_in_threadpool(_identify, request, house)
        if right not in visitor.person.rights:
            raise no_right(right.value)
        if request.method not in SAFE_METHODS and visitor.person.token_id is None:
            await _check_csrf(request)
        return visitor

    enter.right = right  # type: ignore[attr-defined]
    return enter


def _identify(request: Request, house: House) -> Visitor:
    secret = bearer(request)
    if secret is not None:
        person = person_of_token(house.state, secret)
        if person is None:
            raise not_signed_in()
        return Visitor(request, house, person)
    session = person_of_session(house.state, request.cookies.get(SESSION_COOKIE, ""))
    if session is None:
        raise not_signed_in()
    return Visitor(request, house, session.person, session.csrf)


def bearer(request: Request) -> str | None:
    """Return the token of a request; None where it carries none.

    Raises:
        Refused: If it is signed in some other way.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise not_signed_in()
    return secret.strip()


async def _check_csrf(request: Request) -> None:
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else None
    if not csrf_matches(request.cookies.get(SESSION_COOKIE, ""), given or ""):
        raise forged()


__all__ = ["Refused", "Visitor", "bearer", "house_of", "language_of", "needs"]
