"""Files in the body of a request, which is read only once it is known who sends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import IO, TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from duoshou.gate.errors import Refused
from duoshou.model import Text

Taken = TypeVar("Taken")
FILES = "files"
MOST_FILES = 500

MULTIPART = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FILES],
                    "properties": {FILES: {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            }
        },
    }
}
"""How OpenAPI describes such a body (`openapi_extra` of a route without body parameters)."""


async def uploaded(request: Request, take: Callable[[Sequence[tuple[str, IO[bytes]]]], Taken]) -> Taken:
    """Hand the files of a form to `take`, in another thread, and return what it says.

    Args:
        request: A request whose sender is known already.
        take: Called with name and content of each file, which are gone afterwards.

    Raises:
        Refused: If there is no file, or too many.
    """
    async with request.form(max_files=MOST_FILES) as form:
        files = [one for one in form.getlist(FILES) if isinstance(one, UploadFile) and one.filename]
        if not files:
            raise Refused(
                "no_file",
                Text("没有收到文件", "no file was sent"),
                status=422,
                hint=Text("先选择文件再点上传", f"send them as multipart/form-data in the field {FILES!r}"),
            )
        return await run_in_threadpool(take, [(one.filename or "", one.file) for one in files])
