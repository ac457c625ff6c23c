"""What a person decides about a finding: not worth telling, not now, or tell it again."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from duoshou.model import Text
from duoshou.state.audit import MOMENT
from duoshou.state.content import clean
from duoshou.state.database import State
from duoshou.state.errors import RefusedDecision, UnknownFinding
from duoshou.state.ledger import load_findings
from duoshou.state.models import DecisionRow, FindingRow
from duoshou.state.standing import Action, Decision, Status


def decline(state: State, shop: str, finding_id: str, *, on: date, by: str, reason: str) -> Status:
    """Decline a finding: it is not told from the day `on`, also when it goes on or comes back, until it is reopened.

    Args:
        state: Where it is recorded.
        shop: Key of the shop.
        finding_id: Its id.
        on: First day whose list obeys; the day of the list that the person has before them.
        by: Who decides.
        reason: Why, in their words.

    Returns:
        Where it stands now.

    Raises:
        UnknownFinding: If it was never recorded for the shop.
        RefusedDecision: If there is no reason.
    """
    if not clean(reason).strip():
        raise RefusedDecision(
            "decline_without_reason",
            Text("忽略一条发现要写明原因", "a finding is declined with a reason"),
            hint=Text("例如：已知的清仓活动", "such as: a clearance that we planned"),
        )
    return _decide(state, shop, finding_id, Decision(Action.DECLINE, on), by, reason)


def watch(state: State, shop: str, finding_id: str, *, until: date, on: date, by: str, reason: str = "") -> Status:
    """Keep a finding quiet from the day `on` until the day `until`, on which it is told again if it still goes on.

    Raises:
        UnknownFinding: If it was never recorded for the shop.
        RefusedDecision: If `until` is not after `on`.
    """
    if until <= on:
        raise RefusedDecision(
            "watch_until_past",
            Text(f"观察到 {until}，但这一天不晚于 {on}", f"watched until {until}, which is not after {on}"),
            hint=Text("选一个以后的日子", "choose a later day"),
        )
    return _decide(state, shop, finding_id, Decision(Action.WATCH, on, until), by, reason)


def reopen(state: State, shop: str, finding_id: str, *, on: date, by: str, reason: str = "") -> Status:
    """Take back what was decided: from the day `on` the finding is told whenever it is found.

    Raises:
        UnknownFinding: If it was never recorded for the shop.
    """
    return _decide(state, shop, finding_id, Decision(Action.REOPEN, on), by, reason)


def _decide(state: State, shop: str, finding_id: str, decision: Decision, by: str, reason: str) -> Status:
    """Note a decision once: the same one again, as after a second click, changes nothing."""
    with state.writing(by, shop) as session:
        ledger = load_findings(session, shop, decision.on, [finding_id])
        row = ledger.rows.get(finding_id)
        if row is None:
            raise UnknownFinding(shop, finding_id)
        made, words = ledger.decisions[finding_id], clean(reason).strip()
        if not (made and made[-1] == decision and _is_same(session, row, len(made), by, words)):
            made.append(decision)
            session.add(
                DecisionRow(
                    shop=shop,
                    finding_id=finding_id,
                    number=len(made),
                    action=decision.action.value,
                    on_day=decision.on,
                    until=decision.until,
                    reason=words,
                    decided_by=by.strip(),
                    decided_at=session.info[MOMENT],
                )
            )
        now = ledger.standing(finding_id, row.kind)
        if now is not None and row.status != now.status.value:
            row.status = now.status.value
        return Status(row.status)


def _is_same(session: Session, row: FindingRow, number: int, by: str, reason: str) -> bool:
    last = session.get_one(DecisionRow, (row.shop, row.id, number))
    return (last.decided_by, last.reason) == (by.strip(), reason)
