"""The few words that figures say of themselves."""

from __future__ import annotations

from duoshou.model import Language, Text

_WORDS = {
    "actual": Text("实际", "actual"),
    "expected": Text("预期", "expected"),
    "interval": Text("与 {level} 区间", ", {level} interval"),
    "range": Text("与区间", ", interval"),
    "comparison": Text("对比", "comparison"),
    "provisional": Text("未定", "provisional"),
    "provisional_long": Text("未定，数字还会变", "provisional, will still move"),
    "no_data": Text("没有数据", "no data"),
    "nothing_known": Text("这段时间没有数据", "no data in this period"),
    "cannot_split": Text("缺少一端的数值，不能分解", "one end is unknown: cannot be decomposed"),
    "nothing_to_show": Text("没有可以比较的部分", "no parts to compare"),
    "residual": Text("其余（未分解）", "Not decomposed"),
    "rest": Text("其余 {count} 项", "{count} others"),
    "unknown_parts": Text("{count} 项没有数据", "{count} without data"),
    "to": Text("{low} 至 {high}", "{low} to {high}"),
    "says": Text("{name} {value}", "{name} {value}"),
    "colon": Text("：", ": "),
    "comma": Text("，", "; "),
    "stop": Text("。", ". "),
    "from_to": Text("{first} 至 {last}，{count} 个时点", "{first} to {last}, {count} points"),
    "unknown_days": Text("{count} 个没有数据", "{count} without data"),
    "highest": Text("最高 {value}（{day}）", "highest {value} ({day})"),
    "lowest": Text("最低 {value}（{day}）", "lowest {value} ({day})"),
    "latest": Text("最近 {value}（{day}）", "latest {value} ({day})"),
    "event": Text("{day} {label}", "{day} {label}"),
}


def word(name: str, language: Language, /, **facts: object) -> str:
    """Return a wording of figures in a language, its placeholders filled."""
    text = _WORDS[name].in_language(language)
    return text.format(**facts) if facts else text


def joined(pieces: list[str], language: Language) -> str:
    """Return pieces of a sentence, set apart as the language does."""
    return word("comma", language).join(piece for piece in pieces if piece)
