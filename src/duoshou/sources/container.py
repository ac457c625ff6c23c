"""What a file really is, by its bytes: text, gzip, workbook or an archive of these. Names and extensions are not
believed.
"""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from duoshou.model import Text
from duoshou.sources.errors import UnreadableFile, unreadable

CHUNK = 1 << 20
MAX_MEMBERS = 10_000
MAX_RATIO = 250
MAX_TEXT = 64 << 30
MAX_WORKBOOK = 3 << 30
MAX_PAGE = 1 << 30
_UTF8_NAME = 0x800
_RATIO_FROM = 64 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"SQLite format": "SQLite",
    b"PAR1": "Parquet",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
}


Kind = Literal["text", "workbook", "page"]
_PAGE = re.compile(
    rb"<(!doctype|!--|\?xml|html|head|body|meta|title|link|style|script|table|thead|tbody|tr|div|form|center|font|span|p)"
    rb"[\s>/-]"
)


@dataclass(frozen=True)
class Content:
    """One readable thing: the file itself, or a member of an archive.

    Attributes:
        path: The file on disk.
        kind: Delimited text, a workbook, or a web page.
        packing: How the bytes are packed.
        member: Name within the archive, as its directory has it.
        label: That name as it was meant, for people.
    """

    path: Path
    kind: Kind
    packing: Literal["none", "gzip", "zip"] = "none"
    member: str | None = None
    label: str | None = None

    def chunks(self) -> Iterator[bytes]:
        """Yield the unpacked bytes; a bomb, a cut or a damaged archive is an `UnreadableFile`."""
        try:
            with _opened(self) as stream:
                yield from _guarded(stream, self)
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise _damaged(self.path.name, self.label, error) from None
        except OSError as error:
            raise _cannot_open(self.path, error) from None

    def head(self, size: int) -> bytes:
        """Return at most the first `size` unpacked bytes."""
        data = bytearray()
        for chunk in self.chunks():
            data += chunk
            if len(data) >= size:
                break
        return bytes(data[:size])

    def whole(self) -> bytes:
        """Return all unpacked bytes: a workbook is read from memory, since its reader would believe the extension."""
        return b"".join(self.chunks())


def contents(path: Path) -> list[Content]:
    """Return what can be read in a file.

    Raises:
        UnreadableFile: If the file is missing, empty, encrypted, a bomb, or of a foreign kind.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(8192)
    except OSError as error:
        raise _cannot_open(path, error) from None
    if not head:
        raise unreadable("empty_file", "文件是空的", "the file is empty", file=path.name)
    if head.startswith(b"PK"):
        return _zip_contents(path)
    if head.startswith(b"\x1f\x8b"):
        kind = _kind(Content(path, "text", "gzip").head(8192), path.name, None)
        return [Content(path, kind, "gzip")]
    kind = _kind(head, path.name, None)
    if kind == "workbook":
        _require_open_ole(path)
    return [Content(path, kind)]


def _kind(head: bytes, file: str, member: str | None) -> Kind:
    if head.startswith(_OLE):
        return "workbook"
    _require_text(head, file, member)
    return "page" if _PAGE.match(_plain(head).lstrip(b" \t\r\n").lower()) else "text"


def _plain(head: bytes) -> bytes:
    """Return the beginning of a head as one byte a character, without a mark of its encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or looks_utf16(head):
        return head[:1024].replace(b"\0", b"").lstrip(b"\xff\xfe")
    return head[:512].removeprefix(b"\xef\xbb\xbf")


def _require_text(head: bytes, file: str, member: str | None) -> None:
    for magic, name in _FOREIGN.items():
        if head.startswith(magic):
            raise unreadable(
                "foreign_file",
                f"这是 {name} 文件，不是报表",
                f"this is a {name} file, not a table",
                file=file,
                sheet=member,
            )
    if _is_binary(head):
        raise unreadable(
            "not_a_table",
            "文件内容不是文本也不是工作簿，可能已损坏",
            "neither text nor a workbook; it may be damaged",
            file=file,
            sheet=member,
        )


def _is_binary(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    if head.count(0) > len(head) // 50 and not looks_utf16(head):
        return True
    return sum(byte < 32 and byte not in b"\t\n\r\f\x00" for byte in head[:2048]) > max(8, len(head[:2048]) // 20)


def looks_utf16(head: bytes) -> bool:
    """Return whether unmarked bytes look like UTF-16: zeros on one parity only, and often."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    return max(even, odd) > 8 * min(even, odd) and max(even, odd) > len(head) // 40 and max(even, odd) > 1


def _zip_contents(path: Path) -> list[Content]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _require_harmless(members, path)
            if any(
                member.filename == "[Content_Types].xml" or member.filename.startswith(("xl/", "word/", "ppt/"))
                for member in members
            ):
                return [_office(archive, path)]
            return _archive_contents(archive, members, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError) as error:
        raise _damaged(path.name, None, error) from None


def _archive_contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], path: Path) -> list[Content]:
    found: list[Content] = []
    for member in members:
        name = member.filename
        if member.is_dir() or name.startswith("__MACOSX/") or member.file_size == 0:
            continue
        with archive.open(member) as stream:
            head = stream.read(8192)
        label = _meant_name(member)
        if head.startswith((b"PK", _OLE)):
            found.append(Content(path, "workbook", "zip", name, label))
        elif not head.startswith(tuple(_FOREIGN)):
            found.append(Content(path, _kind(head, path.name, label), "zip", name, label))
    if not found:
        raise unreadable("empty_archive", "压缩包里没有报表", "the archive holds no table", file=path.name)
    return found


def _meant_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; without the mark of UTF-8, packers wrote it in the encoding of their machine."""
    if member.flag_bits & _UTF8_NAME or member.filename.isascii():
        return member.filename
    raw = member.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return member.filename


def _office(archive: zipfile.ZipFile, path: Path) -> Content:
    names = set(archive.namelist())
    if not any(name.startswith("xl/workbook") for name in names):
        raise unreadable("foreign_file", "这不是 Excel 工作簿", "this Office file is not a workbook", file=path.name)
    for member in archive.infolist():
        with archive.open(member) as stream:
            while stream.read(CHUNK):
                pass
    return Content(path, "workbook")


def _require_harmless(members: list[zipfile.ZipInfo], path: Path) -> None:
    if any(member.flag_bits & 1 for member in members):
        hint = Text("先用密码解压，或重新导出不加密的文件", "unpack it with its password first, or export without one")
        raise unreadable(
            "password_protected", "文件有密码保护", "the file is protected by a password", file=path.name, hint=hint
        )
    unpacked = sum(member.file_size for member in members)
    packed = max(1, path.stat().st_size)
    if len(members) > MAX_MEMBERS or unpacked > MAX_TEXT or (unpacked > _RATIO_FROM and unpacked / packed > MAX_RATIO):
        raise _bomb(path.name)


def _require_open_ole(path: Path) -> None:
    data = path.read_bytes() if path.stat().st_size < 256 << 20 else b""
    if "EncryptedPackage".encode("utf-16-le") in data:
        hint = Text("在 Excel 里去掉打开密码后另存再导入", "remove the password in Excel, save and import again")
        raise unreadable(
            "password_protected",
            "工作簿有密码保护",
            "the workbook is protected by a password",
            file=path.name,
            hint=hint,
        )
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise unreadable(
            "foreign_file", "这不是 Excel 工作簿，或已损坏", "not an Excel workbook, or damaged", file=path.name
        )


def _opened(content: Content) -> IO[bytes] | gzip.GzipFile:
    if content.packing == "gzip":
        return gzip.open(content.path, "rb")
    if content.packing == "zip":
        return zipfile.ZipFile(content.path).open(content.member or "")
    return content.path.open("rb")


def _guarded(stream: IO[bytes] | gzip.GzipFile, content: Content) -> Iterator[bytes]:
    limit = {"text": MAX_TEXT, "workbook": MAX_WORKBOOK, "page": MAX_PAGE}[content.kind]
    packed = max(1, content.path.stat().st_size)
    total = 0
    while chunk := stream.read(CHUNK):
        total += len(chunk)
        if total > limit or (content.packing != "none" and total > _RATIO_FROM and total / packed > MAX_RATIO):
            raise _bomb(content.path.name)
        yield chunk


def _bomb(file: str) -> UnreadableFile:
    return unreadable(
        "too_large_unpacked", "压缩比异常，展开后过大，已拒绝读取", "unpacks to an implausible size; refused", file=file
    )


def _damaged(file: str, member: str | None, error: Exception) -> UnreadableFile:
    if "password" in str(error).lower() or "encrypted" in str(error).lower():
        return unreadable(
            "password_protected", "文件有密码保护", "the file is protected by a password", file=file, sheet=member
        )
    return unreadable(
        "damaged_archive", "压缩文件不完整或已损坏", "the packed file is incomplete or damaged", file=file, sheet=member
    )


def _cannot_open(path: Path, error: OSError) -> UnreadableFile:
    reason = error.strerror or str(error)
    hint = Text("请检查路径，并关闭正在使用它的程序", "check the path, and close the program that uses the file")
    return unreadable(
        "cannot_open", f"打不开文件：{reason}", f"cannot open the file: {reason}", file=path.name, hint=hint
    )
