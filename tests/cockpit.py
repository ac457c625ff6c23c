"""A small shop behind the cockpit: files of two platforms' kinds, a day that was judged, and people with roles."""

from __future__ import annotations

import atexit
import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Self, cast
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.layouts.taobao import ORDERS_2021, table

from duoshou.access import create_first_owner, create_person, create_token, csrf_of, people, rights_of
from duoshou.app import Workbench, open_workbench
from duoshou.gate import SESSION_COOKIE
from duoshou.model import (
    Cause,
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Impact,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
)
from duoshou.server.assembly import create_app
from duoshou.settings import Settings, Shop, Workspace
from duoshou.state import record_day

FIRST, LAST = date(2026, 10, 20), date(2026, 11, 18)
PASSWORD = "一个够长的密码-2026"
SHOP_HEAD = ["统计日期", "访客数", "浏览量", "支付买家数", "支付父订单数", "支付件数", "支付金额", "加购件数"]
PLAN_HEAD = ["日期", "场景ID", "场景名字", "计划ID", "计划名字", "展现量", "点击量", "花费", "总成交笔数", "总成交金额"]
TIMEZONE = "Asia/Shanghai"
HOSTILE = "<script>alert(1)</script>'\"; DROP TABLE order_line; --"
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def keep_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let it stay the noon of a day where tasks are concerned, though midnight passes while tests run."""

    class Noon(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cast("Self", datetime.combine(day, time(12), ZoneInfo(TIMEZONE)).astimezone(tz))

    monkeypatch.setattr("duoshou.app.loop.tasks.datetime", Noon)


def delimited(rows: Sequence[Sequence[object]]) -> bytes:
    """Return rows as a CSV that a spreadsheet reads."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def shop_day_file() -> bytes:
    """Return the shop's figures: on the n-th of a month n × 100 visitors, n buyers for 150 each."""
    rows = (
        [day.isoformat(), day.day * 100, day.day * 300, day.day, day.day, day.day, day.day * 150, 9] for day in DAYS
    )
    return delimited([SHOP_HEAD, *rows])


def plan_file() -> bytes:
    """Return a plan report: 50 a day for 10 orders of 20."""
    rows = ([day.isoformat(), "1", "关键词", "77", HOSTILE, 1000, 100, 50, 10, 200] for day in DAYS)
    return delimited([PLAN_HEAD, *rows])


def order_file() -> bytes:
    """Return orders: on the n-th of a month n of 150 each, of products whose names are hostile."""
    orders = [
        {
            "订单编号": f'="19{day:%Y%m%d}{number:06d}"',
            "买家会员名": f"buyer{number}",
            "买家应付货款": "150.00",
            "总金额": "150.00",
            "买家实际支付金额": "150.00",
            "订单状态": "交易成功",
            "宝贝标题": f"{HOSTILE} {number % 3}",
            "宝贝总数量": "1",
            "订单创建时间": f"{day} 10:00:00",
            "订单付款时间": f"{day} 10:01:00",
            "收货地址": "浙江省 杭州市 西湖区 文三路100号",
        }
        for day in DAYS
        for number in range(day.day)
    ]
    return delimited(table(ORDERS_2021, *orders))


def finding(name: str, amount: str = "1200.00", *, kind: str = "diagnosis.traffic", day: date = LAST) -> Finding:
    """Return a finding about the shop whose words are hostile."""
    return Finding(
        kind=kind,
        subject=Subject("shop", "main", name),
        period=Period(day - timedelta(days=2), day),
        detected_on=day,
        headline=Text(f"{name} {HOSTILE}：访客下降 30%", f"{name} {HOSTILE}: visitors down 30 %"),
        confidence=Confidence.LIKELY,
        impact=Impact(
            Decimal(amount), "CNY", Decimal(amount) / 4, Decimal(amount) * 2, Text("未来 28 天", "the next 28 days")
        ),
        causes=(Cause("traffic_down", Subject("shop", "main", name), None, 0.8, ("e1",)),),
        evidence=(Evidence("e1", EvidenceType.TABLE, Text("按日", "by day"), ("day", "visitors"), ((day, 100),)),),
        recommendations=(
            Recommendation(Text("检查搜索排名", "check the rank"), Role.OPERATOR, Text("因为", "because")),
        ),
        caveats=(Text("只有三天的数据", "only three days of data"),),
    )


@dataclass
class Cockpit:
    """A served workspace.

    Attributes:
        app: The app.
        directory: The workspace.
        secrets: Role → a token of somebody who has it.
        findings: What was found on the last day.
    """

    app: FastAPI
    directory: Path
    secrets: dict[str, str]
    findings: tuple[Finding, ...]

    def guest(self, *, raises: bool = True) -> TestClient:
        """Return a client that has not signed in and follows no redirect."""
        return TestClient(self.app, follow_redirects=False, raise_server_exceptions=raises)

    def signed_in(self, login: str = "owner") -> TestClient:
        """Return the client of somebody who has signed in; logins are the names of roles."""
        client = self.guest()
        answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    def token(self, role: str) -> TestClient:
        """Return a client of the API that carries the token of a role."""
        client = self.guest()
        client.headers["Authorization"] = f"Bearer {self.secrets[role]}"
        return client

    def csrf(self, client: TestClient) -> str:
        """Return what the forms of a client's session carry."""
        return csrf_of(client.cookies[SESSION_COOKIE])


def fill(workbench: Workbench) -> tuple[Finding, ...]:
    """Import the files and record the findings of the last day; return them."""
    folder = workbench.workspace.inbox
    for name, content in {"店铺.csv": shop_day_file(), "计划.csv": plan_file(), "订单.csv": order_file()}.items():
        (folder / name).write_bytes(content)
        moment = datetime(2026, 11, 19, 9, tzinfo=ZoneInfo(TIMEZONE)).timestamp()
        os.utime(folder / name, (moment, moment))
    report = workbench.import_files()
    assert not report.failed, report.to_dict()
    found = (
        finding("甲"),
        finding("乙", "90000.00", kind="diagnosis.conversion"),
        finding("丙", kind="data.missing_day"),
    )
    record_day(workbench.state, "main", LAST, list(found))
    return found


def make_people(workbench: Workbench) -> dict[str, str]:
    """Make one person of each role, whose login is the role's name; return role → a token with all its rights."""
    state = workbench.state
    create_first_owner(state, "owner", "店主", PASSWORD)
    for role in Role:
        if role is not Role.OWNER:
            create_person(state, role.value, role.value, role, PASSWORD, by="owner")
    ends = datetime.now(UTC) + timedelta(days=30)
    return {
        one.login: create_token(state, one, "test", rights_of(one.role), ends, by="owner")[1] for one in people(state)
    }


@cache
def model_shop() -> tuple[Path, dict[str, str], tuple[Finding, ...]]:
    """Make the shop once for each process of a test run; return it, its tokens and its findings."""
    folder = Path(tempfile.mkdtemp(prefix="cockpit-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Workspace.create(folder / "shop", Settings(name="商行", shops=(Shop(key="main", name="主店"),)))
    with open_workbench(folder / "shop") as workbench:
        found = fill(workbench)
        secrets = make_people(workbench)
    return folder / "shop", secrets, found


@contextmanager
def running_cockpit(folder: Path) -> Iterator[Cockpit]:
    """Serve a copy of the shop."""
    model, secrets, found = model_shop()
    shutil.copytree(model, folder / "shop")
    app = create_app(folder / "shop")
    try:
        yield Cockpit(app, folder / "shop", dict(secrets), found)
    finally:
        app.state.house.close()
