"""What the daily job did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.finding_text import findings_text
from duoshou.cli.import_text import import_report_text
from duoshou.cli.metric_format import format_change, format_value
from duoshou.cli.query_text import marks, remarks
from duoshou.cli.session import Session
from duoshou.cli.width import table
from duoshou.model import Comparison, Period

if TYPE_CHECKING:
    from duoshou.app import DayReport

KEY_FIGURES = (
    "pay_amount", "pay_orders", "pay_buyers", "spend_per_buyer", "refund_amount", "visitors", "pay_conversion_rate",
    "ad_cost", "roas",
)  # fmt: skip


def day_report_text(report: DayReport, session: Session) -> str:
    """Return the imports, the key figures, the findings and where the sheet lies."""
    parts = [
        f"{session.workbench.settings.name} · {report.day}",
        import_report_text(report.imported, session),
        key_figures_text(report, session),
        findings_text(report.findings.findings, session),
        *(session.say(f"日报：{path}", f"Daily sheet: {path}") for path in report.reports),
    ]
    return "\n\n".join(part for part in parts if part)


def key_figures_text(report: DayReport, session: Session) -> str:
    """Return the day's known key figures beside those of the same weekday a week before."""
    result = session.workbench.query(
        KEY_FIGURES, period=Period.of_day(report.day), compare=Comparison.WEEK, shop=session.shop
    )
    known = {key: value for row in result.rows for key, value in row.values.items() if value.value is not None}
    if not known:
        return session.say("这一天没有数据。", "There is no data for this day.")
    titles = {key: session.workbench.catalogue.metrics[key].title.in_language(session.language) for key in known}
    header = [session.say("指标", "figure"), str(report.day)]
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
