"""What the hand-written pages say is true."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from duoshou.cli.root import COMMANDS, root
from duoshou.settings import SettingsError, parse_settings

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(duoshou [^`]+)`")


def page_id(path: Path) -> str:
    """Return a page's name in test reports."""
    return str(path.relative_to(REPOSITORY))


def blocks(path: Path, language: str) -> list[str]:
    """Return the code blocks of one language."""
    return [body for kind, body in BLOCK.findall(path.read_text(encoding="utf-8")) if kind == language]


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_links_lead_somewhere(path: Path) -> None:
    """Each link within the project names a file and a heading that exist."""
    for target in LINK.findall(BLOCK.sub("", path.read_text(encoding="utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        linked = (path.parent / name).resolve() if name else path
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked), target


def commands_of(path: Path) -> list[str]:
    """Return every `duoshou …` line that a page shows."""
    lines = [line for body in blocks(path, "sh") for line in body.splitlines()]
    shown = [line.split("  #")[0].split(" | ")[0].split(" > ")[0] for line in lines if line.startswith("duoshou ")]
    return shown + INLINE.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_commands_exist(path: Path) -> None:
    """Each command that a page shows exists with the options that it shows."""
    for line in commands_of(path):
        words = shlex.split(line.replace("…", " "))[1:]
        named = [word for word in words if word in COMMANDS]
        if not named:
            assert {word for word in words if word.startswith("-")} <= {
                "--help",
                "--version",
                "--workspace",
                "--lang",
            }, line
            continue
        command = root.get_command(click.Context(root), named[0])
        assert command is not None
        known = {spelling for option in command.params for spelling in option.opts} | {"--help", "--workspace"}
        assert {word.split("=")[0] for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_toml_is_toml(path: Path) -> None:
    """Each TOML block can be read; what looks like settings is settings."""
    for body in blocks(path, "toml"):
        table = tomllib.loads(body)
        if table.keys() <= {
            "engine",
            "privacy",
            "import",
            "reports",
            "shop",
            "state",
            "diagnosis",
            "server",
            "push",
            "push_hosts",
        }:
            try:
                parse_settings(body, environment={})
            except SettingsError as error:
                pytest.fail(error.in_language("en"))


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_python_is_python(path: Path) -> None:
    """Each Python block compiles."""
    for body in blocks(path, "python"):
        compile(body, str(path), "exec")


def test_every_page_is_reachable() -> None:
    """The index leads to every page of the documentation."""
    index = REPOSITORY / "docs" / "index.md"
    linked = {(index.parent / target).resolve() for target in LINK.findall(index.read_text(encoding="utf-8"))}
    assert {path for path in PAGES if path.is_relative_to(index.parent) and path != index} <= linked


def test_the_two_readmes_say_the_same() -> None:
    """Both languages show the same commands."""
    english = [line for body in blocks(REPOSITORY / "README.md", "sh") for line in body.splitlines()]
    chinese = [line for body in blocks(REPOSITORY / "README.zh-CN.md", "sh") for line in body.splitlines()]
    assert [line.split("  #")[0].rstrip() for line in english] == [line.split("  #")[0].rstrip() for line in chinese]
