"""报表: the workbooks that can be made, and those that lie in `reports/`."""

from __future__ import annotations

import re
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duoshou.app.daily import ALL_KINDS
from duoshou.app.discreet import DiscreetWorkbench
from duoshou.app.missing import NotThere
from duoshou.model import Language, Text, plain

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

PER_PAGE = 50
SUFFIX = ".xlsx"
_NAMED = re.compile(r"(?P<kind>[a-z]+)-(?P<day>\d{4}-\d{2}-\d{2})(?:-(?P<shop>.+))?\.xlsx")

WORDING = {
    "daily": (
        Text("日报", "Daily sheet"),
        Text(
            "这一天的指标、发现和动作、商品与流量的涨跌、数据检查",
            "The day's numbers, findings, movers and data checks",
        ),
    ),
    "weekly": (
        Text("周报", "Weekly book"),
        Text("本周到这一天，对比上周同期和按节日对齐的去年同期", "The week to date, against last week and last year"),
    ),
    "summary": (
        Text("月度汇总", "Monthly summary"),
        Text("本月逐日，每店一张，多店另有合计", "The month day by day, a sheet for each shop"),
    ),
    "studies": (
        Text("经营分析", "Studies"),
        Text(
            "货盘、搭配、价格、客户、推广、渠道，各一张表",
            "Range, bundles, prices, customers, promotion and channels, a sheet each",
        ),
    ),
}
"""Key of a kind of workbook → its name, and what is in it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of workbook: its key, its name, and what is in it."""

    key: str
    title: Text
    about: Text


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook in `reports/`.

    Attributes:
        name: Its file name.
        title: Name of its kind; None for a file that the product did not name.
        day: The day that its name tells.
        size: Bytes.
        made_at: When it was written.
    """

    name: str
    title: Text | None
    day: str | None
    size: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Reports:
    """The page of reports.

    Attributes:
        shop: Key of the shop.
        day: The day of a workbook that is made now.
        kinds: Kinds of workbooks.
        made: Workbooks in `reports/`, the latest first.
        total: How many there are.
        page: Which page this is, from 1.
    """

    shop: str
    day: date
    kinds: tuple[Kind, ...]
    made: tuple[Made, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(-(-self.total // PER_PAGE), 1)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {**plain(self), "pages": self.pages}


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook, its name in the reader's language, and one of ASCII."""

    content: bytes
    name: str
    plain_name: str


def reports(workbench: Workbench, day: date | None, shop: str | None, page: int = 1) -> Reports:
    """Return the page of reports.

    Args:
        workbench: The workspace.
        day: Day of a workbook that is made now; None: the last complete one.
        shop: Key of the shop; None where there is only one.
        page: Which page of the list.
    """
    made = sorted(_made(workbench.workspace.reports), key=lambda one: (one.made_at, one.name), reverse=True)
    part = made[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Reports(
        shop or workbench.settings.default_shop.key,
        day or workbench.last_complete_day(shop),
        tuple(Kind(key, *WORDING[key]) for key in ALL_KINDS),
        tuple(part),
        len(made),
        page,
    )


def made_book(workbench: Workbench, name: str) -> Path:
    """Return where a workbook of `reports/` lies; only names that are listed are known.

    Raises:
        NotThere: If there is none of this name.
    """
    if name in {one.name for one in _made(workbench.workspace.reports)}:
        return workbench.workspace.reports / name
    raise NotThere("no_such_report", Text("reports/ 里没有这份报表", "reports/ holds no such workbook"))


def book(
    workbench: Workbench, kind: str, day: date | None, shop: str | None, language: Language, *, costs: bool
) -> Book:
    """Return a workbook that is made now and kept nowhere.

    Args:
        workbench: The workspace.
        kind: Key of its kind.
        day: Its day; None: the last complete one.
        shop: Key of the shop; None where there is only one.
        language: Its language.
        costs: Whether whoever asks may see costs and margins; otherwise it leaves them out.

    Raises:
        ReportError: If there is no such kind.
    """
    chosen = day or workbench.last_complete_day(shop)
    with tempfile.TemporaryDirectory(prefix="duoshou-book-") as folder:
        path = Path(folder) / "book.xlsx"
        if costs:
            workbench.report(kind, day=chosen, output=path, language=language, shop=shop)
        else:
            with closing(DiscreetWorkbench.of(workbench)) as discreet:
                discreet.report(kind, day=chosen, output=path, language=language, shop=shop)
        content = path.read_bytes()
    title = WORDING[kind][0].in_language(language)
    shop_title = workbench.settings.shop(shop).title if shop else workbench.settings.name
    name = f"{shop_title}-{title}-{chosen.isoformat()}{SUFFIX}"
    return Book(content, name, "-".join(filter(None, (kind, chosen.isoformat(), shop))) + SUFFIX)


def _made(folder: Path) -> list[Made]:
    if not folder.is_dir():
        return []
    found = []
    for path in folder.iterdir():
        if (
            path.suffix.lower() != SUFFIX
            or path.name.startswith(("~$", "."))
            or path.is_symlink()
            or not path.is_file()
        ):
            continue
        stat, named = path.stat(), _NAMED.fullmatch(path.name)
        known = WORDING.get(named["kind"]) if named else None
        moment = datetime.fromtimestamp(stat.st_mtime, UTC)
        found.append(
            Made(path.name, known[0] if known else None, named["day"] if named else None, stat.st_size, moment)
        )
    return found
