"""Errors say what, where and how to mend it, in both languages."""

from __future__ import annotations

from duoshou.model import DuoshouError, Place, Text


def sample() -> DuoshouError:
    """Return an error with every part filled."""
    return DuoshouError(
        "bad_number",
        Text("不是数字", "not a number"),
        hint=Text("请改成数字", "write a number"),
        place=Place("orders.csv", "Sheet1", 7, "总金额"),
    )


def test_json_shape_has_only_known_places() -> None:
    """The JSON shape holds code, message and hint, and a place only where it is known."""
    assert sample().to_dict("en") == {
        "code": "bad_number",
        "message": "not a number",
        "hint": "write a number",
        "file": "orders.csv",
        "sheet": "Sheet1",
        "row": 7,
        "column": "总金额",
    }
    assert DuoshouError("x", Text("甲", "a")).to_dict() == {"code": "x", "message": "甲", "hint": ""}


def test_terminal_text_is_in_one_language() -> None:
    """The text for a terminal names message, place and hint in the language asked for."""
    assert sample().in_language("zh") == "不是数字 (文件 orders.csv，工作表 Sheet1，行 7，列 总金额)\n→ 请改成数字"
    assert "row 7" in sample().in_language("en")
