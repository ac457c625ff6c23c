"""Findings about the business on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from tests import business

from duoshou.cli.finding_text import findings_text
from duoshou.cli.session import Session
from duoshou.cli.width import display_width
from duoshou.model import Confidence, Evidence, EvidenceType, Finding, Language, Period, Subject, Text, Unjudged, Untold


def _text(found: Sequence[Finding], language: Language = "zh") -> str:
    session = Session()
    session.choose_language(language)
    return findings_text(found, session)


def _data() -> Finding:
    day = date(2026, 7, 30)
    headline = Text("缺一天的数据", "a day is missing")
    return Finding("data.missing_day", Subject("source", "s", "s"), Period(day, day), day, headline, Confidence.CERTAIN)


def test_one_finding_in_words() -> None:
    """Headline, money with interval, causes with weights, three moves in per cent, action with role, caveat."""
    lines = _text([business.finding()]).splitlines()
    assert lines[0].startswith("• 羊绒围巾：")
    assert lines[1].startswith("  涉及金额 11,997 元（8,120 至 15,871）：照此下去 28 天")
    assert lines[2] == ("  最可能：成交变难（常见于竞品降价）（82%）；也可能：无线端详情页异常（12%）；缺货（6%）")
    assert lines[3] == "  与预期比：无线端成交率 -32%，电脑端成交率 -25%，加购率 -10%"
    assert lines[4].endswith("（运营，几小时）")
    assert lines[5:] == [f"  注意：{business.COINCIDES.zh}"]


def test_what_moved_no_farther_than_by_chance_is_said_to() -> None:
    """A large percentage of few orders is no sign: the reader is told."""
    moved = business.moved((("无线端成交率", "phones", -0.94, -4.3), ("电脑端成交率", "computers", -1.17, -1.2)))
    found = business.finding()
    found = replace(found, evidence=(moved, *found.evidence[1:]))
    assert "  与预期比：无线端成交率 -61%，电脑端成交率 -69%（波动内）" in _text([found]).splitlines()
    assert "  Against expectation: phones -61%, computers -69% (within chance)" in _text([found], "en").splitlines()


def test_the_places_of_a_move_are_named_with_their_part() -> None:
    """Three at most, in the language of the screen."""
    columns = ("place_zh", "place_en", "actual", "expected", "part")
    rows = tuple((f"商品{n} × 搜索", f"p{n} × search", 10.0, 40.0, 0.4 - n / 10) for n in range(4))
    where = Evidence("where", EvidenceType.TABLE, Text("变在哪里", "where"), columns, rows)
    found = business.finding("shop", "店")
    found = replace(found, evidence=(*found.evidence, where))
    assert "  变在：商品0 × 搜索（40%）；商品1 × 搜索（30%）；商品2 × 搜索（20%）" in _text([found]).splitlines()
    assert "  It sits in: p0 × search (40%); p1 × search (30%); p2 × search (20%)" in _text([found], "en").splitlines()


def test_what_was_not_judged_stands_below_the_findings() -> None:
    """A line each, in the language of the screen, that steers no terminal; nothing where all was judged."""
    told = [
        Unjudged(("diagnosis.campaign",), Untold.LATE, True, Text("推广计划：只到 7-30", "campaigns: until 7-30")),
        Unjudged(("diagnosis.product",), Untold.TOO_FEW, False, Text("3 个商品\x1b[31m：太少", "3 products: too few")),
    ]
    session = Session()
    session.choose_language("zh")
    text = findings_text([business.finding()], session, told)
    assert text.splitlines()[-3:] == [
        "没有判断的（不等于正常）：",
        "  - 推广计划：只到 7-30",
        "  - 3 个商品 [31m：太少",
    ]
    session.choose_language("en")
    quiet = findings_text([], session, told[:1]).splitlines()
    assert (quiet[0], quiet[-1]) == ("Nothing needs attention.", "  - campaigns: until 7-30")
    assert "Not judged" not in findings_text([], session)


def test_one_finding_in_english() -> None:
    """The English wording is as complete."""
    text = _text([business.finding()], "en")
    for part in ("At stake 11,997 CNY (8,120 to 15,871)", "Most likely: harder to sell", "perhaps: the page fails"):
        assert part in text
    assert "(operator, hours)" in text
    assert "orders per visitor on phones -32%" in text


def test_several_are_summed_up_at_the_top() -> None:
    """The first line counts the findings about the business and adds losses and gains apart."""
    found = business.one_of_each()
    assert _text(found).splitlines()[0] == "共 7 件事：少赚约 1.9 万元，多赚约 1,555 元，1 件算不出金额"
    first = _text(found, "en").splitlines()[0]
    assert first == "7 things to look at: about 18,968 CNY lost, about 1,555 CNY gained, no money known of 1"


def test_currencies_are_not_added() -> None:
    """Money of two currencies stands as two sums."""
    made = business.impact("100", "50", "150")
    found = [business.finding(impact=made), business.finding("agent", "小美", impact=replace(made, currency="USD"))]
    assert _text(found, "en").splitlines()[0] == "2 things to look at: about 100 CNY lost, about 100 USD lost"


def test_data_come_first_then_the_dearest() -> None:
    """Faults in the data stay as they are and stand before the business, which is ranked by money."""
    found = [*business.one_of_each(), _data()]
    heads = [line for line in _text(found).splitlines() if line.startswith("•")]
    assert [head.split("：")[0] for head in heads[:4]] == [
        "• 缺一天的数据", "• 羊绒围巾", "• 全店成交率下降 18%，原因不能判断", "• 计划一",
    ]  # fmt: skip
    assert _text([_data()]) == "• 缺一天的数据"


def test_a_gain_reads_as_a_gain() -> None:
    """Money gained is not called a loss, and its interval is positive."""
    assert "多赚 1,555 元（800 至 2,300）" in _text([business.gain()])


def test_without_money_and_causes() -> None:
    """Unknown money is said to be unknown; without causes nothing is made up; what only coincides is not likely."""
    bare = business.finding(impact=None, causes=(), evidence=(), recommendations=(), caveats=())
    assert _text([bare]).splitlines()[1:] == ["  涉及金额：算不出"]
    text = _text([business.score()])
    assert "同期变差：" in text
    assert "最可能" not in text


def test_unknown_moves_are_left_out() -> None:
    """NaN is never shown, and a difference of shares is told in points."""
    text = _text([business.shop_trouble()])
    assert "nan" not in text
    assert "与预期比：缺货天数占比 +50 pp" in text


def test_caveats_stay_short() -> None:
    """At most two caveats are told, with how many are left; what most findings say is said once."""
    text = _text([business.score()])
    assert text.count("注意：") == 2
    assert "另有 1 条" in text
    assert _text(business.one_of_each()).count(business.COINCIDES.zh) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_names_cannot_steer_the_terminal(language: Language) -> None:
    """No control character gets through, no name breaks a line, and none is endless."""
    text = _text(business.hostile(), language)
    assert "\x1b" not in text
    assert len([line for line in text.splitlines() if line.startswith("•")]) == 6
    assert all(display_width(line) <= 250 for line in text.splitlines())


def test_nothing_found() -> None:
    """A quiet day has its sentence."""
    assert _text([]) == "没有需要处理的发现。"
