"""The words of the templates: written in Chinese, translated by the Babel catalogs `locale/en*.po`, one for an area."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

from duoshou.model import Language

Say = Callable[..., str]


@cache
def english() -> dict[str, str]:
    """Return Chinese wording → English wording."""
    found: dict[str, str] = {}
    for name in sorted(one.name for one in files("duoshou.web").joinpath("locale").iterdir()):
        content = files("duoshou.web").joinpath("locale", name).read_bytes()
        catalog = read_po(io.BytesIO(content), locale="en")
        found |= {str(one.id): str(one.string) for one in catalog if one.id and one.string}
    return found


def wording(language: Language) -> Say:
    """Return what templates call as `_`: the wording in a language, its placeholders filled."""
    translated = english() if language == "en" else {}

    def say(text: str, **facts: object) -> str:
        found = translated.get(text, text)
        return found % facts if facts else found

    return say
