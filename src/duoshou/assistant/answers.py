"""What the tools answer: the JSON of the commands with definitions, what the flags mean, and which part this is."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from duoshou.model import Text

Row = dict[str, Any]


class Words(BaseModel):
    """One message in both languages."""

    zh: str
    en: str


class Page(BaseModel):
    """Which part of the whole an answer holds."""

    offset: int = Field(description="前面略过的行数 · rows left out before this part")
    returned: int = Field(description="这里有多少行 · rows in this part")
    total: int | None = Field(description="总行数；null 表示不知道 · rows in all; null where unknown")
    next_offset: int | None = Field(
        description="下一页的 offset；null 表示到头了 · offset of the next part, null at the end"
    )
    note: Words | None = Field(default=None, description="没有给全时说明 · says so where this is not the whole")


class Answer(BaseModel):
    """One answer."""

    model_config = ConfigDict(extra="forbid")

    schema_version: int = 1


class Cautious(Answer):
    """An answer that says what to know before relying on it."""

    caveats: list[Words] = Field(default_factory=list, description="用之前要知道的 · what to know before relying on it")


class ShopEntry(BaseModel):
    """One shop."""

    key: str
    name: str
    aliases: list[str]
    has_data: bool
    platforms: list[str]
    last_complete_day: str | None = Field(
        description="数据完整的最后一天 · last day that the data hold whole; null without data"
    )
    days_behind: int | None = Field(description="离昨天还差几天的数据 · days of data missing up to yesterday")


class ShopsAnswer(Answer):
    """The shops of the workspace."""

    workspace: str
    currency: str
    timezone: str
    yesterday: str = Field(description="店铺时区的昨天 · the last day that is over in the shop's time zone")
    default_shop: str
    shops: list[ShopEntry]
    rights: list[str] = Field(description="这次连接有哪些权限 · what this connection may do")


class FreshnessAnswer(Answer):
    """Which files to fetch, and how far each reaches."""

    date: str
    rules: Words
    files: list[Row]
    optional_left_out: int = Field(description="略去的可选文件数 · optional files that were left out")
    page: Page


class GlossaryAnswer(Answer):
    """Metrics and what they mean."""

    metrics: list[Row]
    page: Page


class Numbers(Cautious):
    """An answer with values of metrics."""

    definitions: list[Row] = Field(
        description="每个指标的定义、公式、单位、口径 · definition, formula, unit of each metric"
    )
    flag_meanings: dict[str, Words] = Field(description="出现的标记是什么意思 · what the flags that occur mean")


class QueryAnswer(Numbers):
    """The answer of `query`."""

    period: Row
    comparison: Row | None
    grain: str | None
    rows: list[Row]
    notes: list[Words]
    page: Page


class ExplainAnswer(Numbers):
    """The answer of `explain`."""

    metric: str
    unit: str
    current: Row
    baseline: Row
    change: float | None
    relative_change: float | None
    headline: Words
    drivers: list[Row]
    dimensions: list[Row]
    overlap: float | None
    residual: float | None
    source: str | None
    flags: list[str]


class FindingsAnswer(Cautious):
    """The findings of a day."""

    date: str
    findings: list[Row]
    unjudged: list[Row] = Field(
        description="没能判断的和原因；那里没有发现不等于没事 · what could not be judged and why: no "
        "finding there means nothing"
    )
    page: Page


class FindingAnswer(Cautious):
    """One finding with all that is known of it."""

    shop: str
    finding: Row
    first_seen: str | None
    last_seen: str | None
    since: str | None
    closed_on: str | None
    days_found: int
    decisions: list[Row]


class SqlAnswer(Cautious):
    """Rows of a statement."""

    columns: list[str]
    rows: list[list[Any]]
    page: Page


class ReportsAnswer(Answer):
    """Workbooks that were written."""

    folder: str
    reports: list[Row]
    page: Page


class DecisionAnswer(Answer):
    """Where a finding stands after a decision."""

    shop: str
    finding: str
    status: str
    from_day: str = Field(description="从哪一天的清单起生效 · first day whose list obeys")


class ImportAnswer(Answer):
    """What became of the files of the inbox."""

    dry_run: bool
    files: list[Row]
    needs_person: bool
    page: Page


class DayAnswer(Answer):
    """What the daily job did."""

    date: str
    imported_files: list[Row]
    findings: list[Row]
    unjudged: list[Row]
    reports: list[str]
    shops: list[Row]
    fetch_next: list[Row]
    needs_person: bool
    page: Page = Field(description="findings 的哪一部分 · which part of the findings this is")


class RowsOfShop(Answer):
    """Rows of one shop, or the one that was written."""

    shop: str
    rows: list[Row]
    page: Page


class TaskAnswer(Answer):
    """A task as it stands, and its steps."""

    shop: str
    task: Row
    steps: list[Row]


class EffectsAnswer(Answer):
    """Measured effects, and what all of them brought."""

    shop: str
    effects: list[Row]
    totals: Row = Field(description="全部，包括有害的 · everything, what harmed too")
    page: Page
    caveat_meanings: dict[str, Words]


def words(text: Text) -> Words:
    """Return a text as an answer carries it."""
    return Words(zh=text.zh, en=text.en)
