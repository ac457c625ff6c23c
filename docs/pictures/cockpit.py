"""Takes the pictures of every page of the cockpit at both widths, from the demonstration.

    duoshou demo /tmp/shop
    .venv/bin/python docs/pictures/cockpit.py /tmp/shop [PAGE…]

Writes `docs/pictures/cockpit/PAGE-WIDTH.png`, of all pages or of those named. It works on a copy of the workspace, in
which it makes an owner, a team, and what they do.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from docs.pictures.closed_loop import fill_loop
from playwright.sync_api import Page, ViewportSize
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


def main(workspace: Path, wanted: Collection[str]) -> None:
    """Take every picture, or those wanted."""
    TARGET.mkdir(exist_ok=True)
    executable = chromium()
    assert executable is not None
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "shop"
        shutil.copytree(workspace, copy)
        pages = prepare(copy)
        with serving(create_app(copy)) as address, browsing(executable) as browser:
            for width, height in WIDTHS.items():
                view = ViewportSize(width=width, height=height)
                page = browser.new_context(viewport=view).new_page()
                page.goto(f"{address}/sign-in")
                if not wanted or "sign-in" in wanted:
                    page.screenshot(path=TARGET / f"sign-in-{width}.png")
                enter(page, "wang")
                for name, path in pages.items():
                    if not wanted or name in wanted:
                        page.goto(address + path)
                        page.screenshot(path=TARGET / f"{name}-{width}.png")
                if not wanted or "designer" in wanted:
                    page = browser.new_context(viewport=view).new_page()
                    page.goto(f"{address}/sign-in")
                    enter(page, "mei")
                    page.screenshot(path=TARGET / f"designer-{width}.png")


def enter(page: Page, login: str) -> None:
    """Sign in."""
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/today")


def prepare(workspace: Path) -> dict[str, str]:
    """Make an owner and return name → address of every page."""
    with open_workbench(workspace) as workbench:
        create_first_owner(workbench.state, "wang", "小王", PASSWORD)
        shop = workbench.settings.default_shop.key
        found = next(one for one in history(workbench.state, shop) if is_of(one.finding.kind, "diagnosis"))
        day = workbench.last_complete_day()
        product = next(one for one in history(workbench.state, shop) if is_of(one.finding.kind, "diagnosis.product"))
        loop = fill_loop(workbench, product.finding, PASSWORD)
    return {
        "today": "/today",
        "findings": "/findings",
        "finding": f"/findings/{found.finding.id}",
        "explore": "/explore?metric=pay_amount",
        "products": "/products",
        "product": f"/products/{product.finding.subject.id}",
        "customers": "/customers",
        "bundles": "/products/bundles",
        "prices": "/products/prices",
        "launches": "/products/launches",
        "advertising": "/advertising",
        "budgets": "/channels",
        **loop,
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
    main(Path(sys.argv[1]), sys.argv[2:])
