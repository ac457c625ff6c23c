"""Changes: recorded, detected and settled; who is told, and who has acknowledged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.loop.conftest import COAT, DAY, new_change

from duoshou.loop.changes import (
    Detected,
    WantedChanges,
    change_of,
    change_titles,
    confirm,
    list_changes,
    mark_entered,
    propose_detected,
    record,
    reject,
    unentered,
)
from duoshou.loop.errors import ChangeRefused, LoopDataError, UnknownChange, UnknownNotice
from duoshou.loop.kinds import kinds
from duoshou.loop.notices import acknowledge, late_notices, list_notices, role_delays
from duoshou.loop.propagation import OWN_FILE, rules_of, shipped_rules
from duoshou.model import ChangeStanding, Role, Subject
from duoshou.state import State

RULES = shipped_rules()


def test_a_recorded_change_is_told_to_whoever_must_react(state: State) -> None:
    """A new main image reaches service, promotion and warehouse, in words that name what changed."""
    change = record(state, "main", new_change(), rules=RULES, by="小李")
    notices, total = list_notices(state, "main", open_only=True)
    assert total == 3
    service = next(one for one in notices if one.role is Role.SERVICE)
    assert "羽绒服" in service.text.zh
    assert "新图" in service.text.en
    assert DAY.isoformat() in service.text.en
    assert service.due_at - service.made_at == timedelta(hours=24)
    assert change_of(state, "main", change.id) == change


def test_titles_are_asked_for_at_once(state: State) -> None:
    """Of the changes asked for those that the shop has, and no other shop's."""
    made = [record(state, "main", new_change(kind), rules=RULES, by="小李") for kind in ("main_image", "price")]
    numbers = [one.id for one in made]
    assert change_titles(state, "main", [*numbers, 999]) == {one.id: one.what.title for one in made}
    assert change_titles(state, "other", numbers) == {}
    assert change_titles(state, "main", ()) == {}


def test_a_notice_is_acknowledged_once(state: State) -> None:
    """The first person and moment stand; the delay is measured from when it was made; another shop's is unknown."""
    record(state, "main", new_change(), rules=RULES, by="小李")
    notice = list_notices(state, "main", role=Role.SERVICE)[0][0]
    now = datetime.now(UTC)
    assert {one.id for one in late_notices(state, "main", now + timedelta(hours=25))} == {
        one.id for one in list_notices(state, "main")[0] if one.role is not Role.WAREHOUSE
    }
    first = acknowledge(state, "main", notice.id, by="小周", note="已改话术")
    assert acknowledge(state, "main", notice.id, by="小吴") == first
    assert (first.acknowledged_by, first.note) == ("小周", "已改话术")
    assert first.delay is not None
    assert timedelta() <= first.delay < timedelta(hours=1)
    delays = {
        one.role: one
        for one in role_delays(state, "main", since=now - timedelta(days=1), now=now + timedelta(hours=25))
    }
    assert (delays[Role.SERVICE].count, delays[Role.SERVICE].late, delays[Role.SERVICE].open) == (1, 0, 0)
    assert (delays[Role.PROMOTION].median, delays[Role.PROMOTION].late, delays[Role.PROMOTION].open) == (None, 1, 1)
    with pytest.raises(UnknownNotice):
        acknowledge(state, "other", notice.id, by="小周")


def test_what_the_data_show_is_proposed_once_and_tells_nobody_until_confirmed(state: State) -> None:
    """Read again, it is the same; confirmed, it is told; rejected, it stays rejected."""
    found = [Detected(f"price:{one}", new_change("price", DAY + timedelta(days=one))) for one in range(2)]
    assert propose_detected(state, "main", found, by="job") == 2
    assert propose_detected(state, "main", found, by="job") == 0
    changes, _ = list_changes(state, "main", WantedChanges(ChangeStanding.PROPOSED))
    assert list_notices(state, "main")[1] == 0
    later, earlier = changes
    confirm(state, "main", later.id, rules=RULES, by="小王")
    confirm(state, "main", later.id, rules=RULES, by="小王")
    assert {one.role for one in list_notices(state, "main")[0]} == {Role.SERVICE, Role.PROMOTION}
    reject(state, "main", earlier.id, by="小王")
    with pytest.raises(ChangeRefused):
        confirm(state, "main", earlier.id, rules=RULES, by="小王")
    with pytest.raises(ChangeRefused):
        reject(state, "main", later.id, by="小王")
    with pytest.raises(UnknownChange):
        confirm(state, "other", later.id, rules=RULES, by="小王")


def test_what_a_person_recorded_is_not_proposed_again(alone: State) -> None:
    """The same kind of change of the same product on the same day is one change."""
    record(alone, "main", new_change("price"), rules=RULES, by="小李")
    assert propose_detected(alone, "main", [Detected("p", new_change("price", note="x"))], by="job") == 0
    other = new_change("price", DAY + timedelta(days=1))
    assert propose_detected(alone, "main", [Detected("q", other)], by="job") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        new_change("colour"),
        new_change(until=DAY - timedelta(days=1)),
        new_change(after="x" * 1001),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused(alone: State, wrong: object) -> None:
    """An unknown kind, an end before its beginning, or too many words: nothing is kept."""
    with pytest.raises(ChangeRefused):
        record(alone, "main", wrong, rules=RULES, by="小李")  # type: ignore[arg-type]
    assert list_changes(alone, "main", WantedChanges())[1] == 0


def test_changes_are_listed_by_subject_day_and_kind(state: State) -> None:
    """Of two products and three kinds, each question finds its own, the latest first."""
    hat = Subject("product", "1002", "帽子")
    for kind, day in (("price", 0), ("title", 3), ("promotion", 5)):
        record(state, "main", new_change(kind, DAY + timedelta(days=day)), rules=RULES, by="甲")
    both = new_change("price", DAY + timedelta(days=4))
    record(state, "main", type(both)(both.kind, both.on, (COAT, hat)), rules=RULES, by="甲")
    assert [one.what.kind for one in list_changes(state, "main", WantedChanges())[0]] == [
        "promotion",
        "price",
        "title",
        "price",
    ]
    only, total = list_changes(state, "main", WantedChanges(subject=("product", "1002")))
    assert (total, only[0].what.subjects) == (1, (COAT, hat))
    days = WantedChanges(first=DAY + timedelta(days=3), last=DAY + timedelta(days=4), kind="title")
    assert [one.what.on for one in list_changes(state, "main", days)[0]] == [DAY + timedelta(days=3)]


def test_changes_enter_the_warehouse_once(alone: State) -> None:
    """What is confirmed waits until it was entered."""
    change = record(alone, "main", new_change(), rules=RULES, by="甲")
    propose_detected(alone, "main", [Detected("p", new_change("price"))], by="job")
    assert unentered(alone, "main") == (change,)
    mark_entered(alone, "main", [change.id], by="job")
    assert unentered(alone, "main") == ()


def test_the_shipped_rules_name_kinds_and_roles_in_both_languages() -> None:
    """Every rule can be read in both languages; the two texts and the keys differ from rule to rule."""
    assert (
        len({one.key for one in RULES})
        == len({one.zh for one in RULES})
        == len({one.en for one in RULES})
        == len(RULES)
    )
    assert {kind for rule in RULES for kind in rule.on} <= set(kinds())
    assert all(kind.title.zh and kind.title.en for kind in kinds().values())


def test_a_workspace_adds_and_replaces_rules(tmp_path: Path) -> None:
    """A rule of the same key takes the place of ours; a mistake names the file and what is wrong."""
    own = tmp_path / OWN_FILE
    own.write_text(
        '[[rule]]\nkey = "main_image_service"\non = ["main_image"]\nrole = "service"\nwithin_hours = 2\n'
        'zh = "看 {subject}"\nen = "see {subject}"\n',
        encoding="utf-8",
    )
    rules = {one.key: one for one in rules_of(tmp_path)}
    assert (rules["main_image_service"].within_hours, len(rules)) == (2, len(RULES))
    for wrong in ('role = "cook"', 'on = ["colour"]', "within_hours = 0", 'zh = "{price}"', "rule = 3"):
        name = wrong.split(" ")[0]
        text = "\n".join(wrong if line.startswith(f"{name} ") else line for line in own.read_text("utf-8").splitlines())
        bad = tmp_path / name
        bad.mkdir()
        (bad / OWN_FILE).write_text(wrong if name == "rule" else text, encoding="utf-8")
        with pytest.raises(LoopDataError) as error:
            rules_of(bad)
        assert OWN_FILE in str(error.value.place.file)
