"""Changing a TOML text that a person wrote."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from duoshou.settings import CostRule, Settings, SettingsError, parse_settings, render_template
from duoshou.settings.writing import Change, Put, PutItem, TakeItem, rewritten, value_at

OWN = """\
# our shop
name = "老店"   # do not touch
currency = "CNY"

# who gets messages
[[push]]
kind = "wecom"
name = "店主"      # her phone
url_env = "A"
what = [
  "digest",        # every day
  "urgent",
]

# the other group
[[push]]
kind = "feishu"
name = "群"
url_env = "B"

[reports] # sheets
title = "日报"
# about the next part
[calendar]
countries = ["CN"]
"""
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def comments(text: str) -> list[str]:
    """Return the comments of a text that are no example of a setting."""
    found = [line[line.index("#") :] for line in text.splitlines() if "#" in line]
    return [one for one in found if " = " not in one]


def test_a_value_changes_and_its_comment_stays() -> None:
    """One line differs, and of it only the value."""
    made = rewritten(OWN, [Put("name", "新店")])
    assert made == OWN.replace('name = "老店"   #', 'name = "新店"  #')


def test_a_hash_within_a_text_is_no_comment() -> None:
    """The comment begins where the value is whole."""
    text = 'name = "a # b" # c\n'
    assert rewritten(text, [Put("name", "d")]) == 'name = "d"  # c\n'


def test_a_value_of_several_lines_is_replaced_whole() -> None:
    """A list that a person broke into lines becomes one line; what follows stays."""
    made = rewritten(OWN, [PutItem("push", 0, {"what": ["urgent"]})])
    assert tomllib.loads(made)["push"][0]["what"] == ["urgent"]
    assert "# the other group" in made


def test_a_new_setting_takes_the_place_of_its_example() -> None:
    """Below its explanation, and taken away again it leaves the text as it was."""
    text = render_template(Settings())
    made = rewritten(text, [Put("reports.title", "日报")])
    lines = made.splitlines()
    place = lines.index('title = "日报"')
    assert lines[place - 1] == "# the name on the sheets; absent: the shop's name"
    assert rewritten(made, [Put("reports.title", None)]) == text


def test_an_example_of_another_table_is_not_taken() -> None:
    """`# url = …` below `# [[push]]` is no example of `[server] url`."""
    text = render_template(Settings())
    without = rewritten(text, [Put("server.url", None)])
    made = rewritten(without, [Put("server.url", "https://shop.example")])
    assert parse_settings(made, environment={})[0].server.url == "https://shop.example"
    assert '# url = "https://oapi.dingtalk.com' in made


def test_a_section_that_is_not_there_is_added_at_the_end() -> None:
    """With its header."""
    made = rewritten(OWN, [Put("web.rising", "green")])
    assert made == OWN + '\n[web]\nrising = "green"\n'


def test_a_repeated_table_is_added_below_its_example() -> None:
    """The first one stands under the explanation, the next one under the first."""
    text = render_template(Settings())
    one, two = {"sku": "A", "cost": 12.5, "valid_from": date(2026, 1, 1)}, {"sku": "B", "cost": 3}
    made = rewritten(text, [PutItem("costs.unit", None, one), PutItem("costs.unit", None, two)])
    assert made.index('sku = "A"') < made.index('sku = "B"') < made.index("\n[diagnosis]")
    assert made.index("# [[costs.unit]]") < made.index('sku = "A"')
    costs = parse_settings(made, environment={})[0].costs
    assert [(unit.sku, unit.cost, unit.valid_from) for unit in costs.units] == [
        ("A", 12.5, date(2026, 1, 1)),
        ("B", 3, None),
    ]
    taken = rewritten(made, [TakeItem("costs.unit", 0), TakeItem("costs.unit", 0)])
    assert taken == text


def test_the_right_one_of_several_is_taken() -> None:
    """The others, and every comment beside it, stay."""
    made = rewritten(OWN, [TakeItem("push", 0)])
    assert [one["name"] for one in tomllib.loads(made)["push"]] == ["群"]
    assert "# the other group" in made
    assert "[reports] # sheets" in made


def test_windows_line_ends_stay() -> None:
    """A file of Notepad stays one."""
    made = rewritten(OWN.replace("\n", "\r\n"), [Put("name", "x"), TakeItem("push", 1)])
    assert made.count("\n") == made.count("\r\n")


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ('reports = { title = "x" }\n', Put("reports.title", "y")),
        ('push = [{ kind = "wecom", name = "a" }]\n', PutItem("push", 0, {"name": "b"})),
        ('push = [{ kind = "wecom", name = "a" }]\n', PutItem("push", None, {"name": "b"})),
        ('push = [{ kind = "wecom", name = "a" }]\n', TakeItem("push", 0)),
    ],
)
def test_what_cannot_be_changed_safely_is_left_to_a_person(text: str, change: Any) -> None:
    """A section on one line is refused, not guessed at."""
    with pytest.raises(SettingsError) as caught:
        rewritten(text, [change])
    assert caught.value.code == "settings_by_hand"


@pytest.mark.parametrize("position", [-1, 2, 10**6])
def test_a_repeated_table_that_is_not_there(position: int) -> None:
    """Is told, not made."""
    with pytest.raises(SettingsError) as caught:
        rewritten(OWN, [TakeItem("push", position)])
    assert caught.value.code == "no_such_item"


@bounds(deadline=None)
@given(name=TEXTS.filter(bool), title=TEXTS.filter(bool), rate=st.floats(0, 0.9), sku=TEXTS.filter(bool))
def test_whatever_is_written_is_read_again(name: str, title: str, rate: float, sku: str) -> None:
    """Every text survives, and no comment gets lost."""
    changes: list[Change] = [
        Put("name", name),
        Put("reports.title", title),
        PutItem("costs.rule", None, {"platform": sku, "platform_fee_rate": rate}),
    ]
    for text in (OWN, render_template(Settings())):
        made = rewritten(text, changes)
        table = tomllib.loads(made)
        assert (table["name"], table["reports"]["title"]) == (name, title)
        assert value_at(table, "costs.rule") == [{"platform": sku, "platform_fee_rate": rate}]
        assert [one for one in comments(text) if one not in made] == []
        assert parse_settings(rewritten(text, changes[2:]), environment={})[0].costs.rules == (
            CostRule(platform=sku, platform_fee_rate=rate),
        )
