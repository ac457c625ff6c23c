"""Who is told what: the digest once a day, an urgent finding once, notices; and what came of it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from duoshou.app import digest
from duoshou.app.days import yesterday
from duoshou.app.digest_picture import DigestPicture
from duoshou.app.loop.telling import new_notices, notices_message
from duoshou.app.push_targets import named_push, send
from duoshou.app.results import SCHEMA_VERSION
from duoshou.app.told import Matter, Told
from duoshou.model import DuoshouError, Language, Text
from duoshou.reports.push import KINDS, Delivery, Message, Sender
from duoshou.state import day_list

if TYPE_CHECKING:
    from duoshou.app.results import DayReport
    from duoshou.app.workbench import Workbench
    from duoshou.loop.notices import Notice
    from duoshou.settings import PushTarget, Settings

DIGEST, URGENT, NOTICES, CHANGE = "digest", "urgent", "notices", "change"
Picture = Callable[[digest.DayOfShop, Language], bytes | None]
"""Draws the day of a shop as a PNG, or gives None."""


@dataclass(frozen=True, slots=True)
class PushReport:
    """What was pushed.

    Attributes:
        deliveries: What became of each message.
        waiting: Targets whose digest waits for its time of day, each with that time.
        silent: Targets that have nothing new to be told.
    """

    deliveries: tuple[Delivery, ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()
    silent: tuple[str, ...] = ()

    @property
    def needs_person(self) -> bool:
        """Whether some message could not be pushed."""
        return any(not one.sent for one in self.deliveries)

    @property
    def lines(self) -> tuple[Text, ...]:
        """One line per delivery and per target that waits or has nothing new."""
        waiting = [
            Text(
                f"“{name}”的每日摘要等到 {at} 由 duoshou serve 推送；现在就推送：duoshou push digest {name}",
                f"the digest for {name!r} waits until {at}, when duoshou serve pushes it; "
                f"at once: duoshou push digest {name}",
            )
            for name, at in self.waiting
        ]
        silent = [
            Text(f"“{name}”：没有新的内容要推送", f"{name!r}: there is nothing new to push") for name in self.silent
        ]
        return (*(one.text for one in self.deliveries), *waiting, *silent)

    def after(self, earlier: PushReport) -> PushReport:
        """Return this report of the same round with who waits, or still has nothing new, as an earlier one told."""
        told = {one.target for one in self.deliveries}
        return PushReport(self.deliveries, earlier.waiting, tuple(one for one in earlier.silent if one not in told))

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the JSON shape of what was pushed."""
        return [one.to_dict() for one in self.deliveries]


class Pushing:
    """One round of pushing for a workspace."""

    def __init__(self, workbench: Workbench, sender: Sender, now: datetime, picture: Picture | None = None) -> None:
        """Push through `sender`; `now` is the time, with its zone; `picture` draws a day where a robot takes one."""
        self._workbench, self._sender, self._picture = workbench, sender, picture
        self._now = now.astimezone(ZoneInfo(workbench.settings.timezone))
        self._days: dict[tuple[str, date], digest.DayOfShop] = {}
        self._deliveries: list[Delivery] = []

    @property
    def _settings(self) -> Settings:
        return self._workbench.settings

    def day(self, days: Sequence[tuple[str, date]]) -> PushReport:
        """Push what is new of the days of shops: digests whose time has come, else what is urgent.

        Args:
            days: Keys of shops, each with the day that was judged.
        """
        waiting: list[tuple[str, str]] = []
        silent: list[str] = []
        wanting = [push for push in self._settings.push if set(push.what) & {DIGEST, URGENT}]
        if not wanting:
            return PushReport()
        with self._told() as told:
            for push in wanting:
                before, waits = len(self._deliveries), False
                for shop, day in days:
                    if self._is_about(push, shop):
                        waits |= self._tell_day(push, shop, day, told)
                if waits:
                    waiting.append((push.name, push.at or ""))
                elif len(self._deliveries) == before:
                    silent.append(push.name)
        return PushReport(tuple(self._deliveries), tuple(waiting), tuple(silent))

    def _tell_day(self, push: PushTarget, shop: str, day: date, told: Told) -> bool:
        """Tell a target of a day what it does not know, and return whether its digest waits for its time."""
        waits = False
        if DIGEST in push.what and not told.knows(DIGEST, push.name, shop, day.isoformat()):
            if not self._is_time(push):
                told.queue(Matter(DIGEST, push.name, shop, day.isoformat()))
                waits = True
            elif self._digest(push, shop, day, told):
                return False
        if URGENT in push.what:
            self._urgent(push, shop, day, told)
        return waits

    def is_pending(self) -> bool:
        """Return whether something is to be told later, and later is now."""
        if not self._settings.push:
            return False
        with self._told() as told:
            return bool(self._pending(told)) or any(self._untold_changes(told))

    def changes(self) -> PushReport:
        """Push the notices of changes that are new, each once to every target that gets them."""
        with self._told() as told:
            for push, shop, notices in self._untold_changes(told):
                message = notices_message(self._workbench, shop, notices, self._language(push))
                if self._delivered(push, message).sent:
                    for one in notices:
                        told.remember(CHANGE, push.name, shop, str(one.id))
        return PushReport(tuple(self._deliveries))

    def _untold_changes(self, told: Told) -> Iterator[tuple[PushTarget, str, list[Notice]]]:
        """Yield the targets that get notices, each shop of theirs, and the notices that they were not told of."""
        for push in self._settings.push:
            shops = self._settings.shops if NOTICES in push.what else ()
            for shop in (one.key for one in shops if self._is_about(push, one.key)):
                found = new_notices(self._workbench, shop, push.roles, self._now)
                untold = [one for one in found if not told.knows(CHANGE, push.name, shop, str(one.id))]
                if untold:
                    yield push, shop, untold

    def waiting(self) -> PushReport:
        """Push what was to be told later: digests whose time of day has come, what did not arrive, new notices."""
        with self._told() as told:
            for push, matter in self._pending(told):
                day = date.fromisoformat(matter.day)
                if matter.what == DIGEST:
                    self._digest(push, matter.shop, day, told)
                else:
                    self._urgent(push, matter.shop, day, told)
        return self.changes()

    def _pending(self, told: Told) -> list[tuple[PushTarget, Matter]]:
        """Return what is queued for targets and shops that there still are, and whose time of day has come."""
        targets = {push.name: push for push in self._settings.push}
        shops = {shop.key for shop in self._settings.shops}
        found = []
        for matter in told.queued:
            push = targets.get(matter.target)
            if push is None or matter.shop not in shops:
                continue
            if matter.what in push.what and (matter.what == URGENT or self._is_time(push)):
                found.append((push, matter))
        return found

    def again(self, names: Sequence[str], days: Sequence[tuple[str, date]]) -> PushReport:
        """Push the digest of days now, whether or not it was pushed before.

        Args:
            names: Names of targets; empty: all that are to get digests.
            days: Keys of shops, each with its day.

        Raises:
            PushError: If no target is called so.
        """
        chosen = [named_push(self._settings, name) for name in names]
        chosen = chosen or [push for push in self._settings.push if DIGEST in push.what]
        with self._told() as told:
            for push in chosen:
                for shop, day in days:
                    if self._is_about(push, shop):
                        self._digest(push, shop, day, told, asked=True)
        return PushReport(tuple(self._deliveries))

    def missing(self, days: Sequence[tuple[str, date]]) -> PushReport:
        """Push, once a day, a notice that the data of yesterday are not there, for shops without any or with older."""
        if not any(NOTICES in push.what for push in self._settings.push):
            return PushReport(tuple(self._deliveries))
        latest = yesterday(self._settings.timezone)
        late = [(shop, day) for shop, day in days if day < latest or self._day(shop, day).is_empty]

        def say(push: PushTarget, shop: str, day: date) -> Message:
            return digest.missing(self._day(shop, day), self._language(push))

        return self._notices(late, ("missing", self._now.date().isoformat()), say)

    def notice(self, title: Text, lines: Sequence[Text], *, once: str) -> PushReport:
        """Push a notice that concerns all shops to whoever gets notices.

        Args:
            title: What happened.
            lines: What there is to know.
            once: Name of the occasion: nobody is told twice of one.
        """
        day = self._now.date()
        return self._notices(
            [("", day)], ("notice", once), lambda push, _shop, _day: digest.notice(title, lines, self._language(push))
        )

    def broken(self, error: DuoshouError) -> PushReport:
        """Return what was pushed before an error ended the round, with the error among it."""
        name = "、".join(push.name for push in self._settings.push)
        return PushReport((*self._deliveries, Delivery(name, False, reason=error.message, hint=error.hint)))

    def _notices(
        self,
        days: Sequence[tuple[str, date]],
        occasion: tuple[str, str],
        say: Callable[[PushTarget, str, date], Message],
    ) -> PushReport:
        wanting = [push for push in self._settings.push if NOTICES in push.what]
        if not wanting or not days:
            return PushReport(tuple(self._deliveries))
        with self._told() as told:
            for push in wanting:
                for shop, day in days:
                    known = told.knows(*occasion, push.name, shop)
                    if known or (shop and not self._is_about(push, shop)):
                        continue
                    if self._delivered(push, say(push, shop, day)).sent:
                        told.remember(*occasion, push.name, shop)
        return PushReport(tuple(self._deliveries))

    def _digest(self, push: PushTarget, shop: str, day: date, told: Told, *, asked: bool = False) -> bool:
        """Push a digest; of a day of which nothing is known yet only when a person asked for it.

        Returns:
            Whether there was a digest to push.
        """
        of_day, matter = self._day(shop, day), Matter(DIGEST, push.name, shop, day.isoformat())
        if of_day.is_empty and not asked:
            told.settle(matter)
            return False
        drawn = None
        if self._picture is not None and KINDS[push.kind].takes_picture:
            drawn = self._picture(of_day, self._language(push))
        message = digest.digest(of_day, self._language(push), drawn)
        if self._sent(push, message, matter, told):
            told.remember(DIGEST, push.name, shop, day.isoformat())
            # Whoever has the digest has read what is urgent in it.
            for one in of_day.urgent:
                told.remember(URGENT, push.name, shop, one.id)
        return True

    def _urgent(self, push: PushTarget, shop: str, day: date, told: Told) -> None:
        of_day, matter = self._day(shop, day), Matter(URGENT, push.name, shop, day.isoformat())
        new = [one for one in of_day.urgent if not told.knows(URGENT, push.name, shop, one.id)]
        if not new:
            told.settle(matter)
        elif self._sent(push, digest.urgent(of_day, new, self._language(push)), matter, told):
            for one in new:
                told.remember(URGENT, push.name, shop, one.id)

    def _sent(self, push: PushTarget, message: Message, matter: Matter, told: Told) -> bool:
        """Send, and return whether the message was taken; what may arrive later is queued."""
        delivery = self._delivered(push, message)
        if delivery.sent or delivery.is_final:
            told.settle(matter)
        else:
            told.queue(matter)
        return delivery.sent

    def _delivered(self, push: PushTarget, message: Message) -> Delivery:
        delivery = send(push, self._settings, self._sender, message)
        self._deliveries.append(delivery)
        return delivery

    @contextlib.contextmanager
    def _told(self) -> Iterator[Told]:
        with Told(self._workbench.workspace.directory, self._now).opened() as told:
            yield told

    def _day(self, shop: str, day: date) -> digest.DayOfShop:
        if (shop, day) not in self._days:
            only = shop if len(self._settings.shops) > 1 else None
            self._days[shop, day] = digest.day_of_shop(self._workbench, day, only)
        return self._days[shop, day]

    def _is_about(self, push: PushTarget, shop: str) -> bool:
        return not push.shops or shop in {self._settings.shop(name).key for name in push.shops}

    def _is_time(self, push: PushTarget) -> bool:
        return push.at is None or self._now.time() >= time.fromisoformat(push.at)

    def _language(self, push: PushTarget) -> Language:
        return push.language or self._settings.language


def days_of(workbench: Workbench, report: DayReport) -> list[tuple[str, date]]:
    """Return the shops that the daily job judged, by key, each with its day."""
    default = workbench.settings.default_shop.key
    return [(one.shop or default, one.day) for one in report.shops if one.report is not None]


def judged_days(workbench: Workbench) -> list[tuple[str, date]]:
    """Return the shops whose last complete day the daily job has judged, by key, each with that day."""
    found = []
    for key, day in _days(workbench, None, None):
        if day_list(workbench.state, key, day).was_run:
            found.append((key, day))
    return found


def push_after_run(workbench: Workbench, report: DayReport, sender: Sender | None = None) -> PushReport:
    """Push what the daily job found; a failure of any kind is told, and fails nothing else.

    Args:
        workbench: The workspace.
        report: What the daily job did.
        sender: Sends; None: one of its own.
    """
    if not workbench.settings.push:
        return PushReport()
    with _sending(sender) as sending, DigestPicture(workbench) as picture:
        pushing = Pushing(workbench, sending, datetime.now(UTC), picture)
        try:
            told = pushing.day(days_of(workbench, report))
            return pushing.changes().after(told)
        except DuoshouError as error:
            return pushing.broken(error)


def push_again(
    workbench: Workbench, names: Sequence[str], day: date | None, *, shop: str | None, sender: Sender | None = None
) -> PushReport:
    """Push the digest of a day now, also if it was pushed before.

    Args:
        workbench: The workspace.
        names: Names of targets; empty: all that get digests.
        day: The day; None: the last complete one of each shop.
        shop: Only this shop; None: every shop.
        sender: Sends; None: one of its own.

    Raises:
        PushError: If no target is called so.
    """
    with _sending(sender) as sending, DigestPicture(workbench) as picture:
        return Pushing(workbench, sending, datetime.now(UTC), picture).again(names, _days(workbench, day, shop))


def digests(workbench: Workbench, day: date | None, *, shop: str | None, language: Language) -> list[Message]:
    """Return the digests of a day, one for each shop, without pushing them."""
    several = len(workbench.settings.shops) > 1
    return [
        digest.digest(digest.day_of_shop(workbench, each, key if several else None), language)
        for key, each in _days(workbench, day, shop)
    ]


def _days(workbench: Workbench, day: date | None, shop: str | None) -> list[tuple[str, date]]:
    """Return the shops asked for, each with the day asked for or its last complete one."""
    settings = workbench.settings
    if shop is not None or len(settings.shops) == 1:
        key = settings.shop(shop).key
        return [(key, day or workbench.last_complete_day(shop))]
    return [(one.key, day or workbench.last_complete_day(one.key)) for one in settings.shops]


@contextlib.contextmanager
def _sending(sender: Sender | None) -> Iterator[Sender]:
    """Give the sender, or a new one that is closed afterwards."""
    if sender is not None:
        yield sender
        return
    own = Sender()
    try:
        yield own
    finally:
        own.close()


def shape(report: PushReport) -> dict[str, Any]:
    """Return the JSON object of the command `push`."""
    return {"schema_version": SCHEMA_VERSION, "push": report.to_dict()}
