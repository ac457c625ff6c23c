"""From a typed context to a page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse

from duoshou.app.discreet import HIDDEN_MONEY
from duoshou.gate import CSRF_FIELD, THEME_COOKIE, house_of, language_of
from duoshou.model import Text
from duoshou.model.numbers import UNKNOWN
from duoshou.reports.words import Words
from duoshou.web.assets import HTMX, assets
from duoshou.web.wording import wording
from duoshou.web.writing import Pen

if TYPE_CHECKING:
    from fastapi import Request

    from duoshou.gate import Visitor
    from duoshou.model import DuoshouError

THEMES = ("light", "dark")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("duoshou.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(
        UNKNOWN=UNKNOWN, HIDDEN_MONEY=HIDDEN_MONEY, HTMX=HTMX, asset=lambda name: assets()[name].address
    )
    return made


def render(visitor: Visitor, template: str, page: object, *, status: int = 200, **more: object) -> HTMLResponse:
    """Return a page.

    Args:
        visitor: Who asks.
        template: Name in `templates/`.
        page: The typed context; the template sees it as `page`.
        status: HTTP status.
        more: What else the template needs, such as a chart.
    """
    facts = _facts(visitor.request) | {
        "page": page,
        "visitor": visitor,
        "csrf": Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, visitor.csrf),
        "link": visitor.link,
        **more,
    }
    return HTMLResponse(_environment().get_template(template).render(facts), status_code=status)


def render_for_guest(request: Request, template: str, *, status: int = 200, **facts: object) -> HTMLResponse:
    """Return a page for somebody who has not signed in."""
    known = _facts(request) | {"visitor": None, **facts}
    return HTMLResponse(_environment().get_template(template).render(known), status_code=status)


def error_page(request: Request, error: DuoshouError, status: int) -> HTMLResponse:
    """Return what went wrong and what to do about it, as a page."""
    answer = render_for_guest(request, "error.html", status=status, error=error, status_code=status)
    answer.headers.update(getattr(error, "headers", {}))
    return answer


def redirect_to_sign_in(request: Request) -> RedirectResponse:
    """Return the way to the sign-in page, and from there back to what was asked for."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse("/sign-in?" + urlencode({"next": wanted}), status_code=303)


def _facts(request: Request) -> dict[str, Any]:
    """Return what every template knows."""
    house = house_of(request)
    settings = house.settings
    language = language_of(request, house)
    theme = request.cookies.get(THEME_COOKIE, "")
    return {
        "request": request,
        "settings": settings,
        "language": language,
        "theme": theme if theme in THEMES else "",
        "rising": settings.web.rising,
        "_": wording(language),
        "say": lambda text: text.in_language(language) if isinstance(text, Text) else text,
        "pen": Pen(language, settings.currency, settings.timezone),
        "words": Words(language),
    }
