"""Text from files into the Markdown of chat programs, where nobody's product name may become a link or a mention."""

from __future__ import annotations

from urllib.parse import quote

# The chat programs know different parts of Markdown and no common escape: what could be markup is written in the
# full-width form, which reads the same and does nothing. `<` would begin a mention in 企业微信 and a tag in 飞书.
_HARMLESS = str.maketrans({"[": "［", "]": "］", "*": "＊", "`": "｀", "<": "＜", ">": "＞", "\\": "＼", "~": "～"})
_BEGINS = ("#", "-", "+", "!", "|", "=", "_")
_FULL_WIDTH = {"#": "＃", "-": "－", "+": "＋", "!": "！", "|": "｜", "=": "＝", "_": "＿"}


def harmless(text: str) -> str:
    """Return text in which no character is markup; digits keep their sign."""
    plain = text.translate(_HARMLESS)
    first, rest = plain[:1], plain[1:]
    if first in _BEGINS and not rest[:1].isdigit():
        return _FULL_WIDTH[first] + rest
    return plain


def link(words: str, address: str) -> str:
    """Return a Markdown link whose address cannot end early."""
    return f"[{harmless(words)}]({quote(address, safe=':/?#@!$&,;=%~+-._')})"
