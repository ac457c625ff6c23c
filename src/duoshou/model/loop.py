"""The words of the closed loop: where a task, a change, a notice and a test stand, and how an effect is judged."""

from __future__ import annotations

from enum import StrEnum


class TaskState(StrEnum):
    """Where a task stands.

    PROPOSED: Written down; nobody has taken it on.
    ACCEPTED: Somebody has taken it on.
    DOING: They have begun.
    DONE: They say it is done; its effect is not measured yet.
    EVALUATED: Its effect was measured.
    DECLINED: It will not be done, for a reason that the playbook learns from.
    """

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DOING = "doing"
    DONE = "done"
    EVALUATED = "evaluated"
    DECLINED = "declined"


class ChangeOrigin(StrEnum):
    """How a change came to be known: a person said so, or the data show it."""

    MANUAL = "manual"
    DETECTED = "detected"


class ChangeStanding(StrEnum):
    """Whether a change counts: what the data show is proposed until a person confirms or rejects it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Source(StrEnum):
    """What an effect is the effect of."""

    TASK = "task"
    CHANGE = "change"
    CAMPAIGN = "campaign"
    TRIAL = "trial"


class Verdict(StrEnum):
    """What the measured effect says; `cannot_tell` is an answer.

    WORKED: The interval lies above zero and no guard fell.
    DID_NOT: The interval holds zero and is narrow enough to exclude what was expected.
    HARMED: The interval lies below zero, or a guard certainly fell more than was gained.
    CANNOT_TELL: The interval is too wide, the data are missing, or several changes cannot be told apart.
    """

    WORKED = "worked"
    DID_NOT = "did_not"
    HARMED = "harmed"
    CANNOT_TELL = "cannot_tell"


class TrialKind(StrEnum):
    """How a test is made: the platform splits the traffic, or days alternate."""

    AB = "ab"
    SWITCHBACK = "switchback"


class TrialState(StrEnum):
    """Where a test stands."""

    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"
