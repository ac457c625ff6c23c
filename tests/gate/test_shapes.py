"""Data are read by several threads at once without a crash."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import duoshou
from duoshou.gate.shapes import MODULES, prepare_shapes

SOURCES = Path(duoshou.__file__).parent
CLASS = re.compile(r"^class \w+\((?:msgspec\.)?Struct\b", re.MULTILINE)
THREADS = """
import sys, threading
from importlib.resources import files
import msgspec
from duoshou.gate.shapes import prepare_shapes
from duoshou.metrics.catalogue import CatalogueFile

sys.setswitchinterval(1e-6)
prepare_shapes()
texts = [one.read_bytes() for one in (files("duoshou.metrics") / "catalogue").iterdir() if one.name.endswith(".toml")]
together = threading.Barrier(8)

def read():
    together.wait()
    for text in texts:
        msgspec.toml.decode(text, type=CatalogueFile)

threads = [threading.Thread(target=read) for _ in range(8)]
for one in threads:
    one.start()
for one in threads:
    one.join()
"""


def test_every_class_that_data_are_read_into_is_prepared() -> None:
    """A module that defines one is named, and no other."""
    holding = set()
    for path in SOURCES.rglob("*.py"):
        if CLASS.search(path.read_text(encoding="utf-8")):
            parts = path.relative_to(SOURCES.parent).with_suffix("").parts
            holding.add(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    assert set(MODULES) == holding
    assert set(prepare_shapes()) == holding


def test_threads_that_read_at_once_do_not_crash() -> None:
    """Eight threads read the catalogue for the first time together; unprepared, nine of ten such processes die."""
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
