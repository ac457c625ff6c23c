"""Answers that a server remembers take a bounded part of its memory."""

from __future__ import annotations

from dataclasses import dataclass

from duoshou.app.memory import AnswerMemory


@dataclass(frozen=True)
class Answer:
    """An answer of some rows."""

    rows: tuple[int, ...]


def of(count: int) -> Answer:
    """Return an answer of so many rows."""
    return Answer(tuple(range(count)))


def remembers(memory: AnswerMemory, question: str) -> bool:
    """Return whether a question is answered from memory; if not it is now, by an answer without rows."""
    made: list[str] = []
    memory.answer(question, lambda: made.append(question))
    return not made


def test_the_rows_of_all_answers_together_are_bounded() -> None:
    """Those not asked for longest go first, as many as it takes."""
    memory = AnswerMemory(100, most_rows=10)
    for name in ("a", "b", "c"):
        memory.answer(name, lambda: of(3))
    memory.answer("a", lambda: of(3))
    memory.answer("d", lambda: of(6))
    assert [name for name in "abcd" if remembers(memory, name)] == ["a", "d"]


def test_an_answer_of_too_many_rows_drives_no_other_out() -> None:
    """It is given, and made again the next time."""
    memory = AnswerMemory(100, most_rows=10)
    memory.answer("a", lambda: of(10))
    assert memory.answer("large", lambda: of(11)) == of(11)
    assert len(memory) == 1
    assert memory.answer("large", lambda: of(12)) == of(12)
    assert remembers(memory, "a")


def test_the_number_of_answers_is_bounded_too() -> None:
    """Answers without rows are counted."""
    memory = AnswerMemory(2)
    for name in ("a", "b", "c"):
        assert not remembers(memory, name)
    assert len(memory) == 2
    assert remembers(memory, "c")
