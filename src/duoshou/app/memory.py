"""Answers about a snapshot, kept while it is the current one: a snapshot never changes, so neither do they."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

Answer = TypeVar("Answer")
MOST_ANSWERS = 4000


class AnswerMemory:
    """The latest answers, shared by threads; an answer is made twice rather than anybody waiting for it.

    Attributes:
        most: How many answers are kept; those not asked for longest go first.
    """

    def __init__(self, most: int = MOST_ANSWERS) -> None:
        self.most = most
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, question: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return the answer to `question`, made where it is not known; an error is not remembered."""
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return cast("Answer", self._answers[question])
        made = make()
        with self._lock:
            self._answers[question] = made
            while len(self._answers) > self.most:
                self._answers.popitem(last=False)
        return made

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._answers.clear()

    def __len__(self) -> int:
        return len(self._answers)
