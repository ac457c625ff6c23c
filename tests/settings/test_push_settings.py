"""`[[push]]`, `push_hosts` and `[server]`."""

from __future__ import annotations

import pytest

from duoshou.settings import PushTarget, ServerSettings, Settings, SettingsError, Shop, parse_settings, render_template

ONE = "[[push]]\nkind = 'dingtalk'\nname = 'a'\nurl_env = 'X'\n"


def problems(text: str) -> list[tuple[str, int | None]]:
    """Return key and line of every problem of `text`."""
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, environment={})
    assert all(problem.message.zh and problem.message.en for problem in caught.value.problems)
    return [(problem.key, problem.line) for problem in caught.value.problems]


def test_a_target_needs_little() -> None:
    """Kind, name and an address; digest and urgent findings of every shop, at once."""
    (push,) = parse_settings(ONE, environment={})[0].push
    assert (push.what, push.shops, push.at, push.language) == (("digest", "urgent"), (), None, None)


def test_what_was_written_comes_back() -> None:
    """The template writes targets so that they are read again."""
    whole = PushTarget(
        kind="feishu",
        name='群"1',
        url="https://open.feishu.cn/open-apis/bot/v2/hook/x",
        secret="s",
        shops=("main",),
        what=("notices",),
        at="09:05",
        language="en",
    )
    settings = Settings(
        push=(whole, PushTarget(kind="webhook", name="b", url_env="B")),
        push_hosts=("hooks.example.com", "127.0.0.1:8443", "[::1]:80"),
        server=ServerSettings(url="https://duoshou.example.com/shop", daily_at="23:59"),
        shops=(Shop(key="main"),),
    )
    assert parse_settings(render_template(settings), environment={})[0] == settings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ONE + ONE, [("push.name", 3), ("push.name", 7)]),
        ("[[push]]\nkind = 'dingtalk'\nname = 'a'\n", [("push", 1)]),
        ("[[push]]\nname = 'a'\nurl = 'x'\n", [("push", 1)]),
        ("[[push]]\nkind = 'qq'\nname = 'a'\nurl = 'x'\n", [("push.kind", 2)]),
        (ONE + "what = []\n", [("push.what", 5)]),
        (ONE + "what = ['all']\n", [("push.what", 5)]),
        (ONE + "at = '9:5'\n", [("push.at", 5)]),
        (ONE + "at = '24:00'\n", [("push.at", 5)]),
        (ONE + "shops = ['nobody']\n", [("push.shops", 5)]),
        (ONE + "url_envv = 'X'\n", [("push.url_envv", 5)]),
        ("push_hosts = ['https://a.example']\n", [("push_hosts", 1)]),
        ("[server]\nurl = 'duoshou.example.com'\n", [("server.url", 2)]),
        ("[server]\ndaily_at = 'morning'\n", [("server.daily_at", 2)]),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, found: list[tuple[str, int]]) -> None:
    """Each fault is named with its line."""
    assert problems(text) == found


def test_no_message_shows_an_address_or_a_secret() -> None:
    """Whatever is wrong with it, in the settings' own words and in their representation."""
    with pytest.raises(SettingsError) as caught:
        parse_settings("[[push]]\nkind='dingtalk'\nname='a'\nurl=['TOKEN-1']\nsecret=['TOKEN-2']\n", environment={})
    assert len(caught.value.problems) == 2
    assert "TOKEN" not in caught.value.in_language("zh") + caught.value.in_language("en")
    secret = PushTarget(kind="dingtalk", name="a", url="https://TOKEN-1", secret="TOKEN-2", url_env="", secret_env="")
    assert "TOKEN" not in repr(secret) + repr(Settings(push=(secret,)))
