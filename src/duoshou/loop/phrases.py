"""What reviews praise and complain of: phrases that occur in one kind far more often than in the other."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 5
LEAST = 3
"""Reviews that a phrase must occur in."""
SURE = 1.64
"""Standard errors by which the logarithm of the odds must lie above zero."""
NESTED = 0.7
"""Share of a phrase's reviews from which on another one tells the same."""
WHOLE = 12
"""Characters up to which a phrase grows by what nearly all its reviews say around it."""
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z'-]+")
_NEVER_FIRST = frozenset("的了是很也就在我都和还又给着这那个吧呢啊吗嘛哦么们得与及但而且把被让")
_NEVER_LAST = frozenset("的了是很也就在我都不还又给这那个吧呢啊吗嘛哦么们与及但而且把被让")
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    the a an and or but is are was were be to of in on for with it its this that i my me you very so as at
""",
    )
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, and how many reviews of the kind hold it."""

    text: str
    count: int


def telling_phrases(texts: Sequence[str], others: Sequence[str], *, most: int = 6) -> tuple[Phrase, ...]:
    """Return the phrases that tell one kind of review from the other, the most frequent first.

    A phrase is up to five Chinese characters, or one or two words. It is told by its log-odds ratio with a prior of
    half a review, in standard errors (Monroe, Colaresi and Quinn 2008, "Fightin' Words"). It grows by the characters
    around it that nearly all its reviews share; of phrases that share a piece and mostly the same reviews one is kept.

    Args:
        texts: Reviews of the kind that is asked about.
        others: Reviews of the other kind.
        most: At most so many phrases.
    """
    mine = Counter(phrase for text in texts for phrase in _phrases(text))
    theirs = Counter(phrase for text in others for phrase in _phrases(text))
    frequent = [phrase for phrase, count in mine.items() if count >= LEAST]
    telling = [one for one in frequent if _score(mine[one], len(texts), theirs[one], len(others)) >= SURE]
    chosen: list[tuple[Phrase, set[int]]] = []
    for phrase in sorted(telling, key=lambda one: (-mine[one], -len(one), one)):
        whole = _extended(phrase, texts, mine[phrase])
        reviews = {number for number, text in enumerate(texts) if whole in text.casefold()}
        if not any(_shares(whole, one.text) and _is_same(reviews, known) for one, known in chosen):
            chosen.append((Phrase(whole, len(reviews)), reviews))
    return tuple(sorted((one for one, _ in chosen), key=lambda one: (-one.count, one.text))[:most])


def _shares(one: str, other: str) -> bool:
    """Return whether two phrases have two characters in a row in common."""
    return any(one[at : at + 2] in other for at in range(len(one) - 1))


def _is_same(one: set[int], other: set[int]) -> bool:
    return len(one & other) >= NESTED * min(len(one), len(other))


def _extended(phrase: str, texts: Sequence[str], count: int) -> str:
    """Return a Chinese phrase with the characters around it that nearly all its reviews share."""
    while _HAN.fullmatch(phrase) and len(phrase) < WHOLE:
        beside = Counter(
            longer
            for text in texts
            for longer in {text[at - 1 : at + len(phrase)] for at in _places(text, phrase) if at > 0}
            | {text[at : at + len(phrase) + 1] for at in _places(text, phrase)}
            if len(longer) > len(phrase) and _HAN.fullmatch(longer)
        )
        longer, found = max(beside.items(), key=lambda one: (one[1], one[0]), default=("", 0))
        if found < max(NESTED * count, LEAST):
            break
        phrase = longer
    return phrase


def _places(text: str, phrase: str) -> list[int]:
    return [one.start() for one in re.finditer(f"(?={re.escape(phrase)})", text)]


def _score(mine: int, of_mine: int, theirs: int, of_theirs: int) -> float:
    a, b = mine + 0.5, of_mine - mine + 0.5
    c, d = theirs + 0.5, of_theirs - theirs + 0.5
    return math.log(a * d / (b * c)) / math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)


def _phrases(text: str) -> set[str]:
    """Return the phrases of one text, each once."""
    found = set()
    for run in _HAN.findall(text):
        for size in range(2, LONGEST + 1):
            for start in range(len(run) - size + 1):
                phrase = run[start : start + size]
                if phrase[0] not in _NEVER_FIRST and phrase[-1] not in _NEVER_LAST:
                    found.add(phrase)
    words = _LATIN.findall(text.casefold())
    found |= {word for word in words if word not in _EMPTY_WORDS and len(word) > 2}
    found |= {f"{one} {two}" for one, two in pairwise(words) if not {one, two} & _EMPTY_WORDS}
    return found
