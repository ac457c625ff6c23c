"""What no file of the project may say, and how long a file may be."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT_SUFFIXES = {".py", ".toml", ".md", ".txt", ".lock", ".cfg", ".ini", ".json", ".yml", ".yaml", ".sql", ""}
LONGEST_MODULE = 400
# Bracketed letters, so that these lines do not match themselves.
FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.])/([w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+|tmp/[sp]\w+)/",
    "an address of a package index": r"--(extra-)?[i]ndex-url|[f]ile:///",
    "a note that work is left": r"\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b",
}


def files_of_the_project() -> list[Path]:
    """Return every file that is, or is about to be, in version control."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, cwd=REPOSITORY)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := REPOSITORY / name).is_file()]


def modules() -> list[Path]:
    """Return the modules of the product."""
    return sorted((REPOSITORY / "src").rglob("*.py"))


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_no_file_says_it(fault: str) -> None:
    """No file holds what belongs to one machine or one way of working."""
    pattern = re.compile(FORBIDDEN[fault])
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()[:80]}"
        for path in files_of_the_project()
        if path.suffix in TEXT_SUFFIXES
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found, f"{fault}:\n" + "\n".join(found)


def test_text_files_are_utf8_without_mark_and_end_in_a_line() -> None:
    """Any editor on any system reads them alike."""
    for path in files_of_the_project():
        if path.suffix in {".py", ".toml", ".md"}:
            content = path.read_bytes()
            content.decode("utf-8")
            assert not content.startswith(b"\xef\xbb\xbf"), path
            assert content.endswith(b"\n") or not content, path
            assert b"\r" not in content, path


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(REPOSITORY / "src")))
def test_no_module_grows_into_a_drawer(path: Path) -> None:
    """A module that nears the ceiling is split by what it is about."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
