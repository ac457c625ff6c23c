"""Briefs: drafted from what is known, said where nothing is, kept and edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.loop.conftest import new_task
from tests.state.conftest import finding

from duoshou.loop.brief import BAR, Brief, Era, Known, Point, Term, lines_of, points_of
from duoshou.loop.briefs import MISSING, brief_of, draft_brief, wilson, write_brief
from duoshou.loop.errors import TaskRefused, UnknownTask
from duoshou.loop.phrases import Phrase
from duoshou.loop.task import Task
from duoshou.loop.tasks import propose
from duoshou.model import Language, Text
from duoshou.state import State, audit_log

KNOWN = Known(
    terms=(Term("加厚羽绒服", 1234, 88, 35210.0), Term("短款外套", None, 3, None)),
    eras=(Era("新图", date(2026, 10, 28), date(2026, 11, 1), 48210, 1205),),
    praise=(Phrase("很暖和", 42),),
    complaints=(Phrase("跑绒", 9),),
    good=310,
    bad=41,
    buyers=((Text("新买家", "new buyers"), 0.71),),
    reasons=(("尺寸不符", 23),),
    names={"visitors": Text("访客数", "visitors")},
    platform="jd",
)
phrase = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"], blacklist_characters="|｜\u0085"), max_size=9
)


def task(state: State, **other: Any) -> Task:
    """Write a task down and return it."""
    return propose(state, "main", new_task(**other), by="小王")


def test_a_draft_says_what_is_known_and_on_what_it_rests(alone: State) -> None:
    """Goal, selling points, images, buyers, complaints, sizes and deadline come from task, finding and data."""
    brief = draft_brief(task(alone), KNOWN, found=finding("A"))
    assert brief.goal == "A 访客下降。访客数 +10.0%，2026-11-19 前见效；不能掉：pay_conversion_rate"
    assert brief.deadline == date(2026, 11, 5)
    assert brief.points == (
        Point("搜“加厚羽绒服”的人要的", "近 30 天，1,234 人搜来，88 人买，成交 35,210 CNY"),
        Point("搜“短款外套”的人要的", "近 30 天，3 人买"),
        Point("很暖和", "310 条好评里 42 条提到"),
    )
    assert brief.now == (
        Point("新图：点击率 2.50%（95% 区间 2.36%–2.64%）", "2026-10-28 至 2026-11-01：48,210 次展现，1,205 次点击"),
    )
    assert brief.audience == (Point("新买家 71%", "近 30 天的订单"),)
    assert brief.do[:2] == ("讲清“跑绒”：41 条差评里 9 条提到", "讲清“尺寸不符”：23 次退款是这个原因")
    assert [one.name for one in brief.pictures] == ["主图"]
    assert any("水印" in one for one in brief.dont)
    assert brief.unknown == ()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_nothing_is_known_it_is_said(alone: State, language: Language) -> None:
    """Each gap is named with the file that would fill it, and nothing is made up."""
    brief = draft_brief(task(alone), Known(missing=frozenset(MISSING)), language=language)
    assert len(brief.unknown) == len(MISSING)
    assert (brief.points, brief.now, brief.audience) == ((), (), ())
    assert brief.pictures
    assert brief.do


def test_a_brief_is_kept_and_edited(state: State) -> None:
    """What was written last stands, with who wrote it; the log keeps the former, and the same is not written again."""
    one = task(state)
    assert brief_of(state, "main", one.id) is None
    draft = draft_brief(one, KNOWN)
    kept = write_brief(state, "main", one.id, draft, by="小王")
    assert brief_of(state, "main", one.id) == kept
    assert replace(kept, written_by="", written_at=None) == draft
    writes = len(audit_log(state, entity="brief"))
    write_brief(state, "main", one.id, kept, by="小赵")
    assert len(audit_log(state, entity="brief")) == writes
    edited = write_brief(state, "main", one.id, replace(kept, points=points_of("轻｜实测 480 克")), by="小李")
    assert (edited.written_by, edited.points) == ("小李", (Point("轻", "实测 480 克"),))
    assert brief_of(state, "main", one.id) == edited
    (last, *_) = audit_log(state, entity="brief")
    assert last.before is not None
    assert last.before["content"]["points"][2]["text"] == "很暖和"
    msgspec.json.encode(edited.to_dict())


def test_what_is_no_brief_is_refused(alone: State) -> None:
    """A brief has a title, a goal and a task of the shop, and is no book."""
    one = task(alone)
    draft = draft_brief(one, KNOWN)
    for wrong in (replace(draft, goal=" "), replace(draft, title=""), replace(draft, notes="长" * 20_000)):
        with pytest.raises(TaskRefused):
            write_brief(alone, "main", one.id, wrong, by="小王")
    with pytest.raises(UnknownTask):
        write_brief(alone, "other", one.id, draft, by="小王")
    with pytest.raises(UnknownTask):
        brief_of(alone, "main", 99)


def test_forbidden_words_are_shown() -> None:
    """A selling point that the law forbids is named with why, before it becomes a picture."""
    brief = Brief("羽绒服", "多卖", date(2026, 11, 5), points=(Point("顶级白鸭绒"), Point("充绒 180 克")))
    assert [word for word, _ in brief.forbidden] == ["顶级"]
    assert brief.to_dict()["forbidden"][0]["why"]["zh"]


@given(st.lists(st.builds(Point, phrase.map(str.strip), phrase.map(str.strip)).filter(lambda one: bool(one.text))))
def test_points_are_edited_as_lines(points: list[Point]) -> None:
    """Written as lines and read back, points are what they were."""
    assert points_of(lines_of(points)) == tuple(points)
    assert BAR == "｜"


def test_wilson_is_the_published_interval() -> None:
    """Newcombe (1998), table I: 81 of 263 gives .2553 to .3662, 0 of 20 gives 0 to .1611."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)
