"""Takes the pictures of every page of the cockpit at both widths, from the demonstration.

    duoshou demo /tmp/shop
    .venv/bin/python docs/pictures/cockpit.py /tmp/shop

Writes `docs/pictures/cockpit/PAGE-WIDTH.png`. It works on a copy of the workspace, in which it makes an owner.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import ViewportSize
from tests.browser import browsing, serving
from tests.conftest import chromium

from duoshou.access import create_first_owner
from duoshou.app import open_workbench
from duoshou.app.diagnosis import is_of
from duoshou.server.assembly import create_app
from duoshou.state import history

PASSWORD = "only for pictures 2026"
WIDTHS = {1280: 900, 390: 844}
TARGET = Path(__file__).parent / "cockpit"


def main(workspace: Path) -> None:
    """Take every picture."""
    TARGET.mkdir(exist_ok=True)
    executable = chromium()
    assert executable is not None
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "shop"
        shutil.copytree(workspace, copy)
        pages = prepare(copy)
        with serving(create_app(copy)) as address, browsing(executable) as browser:
            for width, height in WIDTHS.items():
                page = browser.new_context(viewport=ViewportSize(width=width, height=height)).new_page()
                page.goto(f"{address}/sign-in")
                page.screenshot(path=TARGET / f"sign-in-{width}.png")
                page.get_by_label("登录名").fill("wang")
                page.get_by_label("密码").fill(PASSWORD)
                page.get_by_role("button", name="登录").click()
                for name, path in pages.items():
                    page.goto(address + path)
                    page.screenshot(path=TARGET / f"{name}-{width}.png")


def prepare(workspace: Path) -> dict[str, str]:
    """Make an owner and return name → address of every page."""
    with open_workbench(workspace) as workbench:
        create_first_owner(workbench.state, "wang", "小王", PASSWORD)
        shop = workbench.settings.default_shop.key
        found = next(one for one in history(workbench.state, shop) if is_of(one.finding.kind, "diagnosis"))
        day = workbench.last_complete_day()
    return {
        "today": "/today",
        "findings": "/findings",
        "finding": f"/findings/{found.finding.id}",
        "explore": "/explore?metric=pay_amount",
        "number": f"/number?metric=pay_amount&from={day}&to={day}",
        "reports": "/reports",
        "data": "/data",
        "glossary": "/glossary?q=转化",
        "definition": "/glossary/pay_conversion_rate",
        "settings": "/settings",
        "people": "/settings/people",
        "costs": "/settings/costs",
        "channels": "/settings/channels",
        "calendar": "/settings/calendar",
        "push": "/settings/push",
        "jobs": "/settings/jobs",
        "log": "/settings/log",
        "account": "/account",
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
