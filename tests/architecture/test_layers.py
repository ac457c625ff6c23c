"""The layers of the design, walked."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def test_import_contracts_hold() -> None:
    """No arrow between the packages runs the wrong way."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=REPOSITORY)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


def test_every_package_has_its_layer() -> None:
    """A new package is placed in the layer table before anything is built on it."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {name.strip().removeprefix("duoshou.") for layer in layers for name in layer.split("|")}
    packages = {path.parent.name for path in (REPOSITORY / "src" / "duoshou").glob("*/__init__.py")}
    assert packages == placed | {"demo"}
