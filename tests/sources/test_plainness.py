"""A mapping that was typed into a page computes with its row and reaches nothing else."""

from __future__ import annotations

import pytest

from duoshou.sources import LayoutError, load_layouts, parse_layout
from duoshou.sources.plainness import require_plain

MAPPING = """
key = "mine"
platform = "other"
title = {{ zh = "我的", en = "mine" }}
[recognise]
required = ["单号"]
[[field]]
name = "order_id"
header = ["单号"]
type = "id"
required = true
[[table]]
name = "order_item"
[table.columns]
order_id = "order_id"
title = '''{0}'''
"""


@pytest.mark.parametrize(
    "expression",
    [
        "upper(order_id) || ', drop'",
        "CASE WHEN order_id LIKE 'A%' THEN 'a' ELSE NULL END",
        "TRY_CAST(order_id AS VARCHAR)",
        "order_id IN ('a', 'b') OR order_id BETWEEN 'a' AND 'b'",
        "list_transform([order_id], x -> x)[1]",
    ],
)
def test_computing_with_the_row_is_plain(expression: str) -> None:
    """Functions, conditions and casts over fields are what a mapping is made of."""
    require_plain(parse_layout(MAPPING.format(expression), file="mapping"), "mapping")


@pytest.mark.parametrize(
    "expression",
    [
        "(FROM/**/'/etc/passwd')",
        "(TABLE secrets)",
        "ARRAY(FROM glob('/etc/*'))",
        "EXISTS(FROM glob('/etc/*'))",
        "order_id) AS title, (order_id",
        "order_id) -- ",
        "order_id) AS title FROM glob('*') --",
        "1=1) ORDER BY (FROM/**/'/etc/passwd'",
        "1) FROM glob('/etc/*') WHERE (1=1",
        "1) WHERE EXISTS (FROM glob('/etc/*')",
        "1) QUALIFY (1=1",
        "1) LIMIT (1",
        "1) GROUP BY (1",
        "sum(1) OVER ()",
        "COLUMNS(*)",
        "$1",
        "current_setting('secret_directory')",
        "order_id AS x",
        "",
    ],
)
def test_reaching_out_is_refused(expression: str) -> None:
    """Subqueries in any spelling, a second column, further clauses, comments, windows and parameters."""
    layout = parse_layout(MAPPING.format(expression), file="mapping")
    with pytest.raises(LayoutError):
        require_plain(layout, "mapping")


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|a)*b",
        "(a|aa){99}",
        "(?x)(a+) +b",
        "(?ix: (a+) +b)",
        "a*a*a*b",
        "a{1,90}a{1,90}a{1,90}",
        "a?" * 30,
        "(a|a)" * 30,
    ],
)
@pytest.mark.parametrize("place", ["file_name", "sheet"])
def test_a_pattern_that_would_be_searched_for_hours_is_refused(place: str, pattern: str) -> None:
    """Nobody stops the server by the name of a file."""
    text = MAPPING.format("order_id").replace("[recognise]", f"[recognise]\n{place} = '{pattern}'")
    layout = parse_layout(text, file="mapping")
    with pytest.raises(LayoutError, match=r"too involved|太复杂"):
        require_plain(layout, "mapping")


def test_a_pattern_for_a_day_in_the_name_is_taken() -> None:
    """As daily exports need it: marks in brackets and escaped ones repeat nothing."""
    pattern = r"[+*|(]\+\*\|\(\)流水_(?P<day>20\d{2}[-.年]?\d{2}[-.月]?\d{2})(?:_\d+)?"
    text = MAPPING.format("order_id").replace("[recognise]", f"[recognise]\nfile_name = '{pattern}'")
    require_plain(parse_layout(text, file="mapping"), "mapping")


def test_every_layout_of_the_product_is_plain() -> None:
    """The rule refuses nothing that layouts need."""
    for layout in load_layouts().values():
        require_plain(layout, layout.key)
