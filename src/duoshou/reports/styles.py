"""How cells look: one accent colour, thin rules instead of boxes, numbers in columns."""

from __future__ import annotations

from typing import Any

from duoshou.metrics import Flag, Unit

FONT = "Microsoft YaHei"
ACCENT = "#1F4E79"
PALE = "#EEF3F8"
SPARK = "#A9BFD4"
RULE = "#C9D3DD"
INK = "#222222"
GREY = "#6B7680"
RED = "#C00000"
GREEN = "#00803C"
SERIES = (ACCENT, "#E08A3C", "#7A9CBF", "#5B8C5A")

MISSING = "—"
SMALL = 9
NORMAL = 10
TENFOLD = 10

_PLAIN = {
    Unit.MONEY: "#,##0.00",
    Unit.COUNT: "#,##0",
    Unit.PEOPLE: "#,##0",
    Unit.RATE: "0.00%",
    Unit.RATIO: "#,##0.00",
    Unit.SECONDS: "#,##0.0",
    Unit.SCORE: "0.00",
}

# 14 of the spreadsheet's patterns: thin stripes upward.
PROVISIONAL = {"italic": True, "pattern": 14, "fg_color": "#C4D3E2", "bg_color": "#FFFFFF"}


def number_format(unit: Unit, flags: frozenset[Flag] = frozenset()) -> str:
    """Return the number format of a unit, with the marks that the flags ask for around the number."""
    text = _PLAIN[unit]
    if Flag.APPROXIMATE in flags:
        text = f'"≈ "{text}'
    if Flag.SMALL_SAMPLE in flags:
        text = f'{text}"*"'
    if Flag.MISSING_DAYS in flags:
        text = f'{text}"†"'
    return text


def change_format(unit: Unit, amount: float) -> str:
    """Return the number format of a change: percent, or percentage points for rates; no decimals from tenfold up."""
    if unit is not Unit.RATE and abs(amount) >= TENFOLD:
        return '"▲ "#,##0%;"▼ "#,##0%'
    if unit is Unit.RATE:
        return '"▲ "0.00" pp";"▼ "0.00" pp";0.00" pp"'
    return '"▲ "0.0%;"▼ "0.0%;0.0%'


BASE: dict[str, Any] = {"font_name": FONT, "font_size": NORMAL, "font_color": INK, "valign": "vcenter"}

STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_size": 18, "bold": True, "font_color": ACCENT},
    "subtitle": {"font_color": GREY},
    "lead": {"font_size": 11, "text_wrap": True, "valign": "top"},
    "section": {"font_size": 12, "bold": True, "font_color": ACCENT},
    "group": {"bold": True, "font_color": ACCENT, "bg_color": PALE, "bottom": 1, "bottom_color": RULE},
    "head": {"bold": True, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT, "text_wrap": True},
    "head_right": {
        "bold": True,
        "font_color": ACCENT,
        "bottom": 2,
        "bottom_color": ACCENT,
        "align": "right",
        "text_wrap": True,
    },
    "cell": {"bottom": 1, "bottom_color": RULE},
    "wrap": {"bottom": 1, "bottom_color": RULE, "text_wrap": True, "valign": "top"},
    "rank": {"bottom": 1, "bottom_color": RULE, "font_color": GREY, "align": "left"},
    "top_rank": {"bottom": 1, "bottom_color": RULE, "font_color": GREY, "align": "left", "valign": "top"},
    "number": {"bottom": 1, "bottom_color": RULE, "align": "right"},
    "top_number": {"bottom": 1, "bottom_color": RULE, "align": "right", "valign": "top"},
    "total": {"bold": True, "top": 1, "top_color": ACCENT, "bottom": 1, "bottom_color": ACCENT},
    "link": {"font_color": INK, "bottom": 1, "bottom_color": RULE},
    "note": {"font_size": SMALL, "font_color": GREY},
    "note_wrap": {"font_size": SMALL, "font_color": GREY, "text_wrap": True, "valign": "top"},
    "note_hatched": {"font_size": SMALL, "font_color": GREY, **PROVISIONAL},
}
