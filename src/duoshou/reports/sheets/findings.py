"""发现: what happened to the business, what it costs, why, what to do, and what cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duoshou.model import EvidenceType, Finding
from duoshou.reports.business import (
    Amount,
    at_stake,
    effort_text,
    has_weights,
    lost_so_far,
    reasons,
    weighted,
)
from duoshou.reports.context import Report, head
from duoshou.reports.sheets.finding_evidence import write_evidence
from duoshou.reports.workbook import Sheet, lines_of, safe_text

# Name of the heading, first and last column: the list lies over the columns of the evidence below it.
_LIST = (
    ("number", 0, 0),
    ("headline", 1, 3),
    ("stake", 4, 4),
    ("interval", 5, 5),
    ("lost", 6, 6),
    ("causes", 7, 8),
    ("action", 9, 11),
    ("role", 12, 12),
    ("effort", 13, 13),
    ("confidence", 14, 14),
)
WIDTHS = (5, 14, 14, 14, 13, 17, 13, 17, 17, 13, 13, 13, 9, 9, 12)
LAST = len(WIDTHS) - 1
MOST_CAUSES = 3
MOST_SHOWN = 3
LONGEST_CELL = 300
LEAST_HISTORY = 56
"""Days of history without which nothing is judged: the weekdays are not known yet."""
INDENT: dict[str, Any] = {"indent": 1, "align": "left"}
"""Text beside a number that stands on the right."""
_RIGHT = frozenset({"stake", "interval", "lost"})


def write_findings(report: Report) -> None:
    """Write the list of what was found, what is worth doing beside it, then what each rests on."""
    sheet, words, found = report.sheets["findings"], report.words, report.business_findings
    sheet.widths(*WIDTHS)
    row = head(report, sheet, words("finding.title"))
    if found:
        report.definitions.note("findings")
        report.definitions.note("findings_money")
        # Not repeated on paper: the pages after the list hold what the findings rest on.
        sheet.worksheet.freeze_panes(row + 1, 0)
        row = _list(report, sheet, row, found)
    else:
        sheet.text(row, 0, quiet_text(report), "lead", text_wrap=False)
        row += 1
    row = _unjudged(report, sheet, row + 1)
    if report.advice:
        sheet.text(row, 0, words("finding.advice"), "section")
        row = _list(report, sheet, row + 1, report.advice, first=len(found) + 1)
    for number, finding in enumerate([*found, *report.advice], start=1):
        row = _details(report, sheet, row + 1, number, finding)


def _list(report: Report, sheet: Sheet, row: int, found: Sequence[Finding], *, first: int = 1) -> int:
    """Write a line for each finding under headings, and return the next free row."""
    _heads(report, sheet, row)
    for number, finding in enumerate(found, start=first):
        row += 1
        _line(report, sheet, row, number, finding)
    return row + 1


def quiet_text(report: Report) -> str:
    """Return that nothing was found; that nothing could be judged where there are no data."""
    if report.freshness and all(one.last is None for one in report.freshness):
        return report.words("finding.no_data")
    short = _short_history(report)
    return report.words("finding.short", days=short) if short is not None else report.words("finding.quiet")


def _short_history(report: Report) -> int | None:
    """Return the days of history where they are too few to judge by."""
    firsts = [one.first for one in report.freshness if one.first is not None]
    if not firsts:
        return None
    days = (report.day - min(firsts)).days + 1
    return days if days < LEAST_HISTORY else None


def write_first_findings(report: Report, sheet: Sheet, row: int, widths: tuple[float, ...]) -> int:
    """Write the dearest findings with their money on another sheet, and return the next free row."""
    words, found = report.words, report.business_findings
    name = report.sheets["findings"].name
    sheet.text(row, 0, words("finding.section"), "section")
    row += 1
    if not found:
        sheet.text(row, 0, quiet_text(report), "subtitle")
        return row + 2
    last = len(widths) - 1
    spans = (("headline", 0, 3), ("stake", 4, 5), ("action", 6, last))
    for column, first, end in spans:
        style = "head_right" if column in _RIGHT else "head"
        sheet.worksheet.merge_range(row, first, row, end, "", sheet.book.format(style))
        sheet.text(row, first, words(f"finding.{column}"), style, **(INDENT if column == "action" else {}))
    for finding in found[:MOST_SHOWN]:
        row += 1
        cells = (_cut(words.of(finding.headline)), None, _cut(_actions(report, finding)))
        lines = 1
        for (column, first, end), cell in zip(spans, cells, strict=True):
            if cell is None:
                sheet.worksheet.merge_range(row, first, row, end, "", sheet.book.format("top_number"))
                _money(report, sheet, row, first, at_stake(finding), finding)
                continue
            width = sum(widths[first : end + 1])
            sheet.wide(row, first, end, cell, "wrap", width)
            if column == "action":
                sheet.text(row, first, cell, "wrap", **INDENT)
            lines = max(lines, lines_of(cell, width - 2))
        sheet.height(row, lines)
    more = len(found) - MOST_SHOWN
    text = words("finding.more", count=more, sheet=name) if more > 0 else words("finding.details", sheet=name)
    sheet.link(row + 1, 0, f"'{name}'!A1", text, "note")
    return row + 3


def _heads(report: Report, sheet: Sheet, row: int) -> None:
    lines = 1
    for name, first, last in _LIST:
        text, style = report.words(f"finding.{name}"), "head_right" if name in _RIGHT else "head"
        if first != last:
            sheet.worksheet.merge_range(row, first, row, last, "", sheet.book.format(style))
        sheet.text(row, first, text, style, **(INDENT if name == "causes" else {}))
        lines = max(lines, lines_of(text, sum(WIDTHS[first : last + 1]) - 1))
    sheet.height(row, lines)


def _line(report: Report, sheet: Sheet, row: int, number: int, finding: Finding) -> None:
    """Write one finding in one row, as high as its longest cell needs."""
    words = report.words
    roles = dict.fromkeys(words(f"role.{each.owner_role.value}") for each in finding.recommendations)
    efforts = dict.fromkeys(effort_text(each.effort, words) for each in finding.recommendations)
    texts = {
        "headline": words.of(finding.headline),
        "causes": "\n".join(_causes(report, finding)[:MOST_CAUSES]),
        "action": _actions(report, finding),
        "role": "\n".join(roles),
        "effort": "\n".join(filter(None, efforts)),
        "confidence": words(f"confidence.{finding.confidence.value}"),
    }
    stake = at_stake(finding)
    lines = 1
    for name, first, last in _LIST:
        if name == "number":
            sheet.number(row, first, number, "0", "top_rank")
        elif name == "stake":
            _money(report, sheet, row, first, stake, finding)
        elif name == "lost":
            _money(report, sheet, row, first, lost_so_far(finding), finding)
        elif name == "interval":
            sheet.text(row, first, interval_text(report, stake), "top_number")
        else:
            lines = max(lines, _wrapped(sheet, row, first, last, _cut(texts[name]), indent=name == "causes"))
    sheet.height(row, lines)


def _wrapped(sheet: Sheet, row: int, first: int, last: int, text: str, *, indent: bool) -> int:
    """Write wrapped text over columns and return how many lines it takes."""
    width = sum(WIDTHS[first : last + 1]) - 1
    changes = INDENT if indent else {}
    if first != last:
        sheet.worksheet.merge_range(row, first, row, last, "", sheet.book.format("wrap"))
    sheet.text(row, first, text or "—", "wrap", **changes)
    return lines_of(safe_text(text), width - 2 * bool(changes))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _actions(report: Report, finding: Finding) -> str:
    return "\n".join(report.words.of(each.action) for each in finding.recommendations)


def _causes(report: Report, finding: Finding) -> list[str]:
    return [weighted(one, report.words) for one in reasons(finding, report.words)]


def interval_text(report: Report, amount: Amount | None) -> str:
    """Return both ends of an interval, in the direction of its amount."""
    if amount is None:
        return "—"
    _, low, high = amount.told
    return report.words("finding.range", low=low, high=high)


def _money(report: Report, sheet: Sheet, row: int, column: int, amount: Amount | None, finding: Finding) -> None:
    """Write money lost as a number; a gain is marked, and a currency that is not the book's."""
    if amount is None:
        sheet.text(row, column, report.words("finding.unknown"), "top_number")
        return
    other = finding.impact is not None and finding.impact.currency != report.settings.currency
    unit = f'" {_plain(finding.impact.currency)}"' if other and finding.impact else ""
    gain = report.words("finding.gain")
    sheet.number(row, column, amount.amount, f'#,##0{unit};"{gain} "#,##0{unit}', "top_number")


def _plain(currency: str) -> str:
    """Return what a number format can quote."""
    return "".join(char for char in currency if char.isalnum())[:8]


def _unjudged(report: Report, sheet: Sheet, row: int) -> int:
    """Write what could not be judged, and return the next free row; nothing where all could."""
    lines = unjudged(report)
    if not lines:
        return row
    sheet.text(row, 0, report.words("finding.unjudged"), "section")
    for line in lines:
        row += 1
        sheet.wide(row, 0, LAST, line, "note_wrap", sum(WIDTHS))
    return row + 2


def unjudged(report: Report) -> list[str]:
    """Return, in words, what could not be judged.

    What the diagnosis says of itself covers the sources; where it says nothing, the sources that fail are named.
    """
    words = report.words
    joint = "、" if report.language == "zh" else ", "
    without = list(dict.fromkeys(words.of(one.source) for one in report.freshness if one.last is None))
    found = [words.of(text) for text in report.material.unjudged]
    told = bool(found)
    if without and not told:
        found.append(words("finding.without", sources=joint.join(without)))
    found += [
        words("finding.late", source=words.of(one.source), day=one.last)
        for one in report.freshness
        if one.last is not None and one.days_behind and not told
    ]
    if report.data_findings:
        sheet = report.sheets["checks"].name
        found.append(words("finding.faults", count=len(report.data_findings), sheet=sheet))
    return found


def _details(report: Report, sheet: Sheet, row: int, number: int, finding: Finding) -> int:
    """Write what one finding rests on, and return the next free row."""
    words = report.words
    sheet.text(row, 0, str(number), "group", font_size=11)
    sheet.worksheet.merge_range(row, 1, row, LAST, "", sheet.book.format("group"))
    headline = _cut(words.of(finding.headline))
    sheet.text(row, 1, headline, "group", font_size=11, text_wrap=True)
    sheet.height(row, lines_of(headline, (sum(WIDTHS) - WIDTHS[0]) / 1.15))
    for name, text in _paragraphs(report, finding):
        if text:
            row += 1
            sheet.text(row, 1, words(f"finding.{name}"), "note_wrap", font_size=10)
            sheet.wide(row, 2, LAST, text, "wrap", sum(WIDTHS[2:]) - 1)
    return write_evidence(report, sheet, row + 1, finding) + 1


def _paragraphs(report: Report, finding: Finding) -> list[tuple[str, str]]:
    words = report.words
    done = finding.recommendations
    notes = [one for one in finding.evidence if one.type is EvidenceType.TEXT]
    impact = finding.impact
    basis = "" if impact is None else words.of(impact.basis)
    causes = "causes" if has_weights(finding) else "together"
    joint = "；" if report.language == "zh" else "; "
    return [
        (causes, joint.join(_causes(report, finding))),
        ("why", "\n".join(dict.fromkeys(words.of(each.why) for each in done))),
        ("effect", "\n".join(words.of(each.expected_effect) for each in done if each.expected_effect)),
        ("basis", basis),
        ("records", "\n".join(_record(words.of(one.title), one.rows) for one in notes)),
        ("caveats", "\n".join(words.of(each) for each in finding.caveats)),
    ]


def _record(title: str, rows: tuple[tuple[object, ...], ...]) -> str:
    """Return an entry of the event ledger with its day."""
    return f"{rows[0][0]}  {title}" if rows and rows[0] else title
