"""Channels as the settings and the shipped tables say them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.settings import Channel, Settings, SettingsError, parse_settings, render_template
from duoshou.settings.channels import UNASSIGNED, folded, grouping_of, shipped_channels
from duoshou.settings.channels.names import pattern_of

SHIPPED = grouping_of()
names = st.text(st.sampled_from("手淘搜索 ab*>AＡ流量"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("path", "platform", "channel"),
    [
        ("平台流量 > 手淘搜索", "taobao", "search"),
        ("淘内免费 > 手淘推荐", "taobao", "recommendation"),
        ("付费流量 > 直通车", "taobao", "ads_search"),
        ("广告流量 > 精准人群推广", "taobao", "ads_audience"),
        ("广告流量 > 淘宝客", "taobao", "affiliate"),
        ("广告流量 > 一个新工具", "taobao", "ads_other"),
        ("平台流量 > 年货节会场", "taobao", "campaign"),
        ("平台流量", "taobao", UNASSIGNED),
        ("标准推广", "taobao", "ads_search"),
        ("标准推广", "douyin", "ads_other"),
        ("京东快车", "jd", "ads_search"),
        ("京东快车", "taobao", UNASSIGNED),
        ("SPONSORED  PRODUCTS", "amazon", "ads_search"),
        ("直播", None, "content"),
        ("", "taobao", UNASSIGNED),
    ],
)
def test_usual_names_find_their_channel(path: str, platform: str | None, channel: str) -> None:
    """By its own name, else by one above it; the same name may mean something else on another platform."""
    assert SHIPPED.placed(path, platform).channel == channel


def test_no_name_belongs_to_two_shipped_channels() -> None:
    """Of one platform each name is written once, and every channel has names."""
    counted = Counter((platform, folded(name)) for one in shipped_channels() for platform, name in one.sources)
    assert [name for name, times in counted.items() if times > 1] == []
    assert all(one.sources and one.title.zh and one.title.en for one in shipped_channels())
    assert len({one.key for one in shipped_channels()}) == len(shipped_channels())


def test_what_the_shop_says_goes_first() -> None:
    """An own name before a shipped one, even above the source; a name before a pattern, a path before a name."""
    own = (
        Channel(key="all_ads", name="全部推广", sources=("付费流量",), paid=True),
        Channel(key="search", sources=("*流量大盘*",)),
        Channel(key="mine", sources=("流量大盘A", "平台流量 > 重名")),
        Channel(key="other", sources=("重名",)),
        Channel(key=UNASSIGNED, sources=("手淘推荐",)),
    )
    found = grouping_of(own)
    placed = {path: found.placed(path, "taobao").channel for path in (
        "付费流量 > 直通车", "平台流量 > 流量大盘A", "平台流量 > 流量大盘B", "平台流量 > 重名", "关注流量 > 重名",
        "平台流量 > 手淘推荐", "平台流量 > 手淘搜索",
    )}  # fmt: skip
    assert list(placed.values()) == ["all_ads", "mine", "search", "mine", "other", UNASSIGNED, "search"]
    exact = found.placed("平台流量 > 手淘推荐", "taobao")
    assert (exact.by, exact.name, exact.exactly) == ("shop", "手淘推荐", True)
    assert not found.placed("付费流量 > 直通车", "taobao").exactly
    assert not found.placed("平台流量 > 流量大盘B", "taobao").exactly


def test_a_shop_s_channel_renames_a_shipped_one_and_keeps_its_sources() -> None:
    """Of one key they are one channel; what the shop does not say stays."""
    found = grouping_of((Channel(key="search", name="自然搜索"), Channel(key="x", name="新渠道"), Channel(key="y")))
    titles = {one.key: (one.title.zh, one.paid, one.position) for one in found.channels}
    assert titles["search"] == ("自然搜索", False, 0)
    assert titles["x"] == ("新渠道", None, 1)
    assert titles["y"] == ("y", None, 2)
    assert titles["content"][2] is None
    assert found.placed("手淘搜索", "taobao").channel == "search"
    assert found.key_of("新渠道") == "x"
    assert (found.key_of("Recommendation"), found.key_of("没有的")) == ("recommendation", "没有的")


def test_channels_are_read_and_written() -> None:
    """What was written comes back; what is not said is not written."""
    own = (Channel(key="search", sources=("a", "b > c")), Channel(key="新", name="新 渠道", paid=True))
    assert parse_settings(render_template(Settings(channels=own)), environment={})[0].channels == own
    assert parse_settings("[[channel]]\nkey = 'x'\n", environment={})[0].channels == (Channel(key="x"),)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[[channel]]\nname = 'x'\n", 1),
        ("[[channel]]\nkey = 'a b'\n", 2),
        ("[[channel]]\nkey = 'a:b'\n", 2),
        ("[[channel]]\nkey = '*'\n", 2),
        ("[[channel]]\nkey = ''\n", 2),
        ("[[channel]]\nkey = 'a'\n[[channel]]\nkey = 'A'\n", 4),
        ("[[channel]]\nkey = 'a'\nname = 'n'\n[[channel]]\nkey = 'b'\nname = 'Ｎ'\n", 6),
        ("[[channel]]\nkey = 'a'\nsources = ['x']\n[[channel]]\nkey = 'b'\nsources = ['Ｘ ']\n", 6),
        ("[[channel]]\nkey = 'a'\nsources = ['*']\n", 3),
        ("[[channel]]\nkey = 'a'\nsources = [' * > * ']\n", 3),
        ("[[channel]]\nkey = 'a'\nsources = ['']\n", 3),
        ("[[channel]]\nkey = 'a'\nsources = 'x'\n", 3),
        ("[[channel]]\nkey = 'a'\npaid = 'yes'\n", 3),
        ("[channel]\nkey = 'a'\n", 1),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, line: int) -> None:
    """Two of one key or name, a source in two channels, one that names everything; each with its line."""
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, environment={})
    assert line in [problem.line for problem in caught.value.problems]


@given(names, names)
def test_a_name_fits_its_own_pattern(name: str, more: str) -> None:
    """Whatever stands for *, before, between or behind; and nothing that lacks the rest."""
    plain = folded(name.replace("*", "").replace(">", ""))
    assert pattern_of(f"{plain}*").fullmatch(folded(plain + more))
    assert pattern_of(f"*{plain}").fullmatch(plain)
    assert not pattern_of(f"{plain}!").fullmatch(plain)


@given(names, st.sampled_from(["taobao", "jd", "nowhere", None]))
def test_every_name_has_one_place(name: str, platform: str | None) -> None:
    """A channel that there is, or none; the same however it is spelt."""
    placed = SHIPPED.placed(name, platform)
    assert placed.channel in {UNASSIGNED, *(one.key for one in SHIPPED.channels)}
    assert SHIPPED.placed(name.upper(), platform).channel == placed.channel
    own = grouping_of((Channel(key="mine", sources=(name,)),))
    assert own.placed(name, platform).channel == "mine"
