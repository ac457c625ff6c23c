"""Reviews: composed clause by clause from what the line says went well or wrong."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from duoshou.demo.exports.press import words
from duoshou.demo.simulation.world import Orders, World

_SLOT = re.compile(r"\{([^{}]+)\}")
_RATINGS = ("", "1星", "2星", "3星", "4星", "5星")
_WORDS = {1: "负面评价", 3: "中性评价", 5: "正面评价"}
_THINGS = {
    "连衣裙": ["裙子", "这条裙子", "它"],
    "针织衫": ["毛衣", "这件", "衣服"],
    "半身裙": ["裙子", "半裙", "这条"],
    "女包": ["包包", "这个包", "包"],
}


class Reviewer:
    """Writes the text of reviews, always the same for a seed and an order of asking."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = random.Random(f"{world.seed} reviews")  # noqa: S311  # made-up texts need no secrecy
        self._grammar = words("grammar")
        self._unfit: list[str] = []

    def frame(self, orders: Orders) -> dict[str, Any]:
        """Return one row per review of a chunk."""
        lines = np.flatnonzero(orders.line_rating > 0)
        rows = zip(
            orders.line_rating[lines].tolist(),
            orders.line_topic[lines].tolist(),
            orders.line_fault[lines].tolist(),
            orders.line_product[lines].tolist(),
            strict=True,
        )
        text = [self.text(*row) for row in rows]
        order = orders.line_order[lines]
        # The platform's key is the moment: two lines of one order are reviewed one after the other.
        moment = orders.line_reviewed[lines] - (orders.line_number[lines] - 1).astype("timedelta64[s]")
        return {
            "reviewed": moment,
            "order_id": orders.ids[order],
            "title": np.array(self._world.products.titles)[orders.line_product[lines]],
            "text": np.array(text, dtype=str),
            "rating": np.array([self._rating(one) for one in orders.line_rating[lines].tolist()], dtype=str),
        }

    def text(self, rating: int, topic: int, fault: int, product: int) -> str:
        """Return one review.

        Args:
            rating: Stars, 1 to 5.
            topic: Index of the topic, -1 for none.
            fault: Index of the fault that the buyer met, -1 for none.
            product: Index of the product.
        """
        if rating >= 4 and fault < 0 and self._chance.random() < 0.22:
            return self._choose(self._grammar["silent"])
        self._unfit = self._grammar["unfit"].get(self._world.category_names[self._world.products.category[product]], [])
        about = self._world.topics[topic] if topic >= 0 else ""
        if fault >= 0:
            text = self._complaint(rating, about, self._world.faults[fault])
        elif rating >= 4:
            text = self._praise(rating, about)
        else:
            text = self._grumble(rating, about)
        return self._finished(self._filled(text, product), "good" if rating >= 4 else "bad")

    def _praise(self, rating: int, topic: str) -> str:
        grammar = self._grammar
        clauses = [self._about(topic, "good"), *self._others(topic, self._chance.choice((0, 0, 1, 1, 2, 3)))]
        if self._chance.random() < 0.3:
            faults = [name for name in grammar["fault"] if name not in self._unfit]
            clauses.append(self._choose(grammar["fault"][self._choose(faults)]["not"]))
        if self._chance.random() < 0.35:
            self._chance.shuffle(clauses)
        text = self._choose(grammar["opening"]["good"]) + self._joined(clauses, "good")
        if rating == 4 and self._chance.random() < 0.6:
            text += self._choose(grammar["link"]["turn"]) + self._choose(grammar["link"]["mild"])
        return text + self._ending("good")

    def _complaint(self, rating: int, topic: str, fault: str) -> str:
        grammar = self._grammar
        named = self._named(fault)
        if rating <= 2 and self._chance.random() < 0.04:
            return self._choose(grammar["irony"]["lines"]).replace("{bad_fault}", named)
        clauses = [named]
        if self._chance.random() < 0.3:
            clauses.append(self._named(fault))
        if topic and self._chance.random() < 0.3:
            clauses.append(self._about(topic, "bad"))
        self._chance.shuffle(clauses)
        body = self._joined(list(dict.fromkeys(clauses)), "bad")
        if rating >= 3 or self._chance.random() < 0.25:
            body = self._others(topic, 1)[0] + self._choose(grammar["link"]["turn"]) + body
        return self._choose(grammar["opening"]["bad"]) + body + self._ending("mixed" if rating >= 3 else "bad")

    def _grumble(self, rating: int, topic: str) -> str:
        grammar = self._grammar
        body = self._about(topic, "bad")
        if rating == 3 and self._chance.random() < 0.7:
            body = self._others(topic, 1)[0] + self._choose(grammar["link"]["turn"]) + body
        return self._choose(grammar["opening"]["bad"]) + body + self._ending("mixed" if rating == 3 else "bad")

    def _about(self, topic: str, tone: str) -> str:
        topics = self._grammar["topic"]
        named = topic if topic in topics and topic not in self._unfit else "质量"
        return self._choose(topics[named][tone])

    def _others(self, topic: str, count: int) -> list[str]:
        topics = [name for name in self._grammar["topic"] if name != topic and name not in self._unfit]
        return [self._about(name, "good") for name in self._chance.sample(topics, k=count)]

    def _named(self, fault: str) -> str:
        known = self._grammar["fault"].get(fault)
        return self._choose(known["bad"]) if known else "{abit}" + fault

    def _joined(self, clauses: Sequence[str], tone: str) -> str:
        text = clauses[0]
        for clause in clauses[1:]:
            text += self._choose(self._grammar["link"][tone]) + clause
        return text

    def _ending(self, tone: str) -> str:
        closing = self._choose(self._grammar["closing"][tone])
        return f"，{closing}" if closing and self._chance.random() < 0.6 else ""

    def _filled(self, text: str, product: int) -> str:
        world = self._world
        attributes = world.products.attributes[product]
        things = _THINGS.get(world.category_names[world.products.category[product]], ["东西"])

        def option(found: re.Match[str]) -> str:
            name = found[1]
            if name == "thing":
                return self._choose(things)
            return attributes[name] if name in attributes else self._choose(self._grammar["group"].get(name, [""]))

        while "{" in text:
            text = _SLOT.sub(option, text)
        return text

    def _finished(self, text: str, tone: str) -> str:
        grammar, chance = self._grammar, self._chance
        if chance.random() < 0.05:
            for right, wrong in grammar["typos"].items():
                if right in text:
                    text = text.replace(right, self._choose(wrong), 1)
                    break
        if chance.random() < 0.12:
            text = text.replace("，", " ")
        text += self._choose(grammar["marks"]["end"])
        return text + self._choose(grammar["marks"][tone]) if chance.random() < 0.04 else text

    def _rating(self, stars: int) -> str:
        return _WORDS[stars] if stars in _WORDS and self._chance.random() < 0.3 else _RATINGS[stars]

    def _choose(self, options: Sequence[str]) -> str:
        return options[int(self._chance.random() * len(options))]
