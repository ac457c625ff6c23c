"""Which addresses may be used."""

from __future__ import annotations

import pytest
from tests.reports.push.messages import SECRET, TOKEN, URLS, target

from duoshou.reports.push import PushError, target_of
from duoshou.settings import PushTarget


def push(kind: str = "dingtalk", url: str = "", **others: str) -> PushTarget:
    """Return the settings of one target."""
    return PushTarget(kind=kind, name="群", url=url, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
def test_the_platforms_own_hosts_need_no_permission(kind: str) -> None:
    """A robot's address as it is copied works."""
    made = target_of(push(kind, f"  {URLS[kind]}\n", secret=SECRET), ())
    assert (made.url, made.secret, made.kind.key) == (URLS[kind], SECRET, kind)


def test_a_webhook_needs_permission() -> None:
    """Its host stands in the settings, or it is refused with what to write."""
    with pytest.raises(PushError) as caught:
        target_of(push("webhook", URLS["webhook"]), ())
    assert caught.value.hint is not None
    assert 'push_hosts = ["hooks.example.com"]' in caught.value.hint.zh
    assert 'push_hosts = ["hooks.example.com"]' in caught.value.hint.en
    assert target_of(push("webhook", URLS["webhook"]), ["Hooks.Example.COM"]).host == "hooks.example.com"


REFUSED = (
    ("dingtalk", f"http://oapi.dingtalk.com/robot/send?access_token={TOKEN}"),
    ("dingtalk", f"https://oapi.dingtalk.com.evil.example/robot/send?access_token={TOKEN}"),
    ("dingtalk", f"https://evil.example/?x=https://oapi.dingtalk.com/robot/send&access_token={TOKEN}"),
    ("dingtalk", f"https://oapi.dingtalk.com@evil.example/robot/send?access_token={TOKEN}"),
    ("dingtalk", f"https://me:{TOKEN}@oapi.dingtalk.com/robot/send"),
    ("dingtalk", f"https://{TOKEN}@oapi.dingtalk.com/robot/send"),
    ("dingtalk", f"https://oapi.dingtalk.com:8443/robot/send?access_token={TOKEN}"),
    ("dingtalk", f"https://oapi.dingtalk.com/gettoken?access_token={TOKEN}"),
    ("dingtalk", f"https://oapi.dingtalk.com\\@evil.example/robot/send?access_token={TOKEN}"),
    ("dingtalk", URLS["wecom"]),
    ("wecom", URLS["feishu"]),
    ("webhook", "http://hooks.example.com/"),
    ("webhook", "http://127.0.0.1:9/"),
    ("webhook", "https://169.254.169.254/latest"),
    ("webhook", "file://localhost/etc/passwd"),
    ("webhook", "ftp://hooks.example.com/"),
    ("webhook", "hooks.example.com"),
    ("webhook", "https://"),
    ("webhook", "https://hooks.example.com:99999/"),
    ("webhook", "https://[::1"),
    ("webhook", "https://hooks.example.com/a b"),
    ("webhook", "https://hooks.еxample.com/"),
    ("webhook", ""),
)


@pytest.mark.parametrize(("kind", "url"), REFUSED)
def test_other_addresses_are_refused_without_being_shown(kind: str, url: str) -> None:
    """Not encrypted, elsewhere, disguised, or none: the error says why in both languages and shows no token."""
    with pytest.raises(PushError) as caught:
        target_of(push(kind, url), ["hooks.example.com"])
    for language in ("zh", "en"):
        told = caught.value.in_language(language)
        assert "群" in told
        assert TOKEN not in told


def test_http_is_for_this_machine_only() -> None:
    """A receiver on the loopback may be named, with its port."""
    assert target_of(push("webhook", "http://127.0.0.1:9/"), ["127.0.0.1:9"]).host == "127.0.0.1"
    assert target_of(push("feishu", "http://[::1]:9/x"), ["[::1]:9"]).host == "::1"
    with pytest.raises(PushError):
        target_of(push("webhook", "http://192.168.1.5/"), ["192.168.1.5"])


def test_a_platform_behind_a_gateway_may_be_named() -> None:
    """A listed host is enough for every kind."""
    assert target_of(push("dingtalk", "https://gateway.example/ding?access_token=1"), ["gateway.example"])


def test_address_and_secret_may_stand_in_the_environment() -> None:
    """A variable wins over what is written; one that is not set is named."""
    named = push(url="https://oapi.dingtalk.com/robot/send?old", url_env="A", secret="old", secret_env="B")
    made = target_of(named, (), {"A": URLS["dingtalk"], "B": SECRET})
    assert (made.url, made.secret) == (URLS["dingtalk"], SECRET)
    with pytest.raises(PushError) as caught:
        target_of(named, (), {"A": URLS["dingtalk"], "B": " "})
    assert "B" in caught.value.message.en


@pytest.mark.parametrize("kind", URLS)
def test_secrets_are_hidden_in_any_text(kind: str) -> None:
    """Whole, and in their parts; other words stay."""
    hiding = target(kind)
    text = hiding.hide(f"{hiding.url} | {TOKEN} | {SECRET} | robot webhook send")
    assert TOKEN not in text
    assert SECRET not in text
    assert text.endswith("robot webhook send")
