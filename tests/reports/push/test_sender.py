"""Sending to a robot on the loopback: what is tried again, what is not, how fast, and that nothing leaks."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from tests.reports.push.messages import PICTURE, SECRET, TOKEN, message, target
from tests.reports.push.robot import FakeClock, Robot, running_robot

from duoshou.reports.push import Delivery, Sender, Target

PATHS = {
    "dingtalk": f"/robot/send?access_token={TOKEN}",
    "wecom": f"/cgi-bin/webhook/send?key={TOKEN}",
    "feishu": f"/open-apis/bot/v2/hook/{TOKEN}",
    "webhook": f"/in/{TOKEN}",
}


@pytest.fixture
def robot() -> Iterator[Robot]:
    """A robot that listens."""
    with running_robot() as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    """A clock that nobody waits for."""
    return FakeClock()


@pytest.fixture
def sender(clock: FakeClock) -> Iterator[Sender]:
    """A sender on that clock."""
    sending = Sender(clock.timing())
    yield sending
    sending.close()


def at(robot: Robot, kind: str = "dingtalk") -> Target:
    """Return the robot as a target."""
    return target(kind, f"http://{robot.host}{PATHS[kind]}")


def shown(delivery: Delivery) -> str:
    """Return everything that a person may see of a delivery."""
    return repr(delivery) + str(delivery.text) + json.dumps(delivery.to_dict(), ensure_ascii=False)


@pytest.mark.parametrize("kind", PATHS)
def test_every_kind_arrives(sender: Sender, robot: Robot, kind: str) -> None:
    """The robot gets JSON at its path, once."""
    delivery = sender.send(at(robot, kind), message())
    assert (delivery.sent, delivery.tries, delivery.reason) == (True, 1, None)
    (received,) = robot.received
    assert received.path.startswith(PATHS[kind])
    assert received.headers["content-type"] == "application/json; charset=utf-8"
    assert "羊绒围巾" in received.body.decode()
    assert json.loads(received.body)


def test_faults_of_theirs_are_tried_again_with_growing_pauses(sender: Sender, robot: Robot, clock: FakeClock) -> None:
    """503, a broken connection, 429, crowding in a 200, then taken; each pause is twice the one before."""
    robot.then(503).then(0).then(429).then(200, '{"errcode":410100,"errmsg":"限流"}')
    delivery = sender.send(at(robot), message())
    assert (delivery.sent, delivery.tries) == (True, 5)
    assert clock.slept == [2.0, 4.0, 8.0, 16.0]


def test_pauses_are_partly_left_to_chance(robot: Robot) -> None:
    """At least half of a pause is kept, so that many senders do not come back at once."""
    clock = FakeClock(chance=0.0)
    robot.then(500)
    Sender(clock.timing()).send(at(robot), message())
    assert clock.slept == [1.0]


def test_trying_ends(sender: Sender, robot: Robot) -> None:
    """After five tries the last reason is told."""
    for _ in range(9):
        robot.then(502)
    delivery = sender.send(at(robot), message())
    assert (delivery.sent, delivery.tries) == (False, 5)
    assert delivery.reason is not None
    assert "502" in delivery.reason.zh
    assert len(robot.received) == 5


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, ""),
        (401, ""),
        (404, ""),
        (413, ""),
        (200, '{"errcode":310000,"errmsg":"sign not match"}'),
        (200, '{"errcode":300001,"errmsg":"token is not exist"}'),
        (200, "<html>log in</html>"),
    ],
)
def test_misuse_is_not_tried_again(sender: Sender, robot: Robot, clock: FakeClock, status: int, body: str) -> None:
    """What only a person can mend is told at once."""
    robot.then(status, body)
    delivery = sender.send(at(robot), message())
    assert (delivery.sent, delivery.tries, clock.slept) == (False, 1, [])
    assert delivery.text.zh.startswith("没能推送到“运营群”：")
    assert delivery.text.en.startswith("not pushed to '运营群': ")


def test_redirects_are_not_followed(sender: Sender, robot: Robot) -> None:
    """Whoever answers for an allowed host cannot send the message elsewhere."""
    robot.then(302, Location=f"http://{robot.host}/elsewhere")
    delivery = sender.send(at(robot), message())
    assert not delivery.sent
    assert len(robot.received) == 1
    assert delivery.hint is not None
    assert "redirect" in delivery.hint.en


def test_a_wish_to_wait_is_granted(sender: Sender, robot: Robot, clock: FakeClock) -> None:
    """`Retry-After` in seconds or as a time wins over a shorter pause."""
    robot.then(429, Retry_After="30").then(503, Retry_After="Thu, 26 Nov 2026 01:30:50 GMT")
    assert sender.send(at(robot), message()).sent
    assert clock.slept == [30.0, 20.0]


@pytest.mark.parametrize("wish", ["86400", "99999999999999999999", "Fri, 26 Nov 2027 01:30:50 GMT"])
def test_patience_ends(sender: Sender, robot: Robot, clock: FakeClock, wish: str) -> None:
    """Nobody waits a day: the reason is told and nothing was slept."""
    robot.then(429, Retry_After=wish)
    delivery = sender.send(at(robot), message())
    assert (delivery.sent, delivery.tries, clock.slept) == (False, 1, [])
    assert delivery.hint is not None
    assert "稍后" in delivery.hint.zh


@pytest.mark.parametrize("wish", ["soon", "-5", "", "١٢", "Thu, 26 Nov 2026 01:30:50"])
def test_an_odd_wish_is_no_wish(sender: Sender, robot: Robot, clock: FakeClock, wish: str) -> None:
    """What cannot be read leaves the usual pause."""
    robot.answers.append((429, b"", {"Retry-After": wish.encode().decode("latin-1")}))
    assert sender.send(at(robot), message()).sent
    assert clock.slept == [2.0]


def test_nobody_there(sender: Sender) -> None:
    """A closed port is tried again, then told as no connection."""
    with running_robot() as gone:
        away = at(gone)
    delivery = sender.send(away, message())
    assert (delivery.sent, delivery.tries) == (False, 5)
    assert delivery.reason is not None
    assert delivery.reason.zh == "连接不上"


@pytest.mark.parametrize(
    ("error", "tries", "words"),
    [
        (httpx.ReadTimeout("late"), 5, "timed out"),
        (httpx.ConnectTimeout("late"), 5, "timed out"),
        (httpx.RemoteProtocolError("odd"), 5, "broke"),
        (httpx.UnsupportedProtocol("odd"), 1, "cannot be used"),
    ],
)
def test_networks_fail_in_words(clock: FakeClock, error: httpx.HTTPError, tries: int, words: str) -> None:
    """Each way of failing has words of our own, never those of the library."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    delivery = Sender(clock.timing(), transport=httpx.MockTransport(fail)).send(target("wecom"), message())
    assert (delivery.sent, delivery.tries) == (False, tries)
    assert delivery.reason is not None
    assert words in delivery.reason.en


def test_a_forged_certificate_is_not_tried_again(clock: FakeClock) -> None:
    """Nothing is sent to somebody who cannot show who he is."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no") from ssl.SSLCertVerificationError("self-signed")

    delivery = Sender(clock.timing(), transport=httpx.MockTransport(fail)).send(target("wecom"), message())
    assert (delivery.sent, delivery.tries) == (False, 1)
    assert delivery.reason is not None
    assert "certificate" in delivery.reason.en


def test_an_endless_answer_is_not_read_to_its_end(sender: Sender, robot: Robot) -> None:
    """A megabyte of answer is refused as none that is understood."""
    robot.then(200, '{"errcode":0,"x":"' + "x" * 1_000_000 + '"}')
    assert not sender.send(at(robot), message()).sent


def test_a_picture_that_fails_leaves_the_text_sent(sender: Sender, robot: Robot) -> None:
    """The message counts as sent, and says that its picture is missing."""
    robot.then(200, '{"errcode":0}').then(200, '{"errcode":40009,"errmsg":"invalid image size"}')
    delivery = sender.send(at(robot, "wecom"), replace(message(), picture=PICTURE))
    assert delivery.sent
    assert "40009" in delivery.text.zh
    assert "40009" in delivery.text.en


def test_a_repetition_has_the_name_of_the_first(sender: Sender, robot: Robot) -> None:
    """A receiver of one's own can tell a delivery that was tried again from a new one."""
    robot.then(500)
    sender.send(at(robot, "webhook"), message())
    sender.send(at(robot, "webhook"), message())
    names = [one.headers["duoshou-delivery"] for one in robot.received]
    assert names[0] == names[1] != names[2]


@pytest.mark.parametrize("kind", ["dingtalk", "wecom"])
def test_no_minute_holds_more_than_a_robot_takes(robot: Robot, clock: FakeClock, kind: str) -> None:
    """Of 50 messages at once, no 21 arrive within a minute."""
    moments = []
    patient = Sender(clock.timing(), patience=1e9)
    for _ in range(50):
        assert patient.send(at(robot, kind), message()).sent
        moments.append(clock.seconds)
    assert all(later - first > 60 for first, later in zip(moments, moments[20:], strict=False))
    assert moments[-1] < 125


def test_another_robot_does_not_wait(robot: Robot, clock: FakeClock) -> None:
    """Each target has its own pace."""
    patient = Sender(clock.timing(), patience=1e9)
    for _ in range(20):
        patient.send(at(robot), message())
    other = replace(at(robot), url=at(robot).url + "0")
    patient.send(other, message())
    assert clock.slept == []


def test_feishu_takes_five_a_second(robot: Robot, clock: FakeClock) -> None:
    """The sixth waits for the next second."""
    patient = Sender(clock.timing(), patience=1e9)
    for _ in range(6):
        patient.send(at(robot, "feishu"), message())
    assert clock.slept == [2.0]


@pytest.mark.parametrize("kind", PATHS)
def test_nothing_secret_is_shown_or_logged(
    robot: Robot, clock: FakeClock, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither on success nor on any failure, even if the robot itself says it aloud, and at every level of logging."""
    caplog.set_level(logging.DEBUG)
    aloud = json.dumps({"errcode": 5, "code": 5, "errmsg": f"no {TOKEN} {SECRET}", "msg": f"no {TOKEN} {SECRET}"})
    robot.then(200).then(200, aloud).then(404, aloud).then(500, aloud)
    sending = Sender(clock.timing(), patience=3)
    told = "".join(shown(sending.send(at(robot, kind), message())) for _ in range(5))
    told += repr(at(robot, kind)) + repr(sending) + caplog.text
    told += repr([vars(record) for record in caplog.records])
    assert "127.0.0.1" in caplog.text
    assert TOKEN not in told
    assert SECRET not in told
    assert TOKEN[:16] not in told


def test_what_a_robot_says_stays_on_one_line_and_short(sender: Sender, robot: Robot) -> None:
    """A hostile answer steers no terminal and fills no screen."""
    robot.then(200, json.dumps({"errcode": 5, "errmsg": "a\n\x1b[31mb" + "c" * 5000}))
    delivery = sender.send(at(robot), message())
    assert delivery.reason is not None
    assert "\n" not in delivery.reason.zh
    assert "\x1b" not in delivery.reason.zh
    assert len(delivery.reason.zh) < 310
