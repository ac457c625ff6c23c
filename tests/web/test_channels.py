"""设置 → 渠道 in a shop of its own, on the page and by the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, LAST, Cockpit, delimited, running_cockpit
from tests.layouts.taobao import SYCM_SOURCES, table
from tests.web.test_settings import file_of, save

from duoshou.app import open_workbench
from duoshou.app.editing import version_of
from duoshou.settings import Channel, Workspace, load_settings

CHANNELS = "/settings/channels"
API = "/api/v1/settings/channels"
TREE = (
    ("平台流量", 1, "-", 100),
    ("手淘搜索", 2, "平台流量", 60),
    ("某新入口", 2, "平台流量", 25),
    ("其他", 2, "平台流量", 15),
    ("广告流量", 1, "-", 40),
    ("其他", 2, "广告流量", 9),
    (HOSTILE, 2, "广告流量", 31),
    ("自主访问", 1, "-", 20),
)


def sources_file() -> bytes:
    """Return a report of traffic sources of the last day."""
    rows = (
        {
            "统计日期": LAST.isoformat(),
            "来源类型": "免费流量",
            "上级来源名称": parent,
            "来源名称": name,
            "来源层级": str(level),
            "商品ID": "-",
            "访客数": str(visitors),
            "支付买家数": "1",
            "支付金额": "150.00",
        }
        for name, level, parent, visitors in TREE
    )
    return delimited(table(SYCM_SOURCES, *rows))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop with a report of traffic sources, whose channels may change."""
    with running_cockpit(tmp_path_factory.mktemp("channels")) as served:
        file = served.directory / "inbox" / "来源.csv"
        file.write_bytes(sources_file())
        with open_workbench(served.directory) as bench:
            report = bench.import_files()
        assert not report.failed, report.to_dict()
        yield served


@pytest.fixture
def owner(shop: Cockpit) -> TestClient:
    """The owner's browser, before a file without channels."""
    text = file_of(shop).read_text(encoding="utf-8")
    file_of(shop).write_text(text.partition("\n[[channel]]")[0], encoding="utf-8")
    return shop.signed_in()


def said(shop: Cockpit) -> tuple[Channel, ...]:
    """Return what the file says of channels."""
    return load_settings(Workspace(shop.directory)).channels


def placed(shop: Cockpit) -> dict[str, tuple[str, str]]:
    """Return source → its channel and who put it there."""
    found = shop.token("viewer").get(API).json()["sources"]
    return {one["name"]: (one["placed"]["channel"], one["placed"]["by"]) for one in found}


def visitors(shop: Cockpit) -> dict[str, int]:
    """Return channel → visitors as any question about metrics tells them."""
    asked = {"metric": "visitors", "by": "channel", "from": str(LAST), "to": str(LAST)}
    rows: list[dict[str, Any]] = shop.token("viewer").get("/api/v1/query", params=asked).json()["rows"]
    return {row["dimensions"]["channel"]: row["values"]["visitors"]["value"] for row in rows}


def test_sources_that_no_channel_takes_are_shown_with_their_visitors(shop: Cockpit, owner: TestClient) -> None:
    """They come first, each with its visitors, and every number leads to its definition and its rows."""
    page = owner.get(CHANNELS).text
    rows = re.findall(r'<th scope="row">([^<]*) <small', page)
    assert rows[:2] == ["平台流量 &gt; 某新入口", "平台流量 &gt; 其他"]
    assert "3 个未归类" in page  # with the scene 关键词 of the plan report
    assert 'href="/number?metric=visitors&amp;where=traffic_source%3A' in page
    assert 'href="/number?metric=ad_cost&amp;where=scene%3A%E5%85%B3%E9%94%AE%E8%AF%8D' in page
    assert 'href="/number?metric=visitors&amp;where=channel%3Asearch&amp;from=' in page
    assert "<script>alert" not in page
    for wanted, told in (("channel%3Aunassigned", "40"), ("traffic_source%3A[^&]*&amp;", "25")):
        link = re.search(rf'href="(/number[?]metric=visitors&amp;where={wanted}[^"]*)"', page)
        assert link
        assert told in owner.get(link[1].replace("&amp;", "&")).text
    assert placed(shop)["平台流量 > 手淘搜索"] == ("search", "product")
    assert visitors(shop) == {"search": 60, "unassigned": 40, "ads_other": 40, "direct": 20}


def test_ticked_sources_get_a_channel(shop: Cockpit, owner: TestClient) -> None:
    """At once, for every number; a name that two sources have is written with its path; comments stay; it is logged."""
    before = file_of(shop).read_text(encoding="utf-8")
    ticked = {"source.0": "平台流量 > 某新入口", "source.1": "平台流量 > 其他", "source.2": "关键词"}
    assert save(shop, owner, f"{CHANNELS}/assign", channel="recommendation", **ticked) == 303
    assert said(shop) == (Channel(key="recommendation", sources=("某新入口", "平台流量 > 其他", "关键词")),)
    assert placed(shop)["广告流量 > 其他"] == ("ads_other", "product")
    assert visitors(shop) == {"search": 60, "recommendation": 40, "ads_other": 40, "direct": 20}
    assert set(before.splitlines()) <= set(file_of(shop).read_text(encoding="utf-8").splitlines())
    writes = shop.token("owner").get("/api/v1/audit?entity=duoshou.toml").json()["writes"]
    assert (writes[0]["action"], writes[0]["after"]["key"]) == ("insert", "recommendation")


def test_a_source_moves_is_set_aside_and_goes_back(shop: Cockpit, owner: TestClient) -> None:
    """It stands in one channel at a time; what says nothing any more leaves the file as it was."""
    before = file_of(shop).read_text(encoding="utf-8").rstrip()
    source = {"source.7": "平台流量 > 手淘搜索"}
    for channel, where in (("content", "content"), ("unassigned", "unassigned"), ("direct", "direct")):
        assert save(shop, owner, f"{CHANNELS}/assign", channel=channel, **source) == 303
        assert said(shop) == (Channel(key=where, sources=("手淘搜索",)),)
        assert placed(shop)["平台流量 > 手淘搜索"] == (where, "shop")
    assert save(shop, owner, f"{CHANNELS}/assign", channel="-", **source) == 303
    assert said(shop) == ()
    assert file_of(shop).read_text(encoding="utf-8").rstrip() == before
    assert placed(shop)["平台流量 > 手淘搜索"] == ("search", "product")


def test_a_channel_is_added_changed_and_taken_away(shop: Cockpit, owner: TestClient) -> None:
    """Its name is as it was typed; sources that were not met are told; a pattern takes what fits."""
    fields = {"name": "新 渠道", "paid": "yes", "sources": "某*\n\n 没有的 \n某*"}
    assert save(shop, owner, CHANNELS, **fields) == 303
    assert said(shop) == (Channel(key="新_渠道", name="新 渠道", sources=("某*", "没有的"), paid=True),)
    page = owner.get(CHANNELS).text
    assert "没有遇到：没有的" in page
    assert visitors(shop)["新_渠道"] == 25
    one = f"{CHANNELS}/one/新_渠道"
    assert "某*\n没有的</textarea>" in owner.get(one).text
    assert save(shop, owner, one, name="改名", paid="", sources="某新入口") == 303
    assert said(shop) == (Channel(key="新_渠道", name="改名", sources=("某新入口",)),)
    number = owner.get(f"/number?metric=visitors&from={LAST}&to={LAST}&where=channel:新_渠道")
    assert "去掉筛选 改名" in number.text
    assert save(shop, owner, f"{one}/remove") == 303
    assert said(shop) == ()
    assert owner.get(one).status_code == 404


def test_a_shipped_channel_is_renamed_and_goes_back(shop: Cockpit, owner: TestClient) -> None:
    """What is as the product brings it is not written."""
    one = f"{CHANNELS}/one/search"
    assert save(shop, owner, one, name="自然搜索", paid="no", sources="") == 303
    assert said(shop) == (Channel(key="search", name="自然搜索"),)
    assert "自然搜索" in owner.get(CHANNELS, params={"lang": "en"}).text
    assert save(shop, owner, one, name="搜索", paid="no", sources="") == 303
    assert said(shop) == ()
    assert save(shop, owner, one, name="Search", paid="no", sources="") == 303
    assert said(shop) == ()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("", {"name": ""}),
        ("", {"name": "搜索"}),
        ("", {"name": "Search"}),
        ("", {"name": "x" * 61}),
        ("", {"name": "甲", "sources": "*"}),
        ("", {"name": "甲", "sources": "x" * 101}),
        ("/assign", {"channel": "search"}),
        ("/assign", {"channel": "nope", "source.0": "某新入口"}),
        ("/assign", {"channel": "", "source.0": "某新入口"}),
        ("/assign", {"channel": "search", "source.0": "*"}),
        ("/one/search", {"name": "推荐"}),
        ("/one/search/remove", {}),
        ("/one/nope/remove", {}),
    ],
)
def test_what_cannot_be_meant_is_refused(shop: Cockpit, owner: TestClient, path: str, fields: dict[str, str]) -> None:
    """Nothing is written, and the page says why."""
    before = file_of(shop).read_bytes()
    data = {"csrf": shop.csrf(owner), "version": version_of(file_of(shop)), **fields}
    answer = owner.post(CHANNELS + path, data=data)
    assert answer.status_code == 422, answer.text
    assert 'role="alert"' in answer.text
    assert file_of(shop).read_bytes() == before


def test_what_somebody_wrote_meanwhile_stays(shop: Cockpit, owner: TestClient) -> None:
    """A form from before is a conflict."""
    old = version_of(file_of(shop))
    assert save(shop, owner, CHANNELS, name="甲") == 303
    data = {"csrf": shop.csrf(owner), "version": old, "source.0": "某新入口", "channel": "search"}
    assert owner.post(f"{CHANNELS}/assign", data=data).status_code == 409
    assert said(shop) == (Channel(key="甲", name="甲"),)


def test_hostile_names_are_only_words(shop: Cockpit, owner: TestClient) -> None:
    """In the file, in an address and on the page."""
    assert save(shop, owner, CHANNELS, name=HOSTILE[:60], sources=HOSTILE) == 303
    (one,) = said(shop)
    assert (one.name, one.sources) == (HOSTILE[:60], (HOSTILE,))
    assert visitors(shop)[one.key] == 31
    for path in (CHANNELS, f"{CHANNELS}/one/{one.key}"):
        page = owner.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("login", ["designer", "viewer", "warehouse", "service"])
def test_a_lesser_role_reads_and_changes_nothing(shop: Cockpit, login: str) -> None:
    """On the page, which offers nothing to change, and by the API."""
    client, token, before = shop.signed_in(login), shop.token(login), file_of(shop).read_bytes()
    page = client.get(CHANNELS)
    assert page.status_code == 200
    assert "<select" not in page.text
    assert 'type="checkbox"' not in page.text
    for path in ("", "/assign", "/one/search", "/one/search/remove"):
        assert save(shop, client, CHANNELS + path, name="x", channel="search") == 403
    assert client.get(f"{CHANNELS}/one/search").status_code == 403
    body = {"version": version_of(file_of(shop)), "name": "x"}
    assert token.post(API, json=body).status_code == 403
    assert token.put(f"{API}/search", json=body).status_code == 403
    assert token.post(f"{API}/assign", json={**body, "sources": ["a"], "channel": None}).status_code == 403
    assert token.delete(f"{API}/search?version=x").status_code == 403
    assert file_of(shop).read_bytes() == before


def test_channels_by_the_api(shop: Cockpit, owner: TestClient) -> None:
    """Read with values, added, changed, assigned, taken away; a version that is old is a conflict."""
    assert owner.get(CHANNELS).status_code == 200
    client = shop.token("operator")
    shape = client.get(API).json()
    search = next(one for one in shape["channels"] if one["key"] == "search")
    assert (search["sources"], search["values"]["visitors"]["value"]) == (1, 60)
    assert shape["unassigned"]["values"]["visitors"]["value"] == 40
    added = client.post(API, json={"version": shape["version"], "name": "站外种草", "sources": ["某新入口"]})
    assert added.status_code == 201
    assert client.post(API, json={"version": shape["version"], "name": "乙"}).status_code == 409
    version = added.json()["version"]
    moved = client.post(
        f"{API}/assign", json={"version": version, "sources": ["平台流量 > 某新入口"], "channel": "direct"}
    )
    assert said(shop) == (Channel(key="站外种草", name="站外种草"), Channel(key="direct", sources=("某新入口",)))
    version = moved.json()["version"]
    changed = client.put(f"{API}/站外种草", json={"version": version, "name": "种草", "paid": False, "sources": []})
    assert changed.status_code == 200
    gone = client.delete(f"{API}/direct?version={changed.json()['version']}")
    assert said(shop) == (Channel(key="站外种草", name="种草", paid=False),)
    assert client.delete(f"{API}/direct?version={gone.json()['version']}").status_code == 422
    assert client.put(f"{API}/nope", json={"version": gone.json()["version"], "name": "x"}).status_code == 422
