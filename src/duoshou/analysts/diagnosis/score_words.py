"""What is known of service scores beforehand, and the words about them (`scores.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from duoshou.model import Role, Text


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a platform scores.

    Attributes:
        platform: Platform.
        stars: Whether the score is a mean of one to five stars.
        best: Highest score.
        visible: Unit of the last digit that buyers see.
        window_days: How long a rating counts; None where the platform does not say.
    """

    platform: str
    stars: bool
    best: float
    visible: float
    window_days: int | None = None


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the scores, who answers for it, and what that person looks at first."""

    key: str
    title: Text
    role: Role
    action: Text


class Tie(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A metric that moves before or with a score.

    Attributes:
        kind: Name of the cause.
        metric: Metric.
        items: Scores that it moves.
        rises: Whether more of it hurts.
        lag: Days by which it precedes the score, least and most.
        per: Count that it is held against.
        reasons: Words in a refund's reason; empty: every refund.
        title: Its name where the metric's own does not do.
    """

    kind: str
    metric: str
    items: tuple[str, ...]
    rises: bool
    lag: tuple[int, int]
    per: str | None = None
    reasons: tuple[str, ...] = ()
    title: Text | None = None


class ScoreWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    scale: tuple[Scale, ...]
    item: tuple[Item, ...]
    tie: tuple[Tie, ...]
    words: dict[str, Text]

    def scale_of(self, platform: str | None) -> Scale | None:
        """Return how a platform scores; None where nothing is known of it."""
        return next((one for one in self.scale if one.platform == platform), None)

    def item_of(self, key: str) -> Item:
        """Return a score; one that nobody described is the operator's."""
        known = next((one for one in self.item if one.key == key), None)
        return known or Item(key, Text(key, key), Role.OPERATOR, self.words["act_common"])

    def say(self, name: str, **facts: object) -> Text:
        """Return a wording with its placeholders filled; a fact may itself be a `Text`."""
        text = self.words[name]
        zh = {key: fact.zh if isinstance(fact, Text) else fact for key, fact in facts.items()}
        en = {key: fact.en if isinstance(fact, Text) else fact for key, fact in facts.items()}
        return Text(text.zh.format_map(zh), text.en.format_map(en))

    def joined(self, texts: list[Text]) -> Text:
        """Return texts as an enumeration."""
        joint = self.words["joint"]
        return Text(joint.zh.join(one.zh for one in texts), joint.en.join(one.en for one in texts))


@cache
def score_words() -> ScoreWords:
    """Return what `scores.toml` says."""
    content = tomllib.loads(files(__package__).joinpath("scores.toml").read_text(encoding="utf-8"))
    return msgspec.convert(content, ScoreWords)
