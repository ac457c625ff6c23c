"""What is pushed to a chat about a shop: the digest of a day, what is urgent, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from duoshou.app.checklist import Item, checklist
from duoshou.app.loop.lateness import KIND as LATE
from duoshou.app.loop.tasks import due_tasks, today_of
from duoshou.app.pages.today import SIX, value_of
from duoshou.loop.task import Task
from duoshou.metrics import MetricValue
from duoshou.metrics.result import Flag
from duoshou.model import Comparison, Confidence, Finding, Language, Period, Text, Unjudged
from duoshou.model.numbers import UNKNOWN, amount, count, point_change, rate, relative_change, whole_amount
from duoshou.reports.business import MOST_ADVICE, advice_of, at_stake, business_findings, is_business
from duoshou.reports.push import Block, Message
from duoshou.reports.words import Words
from duoshou.state import Status

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

MOST_FINDINGS = 5
MOST_FAULTS = 3
MOST_UNJUDGED = 3
MOST_FILES = 5
MOST_TASKS = 8
FAULTS = "data."
SURE = (Confidence.CERTAIN, Confidence.LIKELY)
WEIGHTY_FLAGS = {
    Flag.PROVISIONAL: Text("暂定", "provisional"),
    Flag.APPROXIMATE: Text("近似", "approximate"),
    Flag.SMALL_SAMPLE: Text("样本少", "small sample"),
    Flag.MISSING_DAYS: Text("数据不全", "days missing"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the day; `value` is None where nothing answers."""

    title: Text
    value: MetricValue | None


@dataclass(frozen=True, slots=True)
class DayOfShop:
    """All that a message about the day of a shop is made of.

    Attributes:
        key: Key of the shop.
        title: Its name.
        day: The day.
        against: The day that the numbers are held against.
        currency: Money of the amounts.
        figures: The numbers of the first screen.
        findings: What is told of the day, faults of data among it.
        unjudged: What could not be judged, and why.
        to_fetch: Files of this shop that are to be fetched.
        link: Where the cockpit shows this day; None where its address is not known.
        tasks: Open tasks that are due by today, what is due first first.
        today: The day on which this is told; None where no task is.
    """

    key: str
    title: str
    day: date
    against: date
    currency: str
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    unjudged: tuple[Unjudged, ...]
    to_fetch: tuple[Item, ...]
    link: str | None
    tasks: tuple[Task, ...] = ()
    today: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether none of its numbers is known: there is nothing to tell yet."""
        return all(one.value is None or one.value.value is None for one in self.figures)

    @property
    def faults(self) -> list[Finding]:
        """What is wrong with the data."""
        return [one for one in self.findings if one.kind.startswith(FAULTS)]

    @property
    def urgent(self) -> list[Finding]:
        """What somebody should look at now: sure faults of data, and money that is surely being lost.

        A trouble of the business is only told when its loss is above the shop's own floor, a part of what it earns on
        one day; here, too, the interval of the loss must lie above nothing.
        """
        losing = [
            one
            for one in business_findings(self.findings)
            if one.impact is not None and one.impact.low > 0 and one.confidence in SURE
        ]
        return [one for one in self.faults if one.confidence in SURE] + losing


def day_of_shop(workbench: Workbench, day: date, shop: str | None) -> DayOfShop:
    """Read what is told of a shop's day.

    Args:
        workbench: The workspace.
        day: The day.
        shop: Key of the shop; None: the only one.
    """
    settings = workbench.settings
    one = settings.shop(shop)
    period = Period.of_day(day)
    found = workbench.findings(day, shop=shop)
    due = checklist(workbench, shop=one.key).due
    today = today_of(workbench)
    address = settings.server.url.rstrip("/")
    query = urlencode({"shop": one.key, "date": day.isoformat()})
    return DayOfShop(
        key=one.key,
        title=one.title,
        day=day,
        against=period.compared(Comparison.WEEK).start,
        currency=settings.currency,
        figures=tuple(
            Figure(workbench.catalogue.metrics[key].title, value_of(workbench, key, period, shop, Comparison.WEEK))
            for key in SIX
        ),
        findings=found.findings,
        unjudged=found.unjudged,
        to_fetch=due,
        link=f"{address}/today?{query}" if address else None,
        tasks=due_tasks(workbench, one.key, today)[0],
        today=today,
    )


def digest(day: DayOfShop, language: Language, picture: bytes | None = None) -> Message:
    """Return the daily digest: numbers, what is wrong with the data, findings, what cannot be told, what to fetch."""
    words = Words(language)
    named = words.of(Text("舵手日报", "Duoshou daily"))
    blocks = [
        Block(_heading(day, words), tuple(_figure(one, day.currency, words) for one in day.figures)),
        _faults(day.faults, words),
        _findings(business_findings(day.findings), words),
        _worth_doing(advice_of(day.findings), words),
        _tasks(day, words),
        _late([one for one in day.findings if one.kind == LATE], words),
        _unjudged(day, words),
        _files(day.to_fetch, words),
    ]
    title = f"{named} · {day.title} · {_day(day.day, words)}"
    return Message(title, tuple(one for one in blocks if one.lines), day.link, picture, language=language)


def urgent(day: DayOfShop, findings: Sequence[Finding], language: Language) -> Message:
    """Return the message that tells of urgent findings of a day."""
    words = Words(language)
    blocks = (
        _faults([one for one in findings if not is_business(one)], words),
        _findings([one for one in findings if is_business(one)], words),
    )
    title = words.of(
        Text(
            f"舵手 · {day.title}：{len(findings)} 件事要马上看",
            f"Duoshou · {day.title}: {len(findings)} {'thing' if len(findings) == 1 else 'things'} to look at now",
        )
    )
    return Message(title, tuple(one for one in blocks if one.lines), day.link, urgent=True, language=language)


def missing(day: DayOfShop, language: Language) -> Message:
    """Return the message that says that the data of yesterday are not there yet, and which files to fetch."""
    words = Words(language)
    written = _day(day.day, words)
    reach = Text(f"昨天的数据还没有导入，目前到 {written}", f"the data of yesterday are missing, they reach {written}")
    if day.is_empty:
        reach = Text(f"{written} 的数据还没有导入", f"the data of {written} are missing")
    title = words.of(Text(f"舵手 · {day.title}：{reach.zh}", f"Duoshou · {day.title}: {reach.en}"))
    return Message(
        title, tuple(one for one in (_files(day.to_fetch, words),) if one.lines), day.link, language=language
    )


def notice(title: Text, lines: Sequence[Text], language: Language) -> Message:
    """Return a notice to people: what happened, and what they are to know of it."""
    named = Text(f"舵手 · {title.zh}", f"Duoshou · {title.en}").in_language(language)
    return Message(named, (Block("", tuple(one.in_language(language) for one in lines)),), language=language)


def _day(day: date, words: Words) -> str:
    return f"{day.isoformat()} {words.weekday(day)}"


def _heading(day: DayOfShop, words: Words) -> str:
    return words.of(
        Text(
            f"数字（对比上周同日 {day.against:%m-%d}）",
            f"Figures (against the same weekday, {day.against.isoformat()})",
        )
    )


def _figure(one: Figure, currency: str, words: Words) -> str:
    title, value = words.of(one.title), one.value
    if value is None or value.value is None:
        return f"{title} {UNKNOWN}"
    told = [words.of(text) for flag, text in WEIGHTY_FLAGS.items() if flag in value.flags]
    if (change := point_change(value.change_pp) if value.unit == "rate" else relative_change(value.change)) != UNKNOWN:
        told.insert(0, change)
    written = _written(value, currency, words.language)
    return words.of(
        Text(f"{title} {written}（{'，'.join(told)}）", f"{title} {written} ({', '.join(told)})")
        if told
        else Text(f"{title} {written}", f"{title} {written}")
    )


def _written(value: MetricValue, currency: str, language: Language) -> str:
    if value.unit == "money":
        return amount(value.value, currency, language)
    return rate(value.value) if value.unit == "rate" else count(value.value)


def _faults(faults: Sequence[Finding], words: Words) -> Block:
    lines = [words.of(one.headline) + _advice(one, words) for one in faults[:MOST_FAULTS]]
    return Block(
        words.of(Text("先处理的数据问题", "Faults in the data, to mend first")),
        (*lines, *_more(len(faults) - MOST_FAULTS, words)),
    )


def _findings(findings: Sequence[Finding], words: Words) -> Block:
    lines = [words.of(one.headline) + _money(one, words) + _advice(one, words) for one in findings[:MOST_FINDINGS]]
    return Block(words.of(Text("发现", "Findings")), (*lines, *_more(len(findings) - MOST_FINDINGS, words)))


def _tasks(day: DayOfShop, words: Words) -> Block:
    lines = [_task(one, day.today or one.what.due_on, words) for one in day.tasks[:MOST_TASKS]]
    title = Text(f"今天要做完的任务 {len(day.tasks)} 个", f"{len(day.tasks)} tasks due")
    return Block(words.of(title), (*lines, *_more(len(day.tasks) - MOST_TASKS, words)))


def _task(task: Task, today: date, words: Words) -> str:
    who = task.owner_name or words(f"role.{task.what.owner_role.value}")
    late = (today - task.what.due_on).days
    due = Text(f"，逾期 {late} 天", f", {late} {'day' if late == 1 else 'days'} late") if late > 0 else Text("", "")
    return words.of(Text(f"{task.what.title}（{who}{due.zh}）", f"{task.what.title} ({who}{due.en})"))


def _worth_doing(advice: Sequence[Finding], words: Words) -> Block:
    """Return the advice that is new: what was told yesterday need not be pushed again."""
    new = [one for one in advice if one.status == Status.NEW][:MOST_ADVICE]
    return Block(words.of(Text("值得做的", "Worth doing")), tuple(words.of(one.headline) for one in new))


def _late(findings: Sequence[Finding], words: Words) -> Block:
    return Block(
        words.of(Text("没有人确认的通知", "Notices nobody acknowledged")),
        tuple(words.of(one.headline) for one in findings),
    )


def _more(number: int, words: Words) -> list[str]:
    return [words.of(Text(f"另有 {number} 条", f"{number} more"))] if number > 0 else []


def _money(finding: Finding, words: Words) -> str:
    money = at_stake(finding)
    if money is None or finding.impact is None:
        return words.of(Text("（金额算不出）", " (no money known)"))
    middle, low, high = (whole_amount(one, finding.impact.currency, words.language) for one in money.told)
    if money.is_gain:
        return words.of(Text(f"（多赚约 {middle}，{low} 至 {high}）", f" (a gain of about {middle}, {low} to {high})"))
    return words.of(Text(f"（涉及约 {middle}，{low} 至 {high}）", f" (about {middle} at stake, {low} to {high})"))


def _advice(finding: Finding, words: Words) -> str:
    for one in finding.recommendations[:1]:
        who = words(f"role.{one.owner_role.value}")
        return " → " + words.of(one.action) + words.of(Text(f"（{who}）", f" ({who})"))
    return ""


def _unjudged(day: DayOfShop, words: Words) -> Block:
    lines = [words.of(one.text) for one in day.unjudged[:MOST_UNJUDGED]]
    unknown = [words.of(one.title) for one in day.figures if one.value is None or one.value.value is None]
    if unknown:
        named = words.of(Text("、", ", ")).join(unknown)
        lines.append(words.of(Text(f"{named}：这一天没有来源", f"{named}: nothing tells of this day")))
    lines += _more(len(day.unjudged) - MOST_UNJUDGED, words)
    return Block(words.of(Text("不能判断", "Cannot be told")), tuple(lines))


def _files(files: Sequence[Item], words: Words) -> Block:
    lines = [_file(one, words) for one in files[:MOST_FILES]]
    title = Text(
        f"今天要下载 {len(files)} 个文件", f"{len(files)} {'file' if len(files) == 1 else 'files'} to fetch today"
    )
    return Block(words.of(title), (*lines, *_more(len(files) - MOST_FILES, words)))


def _file(one: Item, words: Words) -> str:
    span = f"{one.first_missing}"
    if one.first_missing != one.last_missing:
        span = words.of(
            Text(f"{one.first_missing} 至 {one.last_missing}", f"{one.first_missing} to {one.last_missing}")
        )
    title = words.of(one.title)
    menu = "" if one.menu is None else words.of(Text(f"：{one.menu.zh}", f": {one.menu.en}"))
    return words.of(Text(f"{title}（缺 {span}）{menu}", f"{title} (lacks {span}){menu}"))
