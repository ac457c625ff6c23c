"""What the service desk leaves behind: figures of agents by day, the shop's inquiries by day, leads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from duoshou.demo.exports.calendar import Stretch, day_names, quarters
from duoshou.demo.exports.press import Press, form, words
from duoshou.demo.simulation.world import Service, World


def write_agents(press: Press, world: World, service: Service, inbox: Path) -> list[Path]:
    """Write the agents' figures by day, one workbook a quarter, with the sums that the platform puts below."""
    written = []
    for quarter in quarters(world):
        frame = _agent_frame(world, service, quarter)
        sums = [f"{int(frame[name].sum()):,}" for name in ("buyers", "asked")]
        tail = [["", word, *sums, *["-"] * 7] for word in words("platform")["words"]["sums"]]
        written.append(press.xlsx(inbox / f"客服绩效_{quarter.name}.xlsx", form("agents"), frame, tail=tail))
    return written


def write_inquiries(press: Press, world: World, service: Service, inbox: Path) -> list[Path]:
    """Write the shop's inquiries by day, one workbook a quarter."""
    columns: dict[str, Any] = {"asked": service.asked, "buyers": service.buyers, "amount": service.amount}
    whole: dict[str, Any] = {"day": np.array(day_names(world))}
    whole |= {name: values.sum(axis=1, dtype=np.int64) for name, values in columns.items()}
    return [
        press.xlsx(
            inbox / f"业绩询单_{quarter.name}.xlsx",
            form("inquiries"),
            {name: values[quarter.days] for name, values in whole.items()},
        )
        for quarter in quarters(world)
    ]


def write_leads(press: Press, world: World, service: Service, inbox: Path) -> list[Path]:
    """Write the leads as the shop keeps them, with people that must not get into the archive."""
    number = np.arange(len(service.lead_created))
    if not len(number):
        return []
    agents = np.array([*world.agents.names, ""])
    sources = np.array([*world.source_names, ""])
    source = np.where(service.lead_referred, "老客推荐", sources[service.lead_source])
    customer = 5_000_000 + number * 7919 % 1_000_003
    frame = {
        "lead_id": [f"L{one + 1:05d}" for one in number],
        "created": service.lead_created,
        "agent": agents[service.lead_agent],
        "source": source,
        "customer_number": customer,
        "is_referred": service.lead_referred,
        "product_id": world.products.ids[service.lead_product],
        "outcome": np.array(words("platform")["words"]["lead_outcome"])[service.lead_status],
        "amount": service.lead_amount,
        "closed": service.lead_closed,
    }
    return [press.xlsx(inbox / f"咨询线索_{world.until}.xlsx", form("leads"), frame)]


def _agent_frame(world: World, service: Service, quarter: Stretch) -> dict[str, Any]:
    day, agent = np.nonzero(service.chats[quarter.days])
    day += quarter.begin
    shop = words("platform")["shop"]
    return {
        "day": np.array(day_names(world))[day],
        "agent": np.array([f"{shop}:{name}" for name in world.agents.names])[agent],
        "buyers": service.buyers[day, agent],
        "asked": service.asked[day, agent],
        "first_reply": service.first_reply_seconds[day, agent],
        "reply": service.reply_seconds[day, agent],
        "satisfied": service.satisfied[day, agent],
        "rated": service.rated[day, agent],
        "amount": service.amount[day, agent],
    }
