"""The layouts that are known: those shipped as TOML, and those a workspace adds."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from duoshou.model import Place, Text
from duoshou.sources.checking import check, wrong
from duoshou.sources.errors import LayoutError
from duoshou.sources.layout import Layout

_SHIPPED = Path(__file__).parent / "layouts"
_INHERITED_TABLES = ("field", "table")


class Layouts(Mapping[str, Layout]):
    """Layouts by key, in the order of their keys."""

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        self._layouts = dict(sorted(layouts.items()))

    def __getitem__(self, key: str) -> Layout:
        return self._layouts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._layouts)

    def __len__(self) -> int:
        return len(self._layouts)

    def get_or_raise(self, key: str) -> Layout:
        """Return the layout named `key`; an unknown name is a `LayoutError` that lists the known ones."""
        if key in self._layouts:
            return self._layouts[key]
        known = ", ".join(self._layouts)
        raise LayoutError(
            "no_such_layout",
            Text(f"没有名为 {key} 的报表格式", f"there is no layout named {key}"),
            hint=Text(f"已知的格式：{known}", f"known layouts: {known}"),
        )

    def __add__(self, layout: Layout) -> Layouts:
        return Layouts({**self._layouts, layout.key: layout})


def load_layouts(extra: Path | None = None) -> Layouts:
    """Return the shipped layouts and those in the folder `extra`, which win over shipped ones of the same key.

    A folder is read again when one of its files has changed.
    """
    if extra is None or not extra.is_dir():
        return _load_shipped()
    stats = ((path, path.stat()) for path in sorted(extra.glob("*.toml")))
    return _load_with(tuple((path, found.st_mtime_ns, found.st_size) for path, found in stats))


@lru_cache(maxsize=8)
def _load_with(files: tuple[tuple[Path, int, int], ...]) -> Layouts:
    """Return the shipped layouts and those in files, which are told apart by when they were written."""
    shipped = _load_shipped()
    texts = {path.stem: (path, path.read_bytes()) for path, _, _ in files}
    return Layouts({**shipped, **_parse_all(texts, known=shipped)})


def load_mapping(path: Path, *, known: Layouts | None = None) -> Layout:
    """Return the layout that a user's mapping file describes."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise LayoutError(
            "mapping_not_found",
            Text(f"打不开映射文件：{error.strerror}", f"cannot open the mapping: {error.strerror}"),
            hint=Text("请检查 --map 后面的路径", "check the path after --map"),
            place=Place(file=str(path)),
        ) from None
    return parse_layout(text, file=path.name, known=known)


def parse_layout(text: str | bytes, *, file: str, known: Mapping[str, Layout] | None = None) -> Layout:
    """Return the layout written in TOML `text`; what is wrong is said with file, place in the file and hint."""
    data = text.encode() if isinstance(text, str) else text
    document = _read_toml(data, file)
    base = document.get("based_on")
    digest = hashlib.sha256(data)
    if base is not None:
        parent = (known if known is not None else _load_shipped()).get(base)
        if parent is None:
            raise wrong(file, f"based_on 指向未知的格式 {base}", f"based_on names the unknown layout {base}")
        document = _inherit(document, parent)
        digest.update(parent.digest.encode())
    try:
        layout = msgspec.convert({**document, "digest": digest.hexdigest()}, Layout)
    except msgspec.ValidationError as error:
        raise wrong(file, f"内容不合要求：{error}", f"not a layout: {error}") from None
    check(layout, file)
    return layout


@lru_cache(maxsize=1)
def _load_shipped() -> Layouts:
    texts = {path.stem: (path, path.read_bytes()) for path in sorted(_SHIPPED.glob("*.toml"))}
    return Layouts(_parse_all(texts, known={}))


def _parse_all(texts: Mapping[str, tuple[Path, bytes]], *, known: Mapping[str, Layout]) -> dict[str, Layout]:
    parsed: dict[str, Layout] = {}
    waiting = dict(texts)
    while waiting:
        ready = {key: value for key, value in waiting.items() if _base_of(value[1]) not in waiting.keys() - {key}}
        for key, (path, text) in (ready or waiting).items():
            layout = parse_layout(text, file=path.name, known={**known, **parsed})
            if layout.key != key:
                raise wrong(path.name, f"key 应为 {key}", f"the key must be {key}, the name of the file")
            parsed[key] = layout
        waiting = {key: value for key, value in waiting.items() if key not in parsed}
    return parsed


def _base_of(text: bytes) -> str | None:
    found = re.search(rb'(?m)^based_on\s*=\s*"([^"]+)"', text)
    return found[1].decode() if found else None


def _read_toml(data: bytes, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise wrong(file, f"不是有效的 TOML：{error}", f"not valid TOML: {error}") from None


def _inherit(document: dict[str, Any], parent: Layout) -> dict[str, Any]:
    inherited = msgspec.to_builtins(parent)
    merged = {**inherited, **document}
    for name in _INHERITED_TABLES:
        if name in document:
            own = {entry.get("name") for entry in document[name]}
            merged[name] = [*(entry for entry in inherited[name] if entry["name"] not in own), *document[name]]
    return merged
