"""Logins and names: which there may be, and when two are the same."""

from __future__ import annotations

import re
import unicodedata

from duoshou.access.errors import PersonRefused
from duoshou.model import Text

LOGIN = re.compile(r"\w[\w.@+-]{1,63}")
LONGEST_NAME = 60


def login_of(text: str) -> str | None:
    """Return a login in the form in which it is kept and compared; None where it can be nobody's.

    Case and width do not matter: 小王, WANG and ｗａｎｇ@example are typed on telephones. NFKC and case folding as in
    Unicode Standard, section 3.13, D146.
    """
    if len(text) > 256:
        return None
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())
    return folded if LOGIN.fullmatch(folded) else None


def checked_login(text: str) -> str:
    """Return a new login in the form in which it is kept.

    Raises:
        PersonRefused: If it cannot be one.
    """
    login = login_of(text)
    if login is None:
        raise PersonRefused(
            "login_form",
            Text("这个登录名不能用", "this login cannot be used"),
            hint=Text(
                "2 到 64 个字：汉字、字母、数字和 . _ - + @，不含空格，如 xiaowang",
                "2 to 64 letters (of any script), digits or . _ - + @, without spaces, such as xiaowang",
            ),
        )
    return login


def checked_name(text: str) -> str:
    """Return the name of a person or of a token, with single spaces.

    Raises:
        PersonRefused: If it is empty, too long, or holds what cannot be printed.
    """
    name = " ".join(unicodedata.normalize("NFC", text[:1000]).split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise PersonRefused(
            "name_form",
            Text("这个名字不能用", "this name cannot be used"),
            hint=Text(
                f"1 到 {LONGEST_NAME} 个能显示的字，如 小王",
                f"1 to {LONGEST_NAME} letters that can be shown, such as Xiao Wang",
            ),
        )
    return name
