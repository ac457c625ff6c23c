"""Answers about a snapshot, kept while it is the current one: a snapshot never changes, so neither do they."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from typing import TypeVar, cast

Answer = TypeVar("Answer")
MOST_ANSWERS = 4000
MOST_ROWS = 200_000


class AnswerMemory:
    """The latest answers, shared by threads; an answer is made twice rather than anybody waiting for it.

    Attributes:
        most: How many answers are kept; those not asked for longest go first.
        most_rows: How many rows (`row_count`, else the length of `rows`) the answers that are kept may have together;
            one of more is not kept.
    """

    def __init__(self, most: int = MOST_ANSWERS, most_rows: int = MOST_ROWS) -> None:
        self.most, self.most_rows = most, most_rows
        self._rows = 0
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, question: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return the answer to `question`, made where it is not known; an error is not remembered."""
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return cast("Answer", self._answers[question])
        made = make()
        if _rows_of(made) > self.most_rows:
            return made
        with self._lock:
            self._rows += _rows_of(made) - _rows_of(self._answers.pop(question, None))
            self._answers[question] = made
            while len(self._answers) > self.most or self._rows > self.most_rows:
                self._rows -= _rows_of(self._answers.popitem(last=False)[1])
        return made

    def __len__(self) -> int:
        return len(self._answers)


def _rows_of(answer: object) -> int:
    counted = getattr(answer, "row_count", None)
    if isinstance(counted, int):
        return counted
    rows = getattr(answer, "rows", ())
    return len(rows) if isinstance(rows, Sized) else 0
