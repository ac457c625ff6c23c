"""Push to chat: one message, the form of each platform, and a sender that keeps to their limits.

target = target_of(push, settings.push_hosts)
Sender().send(target, Message("舵手 · 日报", (Block("昨日", ("支付金额 12,345.00 元",)),)))
"""

from duoshou.reports.push.errors import PushError
from duoshou.reports.push.kinds import KINDS, Kind
from duoshou.reports.push.message import Block, Message
from duoshou.reports.push.sender import Delivery, Sender, Timing
from duoshou.reports.push.target import Target, target_of

__all__ = ["KINDS", "Block", "Delivery", "Kind", "Message", "PushError", "Sender", "Target", "Timing", "target_of"]
