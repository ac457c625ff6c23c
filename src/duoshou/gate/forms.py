"""The fields of a form whose names the page itself has made."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from duoshou.app.editing import SettingsChanged
from duoshou.gate.errors import bad_value
from duoshou.model import DuoshouError, Text

LONGEST_FIELD = 4000


async def _fields(request: Request) -> dict[str, str]:
    """Return the fields of a form; of several with one name the last.

    Raises:
        Refused: If a field is too long.
    """
    form = await request.form()
    found = {name: value for name, value in form.items() if isinstance(value, str)}
    for name, value in found.items():
        if len(value) > LONGEST_FIELD:
            raise bad_value(name, value, Text(f"最多 {LONGEST_FIELD} 个字", f"at most {LONGEST_FIELD} characters"))
    return found


Form = Annotated[dict[str, str], Depends(_fields)]
"""A parameter of a route that reads a form."""


def refusal(error: DuoshouError | None) -> int:
    """Return the status of a page that shows its form again."""
    return 200 if error is None else 409 if isinstance(error, SettingsChanged) else 422
