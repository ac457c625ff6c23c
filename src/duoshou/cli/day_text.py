"""What the daily job did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.checklist_text import due_text
from duoshou.cli.finding_text import findings_text
from duoshou.cli.import_text import import_report_text
from duoshou.cli.metric_format import format_change, format_value
from duoshou.cli.query_text import marks, remarks
from duoshou.cli.session import Session
from duoshou.cli.width import table
from duoshou.model import Comparison, Period

if TYPE_CHECKING:
    from duoshou.app import DayReport
    from duoshou.app.results import ShopDay

KEY_FIGURES = (
    "pay_amount", "pay_orders", "pay_buyers", "spend_per_buyer", "refund_amount", "visitors", "pay_conversion_rate",
    "ad_cost", "roas",
)  # fmt: skip


def day_report_text(report: DayReport, session: Session) -> str:
    """Return the imports, the key figures, the findings, what to fetch next and where the sheet lies."""
    parts = [
        f"{session.workbench.settings.name} · {report.day}",
        import_report_text(report.imported, session),
        key_figures_text(report, session),
        findings_text(report.findings.findings, session, report.findings.unjudged),
        loop_text(report, session),
        due_text(report.checklist, session),
        "\n".join(session.say(f"日报：{path}", f"Daily sheet: {path}") for path in report.reports),
    ]
    return "\n\n".join(part for part in parts if part)


def loop_text(report: DayReport, session: Session) -> str:
    """Return what was done for the closed loop, a line for each shop of which there is something to say."""
    titles = {shop.key: shop.title for shop in session.workbench.settings.shops}
    lines = []
    for one in report.loop:
        told = [
            session.say(*words)
            for number, words in (
                (one.proposed, (f"数据里看出 {one.proposed} 条改动待确认", f"{one.proposed} changes to confirm")),
                (one.entered, (f"{one.entered} 条改动进了仓库", f"{one.entered} changes entered the warehouse")),
                (one.measured, (f"评估了 {one.measured} 个效果", f"{one.measured} effects measured")),
            )
            if number
        ]
        told += [f"! {problem.in_language(session.language)}" for problem in one.problems]
        if told:
            shop = f"{titles.get(one.shop, one.shop)} · " if len(report.loop) > 1 else ""
            lines.append(shop + session.say("；", "; ").join(told))
    return "\n".join(lines)


def key_figures_text(report: DayReport, session: Session) -> str:
    """Return the day's known key figures beside those of the same weekday a week before, shop by shop."""
    if len(report.shops) == 1:
        return _figures(report.shops[0], session)
    titles = {shop.key: shop.title for shop in session.workbench.settings.shops}
    return "\n\n".join(
        f"{titles[one.shop]}{f' · {one.day}' if one.report else ''}\n{_figures(one, session)}"
        for one in report.shops
        if one.shop is not None
    )


def _figures(one: ShopDay, session: Session) -> str:
    if one.report is None:
        return session.say("还没有导入过这家店的文件。", "No file of this shop has been imported yet.")
    result = session.workbench.query(KEY_FIGURES, period=Period.of_day(one.day), compare=Comparison.WEEK, shop=one.shop)
    known = {key: value for row in result.rows for key, value in row.values.items() if value.value is not None}
    if not known:
        return session.say("这一天没有数据。", "There is no data for this day.")
    titles = {key: session.workbench.catalogue.metrics[key].title.in_language(session.language) for key in known}
    header = [session.say("指标", "figure"), str(one.day)]
    header += [session.say("上周同日", "a week before"), session.say("变化", "change")]
    rows = [
        [
            titles[key],
            format_value(value.value, value.unit) + marks(value),
            format_value(value.compare, value.unit),
            format_change(value),
        ]
        for key, value in known.items()
    ]
    return "\n".join([table(header, rows, numeric=[False, True, True, True]), *remarks(known.values(), session)])
