"""Rules of pictures as data: complete for every platform, and words are found whatever their spelling."""

from __future__ import annotations

import pytest

from duoshou.loop.image_rules import forbidden_words, is_about_goods, known_platforms, rules_for


@pytest.mark.parametrize("platform", [*sorted(known_platforms()), "woocommerce", None])
def test_every_platform_has_sizes_and_rules(platform: str | None) -> None:
    """Whatever the platform, a designer reads which pictures to make and what to keep to, in both languages."""
    rules = rules_for(platform)
    assert rules.sizes
    for size in rules.sizes:
        assert all((size.zh, size.en, size.note.zh, size.note.en))
        assert all(part.strip().isdigit() for part in size.pixels.split("×"))
    hints = (*rules.do, *rules.dont)
    assert all(one.zh and one.en for one in hints)
    assert {"law", "convention"} <= {one.basis for one in hints}
    assert len(set(hints)) == len(hints)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("全网 最低，顶 级白鸭绒", ["顶级", "全网最低"]),
        ("国家级品质，No.1", ["国家级", "NO.1"]),
        ("治疗颈椎", ["治疗"]),
        ("加厚保暖，久穿不变形", []),
        ("最近上新", []),
    ],
)
def test_forbidden_words_are_found(text: str, words: list[str]) -> None:
    """Blanks and capitals do not hide a word; what merely begins alike is none."""
    assert [word for word, _ in forbidden_words([text])] == words
    assert all(why.zh and why.en for _, why in forbidden_words([text]))


@pytest.mark.parametrize(
    ("reason", "told"),
    [("大小/尺寸与商品描述不符", True), ("质量问题", True), ("拍错/多拍/不想要", False), ("7天无理由退货", False)],
)
def test_only_reasons_about_the_goods_are_told(reason: str, told: bool) -> None:
    """A picture can mend a wrong size, not a changed mind."""
    assert is_about_goods(reason) is told
