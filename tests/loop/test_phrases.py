"""Phrases of reviews: what tells praise from complaint, by a published score."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duoshou.loop.phrases import LEAST, Phrase, telling_phrases

GOOD = [
    "很暖和，物流快",
    "真的暖和，版型正",
    "暖和不臃肿",
    "物流快，版型正",
    "版型正，暖和",
    "warm coat, fast shipping",
] * 4
BAD = ["跑绒严重，物流快", "跑绒，退了", "物流快，但是跑绒", "色差大，跑绒"] * 3


def test_what_one_kind_says_and_the_other_does_not_is_told() -> None:
    """Praise and complaint are told with their counts; what both say tells nothing."""
    assert Phrase("暖和", 16) in telling_phrases(GOOD, BAD)
    assert Phrase("版型正", 12) in telling_phrases(GOOD, BAD)
    assert telling_phrases(BAD, GOOD, most=1) == (Phrase("跑绒", 12),)
    assert not any("物流快" in one.text for one in (*telling_phrases(BAD, GOOD), *telling_phrases(GOOD, BAD)))


def test_words_of_other_languages_are_phrases_too() -> None:
    """English is told by words and pairs of words, without those that say nothing."""
    texts = [f"the zipper broke after {number} days" for number in range(12)]
    found = {one.text for one in telling_phrases(texts, ["lovely and warm", "it is nice"] * 10)}
    assert "zipper broke" in found
    assert not {"the", "zipper", "after the"} & found


def test_a_phrase_is_told_whole_and_once() -> None:
    """What many reviews say in the same words is one phrase, not the pieces that it can be cut into."""
    bad = [f"穿两次腋下一坨一坨的毛，第{number}天" for number in range(7)] + ["色差大", "色差明显", "有色差"]
    assert telling_phrases(bad, GOOD) == (Phrase("穿两次腋下一坨一坨的毛", 7), Phrase("色差", 3))


def test_little_tells_nothing() -> None:
    """A phrase of two reviews is chance, and without reviews there is none."""
    assert telling_phrases(["暖和", "暖和"], []) == ()
    assert telling_phrases([], BAD) == ()


@given(
    st.lists(st.text("暖和跑绒版型正的了 ", max_size=12), max_size=12),
    st.lists(st.text("暖和跑绒", max_size=8), max_size=12),
)
def test_what_is_told_was_said(texts: list[str], others: list[str]) -> None:
    """Every phrase occurs in as many texts as it says, in at least the least number, and none is told twice."""
    found = telling_phrases(texts, others)
    for one in found:
        assert sum(one.text in text for text in texts) == one.count >= LEAST
    assert len({one.text for one in found}) == len(found)
