"""A brief from the files of a real workspace: search terms that sold, clicks by image, what reviews say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import docx
import pytest
from tests.app.conftest import LAST, delimited, make_workbench, put, shop_file
from tests.state.conftest import finding

from duoshou.app import Workbench
from duoshou.app.loop.briefs import brief_document, draft_brief_of, kept_or_drafted, known_of, save_brief
from duoshou.loop.briefs import MISSING
from duoshou.loop.changes import NewChange, record
from duoshou.loop.phrases import Phrase
from duoshou.loop.task import Expected, NewTask, Task
from duoshou.loop.tasks import propose
from duoshou.model import Role, Subject
from duoshou.state import record_day

COAT = Subject("product", "1001", "羽绒服")
TERM_HEAD = ["统计日期", "搜索词", "访客数", "商品收藏人数", "加购人数", "支付买家数", "支付金额", "UV价值"]
ITEM_HEAD = [
    "日期",
    "主体ID",
    "主体名称",
    "主体类型",
    "场景ID",
    "场景名字",
    "计划ID",
    "计划名字",
    "展现量",
    "点击量",
    "花费",
]
REVIEW_HEAD = ["平台", "店铺", "时间", "订单编号", "商品名称", "评价内容", "评分"]
NEW_IMAGE = LAST - timedelta(days=9)


def terms() -> str:
    """Return the shop's search terms of two days; the second sold more money, the third sold nothing."""
    rows: list[list[object]] = [list(TERM_HEAD)]
    for day in (LAST - timedelta(days=1), LAST):
        rows += [
            [day.isoformat(), "羽绒服 女", 500, 3, 20, 30, "9,000.00", "18.00"],
            [day.isoformat(), "加厚外套", 200, 3, 9, 12, "12,000.50", "60.00"],
            [day.isoformat(), "清仓", 900, 0, 0, 0, "-", "0.00"],
        ]
    return delimited(rows)


def items() -> str:
    """Return twenty days of the coat's advertisements; with the new image it is clicked half as often."""
    rows: list[list[object]] = [list(ITEM_HEAD)]
    for number in range(20):
        day = LAST - timedelta(days=19 - number)
        clicks = 20 if day >= NEW_IMAGE else 40
        rows.append([day.isoformat(), "1001", "羽绒服", "商品", "1", "关键词", "77", "主推", 1000 + number, clicks, 50])
    return delimited(rows)


def reviews() -> str:
    """Return reviews of the coat, and of another product that must not be read for it."""
    texts = (
        [("羽绒服", "很暖和，物流快", "好评")] * 8
        + [("羽绒服", "跑绒严重", "差评")] * 6
        + [("围巾", "起球", "差评")] * 9
    )
    rows: list[list[object]] = [list(REVIEW_HEAD)]
    for number, (title, text, rating) in enumerate(texts):
        rows.append(
            [
                "淘宝",
                "主店",
                f"11/{number % 15 + 1}/2026 10:{number:02d}:00",
                f"订单编号：9{number}",
                title,
                text,
                rating,
            ]
        )
    return delimited(rows)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Task]]:
    """A shop with search terms, advertisements, reviews, one recorded change of image, and a task from a finding."""
    with make_workbench(tmp_path_factory.mktemp("brief")) as workbench:
        files = {"shop.csv": shop_file(2), "terms.csv": terms(), "items.csv": items(), "reviews.csv": reviews()}
        for name, text in files.items():
            put(workbench, name, text, "main", LAST + timedelta(days=1))
        state, found = workbench.state, finding("1001")
        record_day(state, "main", LAST, [found])
        record(state, "main", NewChange("main_image", NEW_IMAGE, (COAT,), "旧图", "新图"), rules=(), by="小李")
        expected = Expected("visitors", 0.1, date(2026, 12, 20))
        due = date(2026, 11, 30)
        new = NewTask(
            "换主图", COAT, Role.DESIGNER, due, expected, guards=("pay_conversion_rate",), finding_id=found.id
        )
        yield workbench, propose(state, "main", new, by="小王")


def test_what_the_files_tell_is_known(shop: tuple[Workbench, Task]) -> None:
    """Terms by the money they brought, clicks by image, praise and complaints of this product; the rest is missing."""
    workbench, task = shop
    known = known_of(workbench, "main", task)
    assert [(one.term, one.buyers, one.of_shop) for one in known.terms] == [
        ("加厚外套", 24, True),
        ("羽绒服 女", 60, True),
    ]
    assert known.terms[0].amount == pytest.approx(24001.0)
    new, old = known.eras
    assert (new.name, new.first, new.last, new.clicks) == ("新图", NEW_IMAGE, LAST, 200)
    assert (old.name, old.last, old.clicks) == ("旧图", NEW_IMAGE - timedelta(days=1), 400)
    assert (known.good, known.bad) == (8, 6)
    assert Phrase("跑绒严重", 6) in known.complaints
    assert any("暖和" in one.text for one in known.praise)
    assert not any("起球" in one.text for one in known.complaints)
    assert known.missing == {"buyers", "reasons"}
    assert known.platform == "taobao"


def test_a_brief_is_drafted_kept_and_handed_over(shop: tuple[Workbench, Task], tmp_path: Path) -> None:
    """What is drafted can be kept and written as a document in the workspace's reports, or elsewhere."""
    workbench, task = shop
    draft = draft_brief_of(workbench, "main", task.id)
    assert draft.goal.startswith("1001 访客下降。访客数 +10.0%")
    assert "不能掉：支付转化率" in draft.goal
    assert draft.unknown == (MISSING["buyers"].zh, MISSING["reasons"].zh)
    assert draft.points[0].evidence.startswith("全店近 30 天")
    assert kept_or_drafted(workbench, "main", task.id) == draft
    kept = save_brief(workbench, "main", task.id, by="小王")
    assert (kept_or_drafted(workbench, "main", task.id), kept.written_by) == (kept, "小王")
    path = brief_document(workbench, "main", task.id)
    assert path.parent == workbench.workspace.reports
    assert "换主图" in docx.Document(str(path)).paragraphs[0].text
    assert brief_document(workbench, "main", task.id, tmp_path / "b.docx") == tmp_path / "b.docx"


def test_without_files_everything_is_missing(tmp_path: Path) -> None:
    """A product of which no file tells anything has a brief that says so."""
    with make_workbench(tmp_path) as workbench:
        put(workbench, "shop.csv", shop_file(2), "main", LAST + timedelta(days=1))
        new = NewTask("换图", COAT, Role.DESIGNER, date(2026, 11, 30), Expected("visitors", 0.1, date(2026, 12, 20)))
        task = propose(workbench.state, "main", new, by="小王")
        brief = draft_brief_of(workbench, "main", task.id, language="en")
        assert len(brief.unknown) == len(MISSING)
        assert brief.pictures
