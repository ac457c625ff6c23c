"""Every word of a template has its English."""

from __future__ import annotations

from importlib.resources import files

import pytest
from babel.messages.extract import extract

from duoshou.web.wording import english, wording

TEMPLATES = sorted(
    (one for one in files("duoshou.web").joinpath("templates").iterdir() if one.name.endswith(".html")),
    key=lambda one: one.name,
)


def words_of(name: str) -> set[str]:
    """Return the Chinese wording in a template."""
    with files("duoshou.web").joinpath("templates", name).open("rb") as content:
        found = extract("jinja2.ext:babel_extract", content, {"_": None}, options={"silent": "false"})
        return {str(message) for _, message, _, _ in found}


@pytest.mark.parametrize("template", [one.name for one in TEMPLATES])
def test_every_word_is_translated(template: str) -> None:
    """A reader of English meets no Chinese but the shop's own words."""
    assert words_of(template) - set(english()) == set()


def test_placeholders_survive_translation() -> None:
    """Both languages name the same facts."""
    for zh, en in english().items():
        assert zh.count("%(") == en.count("%("), zh
    assert wording("en")("还有 %(count)s 条", count=3) == "3 more"
    assert wording("zh")("今日") == "今日"


def test_no_word_is_left_over() -> None:
    """The catalog holds what some template says, and nothing else."""
    used = set().union(*(words_of(one.name) for one in TEMPLATES))
    assert set(english()) - used == set()
