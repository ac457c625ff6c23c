"""The one file that a newcomer runs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TASKS = REPOSITORY / "tasks.py"


@pytest.mark.parametrize(("words", "code"), [([], 0), (["--help"], 0), (["nonsense"], 2)])
def test_without_a_task_it_explains_itself(words: list[str], code: int) -> None:
    """No task, or a wrong one, makes nothing and lists the tasks."""
    done = subprocess.run([sys.executable, str(TASKS), *words], capture_output=True, text=True)
    assert done.returncode == code
    assert "tasks.py demo" in done.stdout


def test_it_needs_nothing_but_python() -> None:
    """It imports the standard library only, because it runs before anything is installed."""
    tree = ast.parse(TASKS.read_text(encoding="utf-8"))
    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    names |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names


def test_an_older_python_can_read_it() -> None:
    """Python 3.8 gets as far as the message that says which version is needed."""
    ast.parse(TASKS.read_text(encoding="utf-8"), feature_version=(3, 8))
