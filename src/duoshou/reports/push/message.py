"""What is said in a chat, before any platform's form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from duoshou.model import Language, Text


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under one heading.

    Attributes:
        title: The heading; empty: none.
        lines: Plain text, one point each; no markup, and none that stands in it has any effect.
    """

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a group.

    Attributes:
        title: What it is about, in one line; it holds 舵手 or Duoshou, so that a robot can be told to expect the word.
        blocks: What it says, the most important first: what does not fit is cut off at the end, and told.
        link: Address that leads to more; None where there is none.
        picture: A PNG or JPEG, shown where a robot takes one.
        urgent: Whether somebody should look now.
        language: Language of the few words that a platform's form adds.
    """

    title: str
    blocks: tuple[Block, ...]
    link: str | None = None
    picture: bytes | None = None
    urgent: bool = False
    language: Language = "zh"

    def say(self, text: Text) -> str:
        """Return a text in the language of the message."""
        return text.in_language(self.language)

    @property
    def headline(self) -> str:
        """The title, marked where the message is urgent."""
        return self.say(Text("【紧急】", "[URGENT] ")) + self.title if self.urgent else self.title

    @property
    def link_words(self) -> str:
        """What stands on the link."""
        return self.say(Text("打开舵手", "Open Duoshou"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a message as it is written: a heading, a point, or the note on what was cut off."""

    text: str
    is_heading: bool = False
    is_note: bool = False


def rows_of(message: Message) -> list[Row]:
    """Return the rows of a message in order, each on one line; what cannot be encoded is replaced."""
    return [row for block in message.blocks for row in _rows(block)]


def _rows(block: Block) -> Iterator[Row]:
    if block.title:
        yield Row(one_line(block.title), is_heading=True)
    for line in block.lines:
        yield Row(one_line(line))


def one_line(text: str) -> str:
    """Return `text` on one line without control characters, in characters that UTF-8 can carry."""
    joined = " ".join(text.split())
    printable = "".join(char for char in joined if char.isprintable() or char == "\u200d")
    return printable.encode("utf-8", "replace").decode("utf-8")
