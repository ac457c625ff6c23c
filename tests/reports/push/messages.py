"""Messages, stamps and targets that several tests use."""

from __future__ import annotations

from datetime import UTC, datetime

from duoshou.reports.push import KINDS, Block, Message, Target
from duoshou.reports.push.request import Stamp

STAMP = Stamp(datetime(2026, 11, 26, 1, 30, 15, 250_000, tzinfo=UTC), "d0d0")
SECONDS = 1_795_656_615
TOKEN = "0123456789abcdef0123456789abcdef"
SECRET = "SECfeedfacefeedface"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))

URLS = {
    "dingtalk": f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}",
    "wecom": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}",
    "feishu": f"https://open.feishu.cn/open-apis/bot/v2/hook/{TOKEN}",
    "webhook": f"https://hooks.example.com/in/{TOKEN}",
}


def message(points: int = 3, *, urgent: bool = False, link: str | None = "https://d.example/today?shop=a") -> Message:
    """Return a message with two headings and so many points under the second."""
    blocks = (
        Block("昨日数字", ("支付金额 12,345.00 元（较上周同日 -3.2%）", "访客数 —")),
        Block("发现", tuple(f"第 {number} 条：羊绒围巾少赚约 1,000 元" for number in range(points))),
    )
    return Message("舵手日报 · 主店 · 2026-11-25", blocks, link, urgent=urgent)


def target(kind: str, url: str | None = None, secret: str = SECRET) -> Target:
    """Return a target of a kind."""
    return Target("运营群", KINDS[kind], url or URLS[kind], secret)
