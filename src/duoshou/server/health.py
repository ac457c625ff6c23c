"""Whether the server can do its work, for whoever watches it; it tells nothing about the shop."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlalchemy import text
from starlette.responses import JSONResponse

from duoshou import __version__
from duoshou.gate import house_of
from duoshou.model import DuoshouError

router = APIRouter(include_in_schema=False)


@router.get("/health")
def health(request: Request) -> JSONResponse:
    """Return 200 while the warehouse and the state can be read, else 503 and which of them cannot."""
    house = house_of(request)
    checks = {"state": _state_answers(request)}
    try:
        with house.bench() as bench:
            bench.store.snapshot()
        checks["warehouse"] = True
    except (DuoshouError, OSError):
        checks["warehouse"] = False
    well = all(checks.values())
    body = {"status": "ok" if well else "failing", "version": __version__, "checks": checks}
    return JSONResponse(body, status_code=200 if well else 503)


def _state_answers(request: Request) -> bool:
    try:
        with house_of(request).state.reading() as session:
            session.execute(text("SELECT 1"))
    except DuoshouError:
        return False
    return True
