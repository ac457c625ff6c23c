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
"""Share of a phrase's reviews from which on a longer one with it tells the same."""
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
    half a review, in standard errors (Monroe, Colaresi and Quinn 2008, "Fightin' Words"); of phrases that lie within
    each other and in mostly the same reviews the longer one is kept.

    Args:
        texts: Reviews of the kind that is asked about.
        others: Reviews of the other kind.
        most: At most so many phrases.
    """
    mine = Counter(phrase for text in texts for phrase in _phrases(text))
    theirs = Counter(phrase for text in others for phrase in _phrases(text))
    frequent = [phrase for phrase, count in mine.items() if count >= LEAST]
    telling = [one for one in frequent if _score(mine[one], len(texts), theirs[one], len(others)) >= SURE]
    chosen: list[Phrase] = []
    for phrase in sorted(telling, key=lambda one: (-len(one), -mine[one], one)):
        longer = [one for one in chosen if phrase in one.text and one.count >= NESTED * mine[phrase]]
        if not longer:
            chosen.append(Phrase(phrase, mine[phrase]))
    return tuple(sorted(chosen, key=lambda one: (-one.count, one.text))[:most])


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
