"""Files that are sent for keeping."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv; charset=utf-8"


def download(content: bytes, media_type: str, name: str, plain_name: str) -> Response:
    """Return a file under a name of any script (RFC 6266, RFC 5987), and an ASCII one for old programs."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition(name, plain_name)})


def disposition(name: str, plain_name: str) -> str:
    """Return the value of Content-Disposition for a name of any script and one of ASCII."""
    ascii_name = "".join(
        char if char.isascii() and char.isprintable() and char not in '"\\;%' else "_" for char in plain_name
    )
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
