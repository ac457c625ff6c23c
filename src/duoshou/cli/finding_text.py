"""Findings in words: what is wrong with the data first, then the business, the dearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.business_text import business_text
from duoshou.cli.session import Session
from duoshou.cli.width import one_line, shorten, table
from duoshou.model.numbers import UNKNOWN, amount, whole_amount

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from duoshou.model import Evidence, Finding, Impact, Unjudged

SHOWN_ROWS = 3
LONGEST_LINE = 240
LONGEST_CELL = 32


def findings_text(findings: Sequence[Finding], session: Session, unjudged: Sequence[Unjudged] = ()) -> str:
    """Return one paragraph per finding, or that there is none; then what is worth doing.

    What several cost together stands at the top.

    Args:
        findings: Findings, in the order in which they are told.
        session: The language.
        unjudged: What could not be judged; it is told at the end.
    """
    from duoshou.reports.business import advice_of, business_findings, is_business

    advice = advice_of(findings)
    others = [one for one in findings if one not in advice]
    if others:
        parts = [finding_text(one, session) for one in others if not is_business(one)]
        told = business_text(business_findings(others), session, before=parts)
    else:
        told = session.say("没有需要处理的发现。", "Nothing needs attention.")
    return "\n\n".join(part for part in (told, advice_text(advice, session), unjudged_text(unjudged, session)) if part)


def advice_text(advice: Sequence[Finding], session: Session) -> str:
    """Return what is worth doing, a line each with its money and what to do; nothing where nothing is advised."""
    from duoshou.reports.business import MOST_ADVICE

    if not advice:
        return ""
    lines = [session.say("值得做的：", "Worth doing:")]
    for one in advice[:MOST_ADVICE]:
        lines.append(f"  • {shorten(one_line(one.headline.in_language(session.language)), LONGEST_LINE)}")
        if one.impact is not None:
            money = [whole_amount(each, one.impact.currency, session.language) for each in _ends(one.impact)]
            basis = one.impact.basis.in_language(session.language)
            lines.append(
                "    "
                + session.say(
                    f"约 {money[0]}（{money[1]} 至 {money[2]}）：{basis}",
                    f"about {money[0]} ({money[1]} to {money[2]}): {basis}",
                )
            )
        lines += [f"    → {each.action.in_language(session.language)}" for each in one.recommendations[:1]]
    more = len(advice) - MOST_ADVICE
    if more > 0:
        lines.append(session.say(f"  另有 {more} 条，见 --json", f"  {more} more, see --json"))
    return "\n".join(lines)


def _ends(impact: Impact) -> tuple[Decimal, Decimal, Decimal]:
    return impact.amount, impact.low, impact.high


def unjudged_text(unjudged: Sequence[Unjudged], session: Session) -> str:
    """Return what could not be judged and why, a line each; nothing where all could."""
    if not unjudged:
        return ""
    head = session.say("没有判断的（不等于正常）：", "Not judged, which does not mean that it is well:")
    lines = [f"  - {shorten(one_line(one.text.in_language(session.language)), LONGEST_LINE)}" for one in unjudged]
    return "\n".join([head, *lines])


def finding_text(finding: Finding, session: Session) -> str:
    """Return headline, money at stake, caveats and what to do about a finding on the data."""
    language = session.language
    lines = [f"• {finding.headline.in_language(language)}"]
    if finding.impact is not None:
        at_stake = amount(finding.impact.amount, finding.impact.currency, language)
        lines.append(
            "  "
            + session.say(f"涉及金额 {at_stake}：", f"{at_stake} at stake: ")
            + finding.impact.basis.in_language(language)
        )
    lines += [f"  {caveat.in_language(language)}" for caveat in finding.caveats]
    for evidence in finding.evidence[:1]:
        lines += _evidence_lines(evidence, session)
    lines += [f"  → {advice.action.in_language(language)}" for advice in finding.recommendations]
    return "\n".join(lines)


def _evidence_lines(evidence: Evidence, session: Session) -> list[str]:
    """Return the first rows that a reader can check, set in under the finding."""
    if not evidence.rows:
        return []
    cells = [
        [UNKNOWN if cell is None else shorten(_written(cell), LONGEST_CELL) for cell in row]
        for row in evidence.rows[:SHOWN_ROWS]
    ]
    lines = [evidence.title.in_language(session.language), *table(evidence.columns, cells).splitlines()]
    more = len(evidence.rows) - SHOWN_ROWS
    if more > 0:
        lines.append(session.say(f"另有 {more} 行，见 --json", f"{more} more rows, see --json"))
    return [f"    {line}" for line in lines]


def _written(cell: object) -> str:
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)
