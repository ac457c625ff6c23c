"""What happened to the business, in words: money, likely causes, what to do and who, what cannot be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import one_line, shorten
from duoshou.model.numbers import whole_amount

if TYPE_CHECKING:
    from duoshou.model import Finding, Recommendation, Text
    from duoshou.reports.business import Amount
    from duoshou.reports.words import Words

SHOWN_CAUSES = 3
SHOWN_MOVES = 3
WITHIN_CHANCE = 1.96
"""Standard deviations that nineteen usual days in twenty stay within."""
SHOWN_PLACES = 3
SHOWN_CAVEATS = 2
LONGEST_LINE = 240
SEVERAL = 2
TEN_THOUSAND = Decimal(10_000)
MILLION = Decimal(1_000_000)


def business_text(findings: Sequence[Finding], session: Session, *, before: Sequence[str] = ()) -> str:
    """Return one paragraph per finding; what several say alike is said once, at the end.

    Args:
        findings: Findings about the business, in the order in which they are told.
        session: The language.
        before: Paragraphs that come first, under the line that sums up.
    """
    shared = _shared_caveats(findings)
    parts = [*before, *(_paragraph(one, shared, session) for one in findings)]
    if len(findings) > 1:
        parts.insert(0, summary_text(findings, session))
        parts += [_shared_line(one, findings, session) for one in shared]
    return "\n".join(parts)


def summary_text(findings: Sequence[Finding], session: Session) -> str:
    """Return how many findings there are and what they cost together, losses and gains apart."""
    from duoshou.reports.business import at_stake

    losses: dict[str, Decimal] = defaultdict(Decimal)
    gains: dict[str, Decimal] = defaultdict(Decimal)
    for one in findings:
        money = at_stake(one)
        if money is not None and one.impact is not None:
            (gains if money.is_gain else losses)[one.impact.currency] += abs(money.amount)
    told = [session.say(f"少赚约 {short}", f"about {short} lost") for short in _sums(losses, session)]
    told += [session.say(f"多赚约 {short}", f"about {short} gained") for short in _sums(gains, session)]
    unknown = sum(one.impact is None for one in findings)
    if unknown:
        told.append(session.say(f"{unknown} 件算不出金额", f"no money known of {unknown}"))
    number = len(findings)
    return session.say(f"共 {number} 件事：{'，'.join(told)}", f"{number} things to look at: {', '.join(told)}")


def _sums(sums: dict[str, Decimal], session: Session) -> list[str]:
    return [_short(value, currency, session) for currency, value in sorted(sums.items()) if value]


def _short(value: Decimal, currency: str, session: Session) -> str:
    """Return a sum that is easily said: 2.1 万元, 21,000 CNY, 1.2 million CNY."""
    if session.language == "zh":
        unit = "元" if currency == "CNY" else f" {currency}"
        return f"{value / TEN_THOUSAND:,.1f} 万{unit}" if value >= TEN_THOUSAND else f"{value:,.0f} {unit.strip()}"
    return f"{value / MILLION:,.1f} million {currency}" if value >= MILLION else f"{value:,.0f} {currency}"


def _shared_caveats(findings: Sequence[Finding]) -> list[Text]:
    """Return the caveats that most of several findings have."""
    if len(findings) < SEVERAL:
        return []
    found = dict.fromkeys(one for finding in findings for one in finding.caveats)
    return [one for one in found if 2 * _having(one, findings) > len(findings)]


def _having(caveat: Text, findings: Sequence[Finding]) -> int:
    return sum(caveat in one.caveats for one in findings)


def _shared_line(caveat: Text, findings: Sequence[Finding], session: Session) -> str:
    said, number = caveat.in_language(session.language), _having(caveat, findings)
    if number == len(findings):
        return _line(session.say(f"以上各条：{said}", f"All of these: {said}"))
    return _line(session.say(f"其中 {number} 件：{said}", f"{number} of these: {said}"))


def _paragraph(finding: Finding, shared: Sequence[Text], session: Session) -> str:
    from duoshou.reports.words import Words

    words = Words(session.language)
    own = [one for one in finding.caveats if one not in shared]
    caveats = [session.say("注意：", "Note: ") + words.of(one) for one in own[:SHOWN_CAVEATS]]
    if len(own) > SHOWN_CAVEATS:
        rest = len(own) - SHOWN_CAVEATS
        caveats[-1] += session.say(f"（另有 {rest} 条，见 --json）", f" ({rest} more, see --json)")
    lines = [
        *_money_lines(finding, session),
        *_cause_lines(finding, words, session),
        *_move_lines(finding, words, session),
        *_place_lines(finding, words, session),
        *(_advice(one, words, session) for one in finding.recommendations),
        *caveats,
    ]
    return "\n".join([_line(f"• {words.of(finding.headline)}"), *(_line(f"  {line}") for line in lines)])


def _line(text: str) -> str:
    """Return text that stays on one line, steers no terminal and ends somewhere."""
    indent = text[: len(text) - len(text.lstrip(" "))]
    return indent + shorten(one_line(text.lstrip(" ")), LONGEST_LINE)


def _money_lines(finding: Finding, session: Session) -> list[str]:
    """Return the money at stake and, in the same line, its interval and basis."""
    from duoshou.reports.business import at_stake

    money = at_stake(finding)
    if money is None or finding.impact is None:
        return [session.say("涉及金额：算不出", "At stake: unknown")]
    basis = finding.impact.basis.in_language(session.language)
    figures = _figures(money, finding.impact.currency, session)
    if money.is_gain:
        return [session.say(f"多赚 {figures}：{basis}", f"Gain {figures}: {basis}")]
    return [session.say(f"涉及金额 {figures}：{basis}", f"At stake {figures}: {basis}")]


def _figures(money: Amount, currency: str, session: Session) -> str:
    middle, low, high = money.told
    written = whole_amount(middle, currency, session.language)
    return session.say(f"{written}（{low:,} 至 {high:,}）", f"{written} ({low:,} to {high:,})")


def _cause_lines(finding: Finding, words: Words, session: Session) -> list[str]:
    """Return the likeliest cause and the others; what only worsened at the same time is called so."""
    from duoshou.reports.business import has_weights, reasons, weighted

    named = [weighted(one, words) for one in reasons(finding, words)[:SHOWN_CAUSES]]
    if not named:
        return []
    joint = session.say("；", "; ")
    if not has_weights(finding):
        return [session.say(f"同期变差：{joint.join(named)}", f"Worsened too: {joint.join(named)}")]
    first, *others = named
    line = session.say(f"最可能：{first}", f"Most likely: {first}")
    if others:
        line += session.say(f"；也可能：{joint.join(others)}", f"; perhaps: {joint.join(others)}")
    return [line]


def _move_lines(finding: Finding, words: Words, session: Session) -> list[str]:
    """Return the strongest moves as percentages; what usual days do too is said to be so."""
    from duoshou.reports.business import change_text, moves

    strongest = moves(finding, words)[:SHOWN_MOVES]
    usual = session.say("（波动内）", " (within chance)")
    told = [
        f"{one.name} {change}{usual if one.score is not None and abs(one.score) < WITHIN_CHANCE else ''}"
        for one in strongest
        if (change := change_text(one)) is not None
    ]
    if not told:
        return []
    joint = session.say("，", ", ")
    return [session.say(f"与预期比：{joint.join(told)}", f"Against expectation: {joint.join(told)}")]


def _place_lines(finding: Finding, words: Words, session: Session) -> list[str]:
    """Return where the move of a trouble of the whole shop gathers, with the part that each place holds."""
    from duoshou.reports.business import evidence_of, finite, records

    told = []
    for row in records(evidence_of(finding, "where"))[:SHOWN_PLACES]:
        name, part = str(row.get(f"place_{words.language}") or ""), finite(row.get("part"))
        told.append(name if part is None else words("finding.weighted", cause=name, weight=part))
    if not told:
        return []
    joint = session.say("；", "; ")
    return [session.say(f"变在：{joint.join(told)}", f"It sits in: {joint.join(told)}")]


def _advice(one: Recommendation, words: Words, session: Session) -> str:
    """Return what to do, who, and how long it takes."""
    from duoshou.reports.business import effort_text

    who = [words(f"role.{one.owner_role.value}"), effort_text(one.effort, words)]
    by = session.say("，", ", ").join(filter(None, who))
    return f"→ {words.of(one.action)}" + session.say(f"（{by}）", f" ({by})")
