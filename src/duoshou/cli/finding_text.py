"""Findings in words: what is wrong with the data first, then the business, the dearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.business_text import business_text
from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.numbers import UNKNOWN, amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duoshou.model import Evidence, Finding

SHOWN_ROWS = 3
LONGEST_CELL = 32


def findings_text(findings: Sequence[Finding], session: Session) -> str:
    """Return one paragraph per finding, or that there is none; what several cost together stands at the top."""
    from duoshou.reports.business import business_findings, is_business

    if not findings:
        return session.say("没有需要处理的发现。", "Nothing needs attention.")
    parts = [finding_text(one, session) for one in findings if not is_business(one)]
    return business_text(business_findings(findings), session, before=parts)


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
