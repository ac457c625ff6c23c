"""Files that somebody sends to the server: which names are taken, and where they lie."""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from duoshou.app.imports import LEFTOVERS, UNFINISHED
from duoshou.model import DuoshouError, Place, Text

MOST_BYTES = 180
"""Of a name in UTF-8: file systems take 255, and a copy gets a longer one."""
MOST_COPIES = 1000
PREFIX = "web-"
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_ALLOWED_FORMAT = frozenset("\u200c\u200d")


class NameRefused(DuoshouError):
    """A file name that is not taken."""

    def __init__(self, name: str, why: Text) -> None:
        shown = "".join(char if char.isprintable() else "\ufffd" for char in name[:80])
        super().__init__(
            "file_name_refused",
            Text(f"文件名“{shown}”不能用：{why.zh}", f"the file name {shown!r} cannot be used: {why.en}"),
            hint=Text("改个名字再上传", "rename the file and send it again"),
            place=Place(file=shown),
        )


def checked_name(given: str) -> str:
    """Return the name under which a file is kept, from the name that a browser gave.

    Only what follows the last slash of either kind counts. Marks that some file system does not take become `_`.

    Raises:
        NameRefused: If it is empty, hidden, unfinished, reserved or too long, or holds characters that nobody sees.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs") and char not in _ALLOWED_FORMAT for char in name):
        raise NameRefused(name, Text("含有看不见的控制字符", "it holds control characters"))
    name = _NOT_IN_NAMES.sub("_", name).rstrip(". ").lstrip()
    if not name or name.startswith(LEFTOVERS):
        raise NameRefused(given, Text("为空或是隐藏文件", "it is empty, or that of a hidden file"))
    if Path(name).suffix.lower() in UNFINISHED:
        raise NameRefused(name, Text("是没有下载完的文件", "it is that of an unfinished download"))
    if _RESERVED.fullmatch(name):
        raise NameRefused(name, Text("是系统保留的名字", "the system reserves it"))
    if len(name.encode()) > MOST_BYTES:
        raise NameRefused(name, Text(f"超过 {MOST_BYTES} 字节", f"it is longer than {MOST_BYTES} bytes"))
    return name


def take_in(parent: Path, files: Sequence[tuple[str, IO[bytes]]]) -> list[Path]:
    """Write files into a folder of their own within `parent` and return where they lie; all of them or none.

    A name is evidence of what a file holds, so it is kept: files that were sent before lie in other folders, and of
    several with one name the later get a number.

    Args:
        parent: The inbox, or any other folder.
        files: Name as given, and content.

    Raises:
        NameRefused: If one of the names is not taken.
        DuoshouError: If the files cannot be written.
    """
    names = _different([checked_name(given) for given, _ in files])
    folder = parent / f"{PREFIX}{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    try:
        folder.mkdir(parents=True)
        return [_written(folder, name, content) for name, (_, content) in zip(names, files, strict=True)]
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        reason = error.strerror or str(error)
        raise DuoshouError(
            "upload_unwritable",
            Text(f"上传的文件存不下来：{reason}", f"the files cannot be stored: {reason}"),
            hint=Text("检查磁盘空间和工作区的权限", "check the free space and the rights of the workspace"),
        ) from None


def clear_away(files: Sequence[Path]) -> None:
    """Remove the folders that `take_in` made for files, where no file is left in them."""
    for folder in {path.parent for path in files if path.parent.name.startswith(PREFIX)}:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _different(names: Sequence[str]) -> list[str]:
    """Return names that differ, also where capitals do not count."""
    found: dict[str, str] = {}
    for name in names:
        path, chosen = Path(name), name
        for number in range(2, MOST_COPIES):
            if chosen.casefold() not in found:
                break
            chosen = f"{path.stem}-{number}{path.suffix}"
        found[chosen.casefold()] = chosen
    return list(found.values())


def _written(folder: Path, name: str, content: IO[bytes]) -> Path:
    """Write one file; while it is not whole, its name says so."""
    part = folder / f".{secrets.token_hex(4)}.part"
    with part.open("xb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
    return part.rename(folder / name)
