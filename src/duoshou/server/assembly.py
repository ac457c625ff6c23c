"""The faces put together: pages, REST API, assets, health; headers and errors alike for all."""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import duckdb
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, Response

from duoshou import __version__
from duoshou.access import SignInRefused, TooManyAttempts
from duoshou.api import API_PREFIX, api_router
from duoshou.app.editing import SettingsChanged
from duoshou.app.jobs import JobRunning
from duoshou.app.missing import NotThere
from duoshou.app.pages.notices import NotYours
from duoshou.app.schedule.starting import schedule_of
from duoshou.gate import House, Refused, language_of
from duoshou.loop.errors import TaskTaken, UnknownChange, UnknownEffect, UnknownNotice, UnknownTask, UnknownTrial
from duoshou.model import DuoshouError, Text
from duoshou.server import health
from duoshou.server.guard import Guard
from duoshou.settings.hosts import host_name, is_loopback
from duoshou.state import RefusedDecision, StateError, UnknownFinding
from duoshou.warehouse import UnknownBatch, UnknownEntry, WarehouseLocked
from duoshou.web import assets_router, error_page, pages_router, redirect_to_sign_in

WORKSPACE_VARIABLE = "DUOSHOU_WORKSPACE"
JOBS_VARIABLE = "DUOSHOU_JOBS"
LOCAL_VARIABLE = "DUOSHOU_LOCAL"
"""Holds 1 where the server listens at this computer alone."""
LARGEST_UPLOAD_MIB = 2048
GZIP_FROM_BYTES = 1000
STATUSES: tuple[tuple[type[DuoshouError], int], ...] = (
    (SignInRefused, 401),
    (TooManyAttempts, 429),
    (JobRunning, 409),
    (SettingsChanged, 409),
    (UnknownFinding, 404),
    (UnknownTask, 404),
    (UnknownChange, 404),
    (UnknownNotice, 404),
    (UnknownEffect, 404),
    (UnknownTrial, 404),
    (TaskTaken, 409),
    (NotYours, 403),
    (UnknownEntry, 404),
    (UnknownBatch, 404),
    (NotThere, 404),
    (WarehouseLocked, 503),
    (RefusedDecision, 422),
    (StateError, 503),
)
"""Kinds of errors with a status of their own, the special before the general; any other is 422."""

log = logging.getLogger("duoshou.server")


def create_app(directory: Path | None = None) -> FastAPI:
    """Return the app over the workspace at `directory`, or the one that the environment names.

    Raises:
        WorkspaceError: If there is none.
        SettingsError: If its settings cannot be used.
        StateError: If the database of findings and people cannot be opened.
    """
    named = os.environ.get(WORKSPACE_VARIABLE)
    house = House(directory or (Path(named) if named else None))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        schedule = None
        if os.environ.get(JOBS_VARIABLE) == "1":
            schedule = schedule_of(house.workspace, lambda: house.settings, house.bench, house.jobs, house.state)
            schedule.start()
        try:
            yield
        finally:
            if schedule is not None:
                schedule.stop()
            house.close()

    app = FastAPI(
        title="Duoshou 舵手",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API_PREFIX}/openapi.json",
        lifespan=lifespan,
    )
    app.state.house = house
    app.include_router(health.router)
    app.include_router(assets_router())
    app.include_router(api_router())
    app.include_router(pages_router())
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_FROM_BYTES)
    app.add_middleware(Guard, largest_upload_mib=LARGEST_UPLOAD_MIB, is_ours=lambda name: _is_ours(house, name))
    app.add_exception_handler(DuoshouError, _told)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _plain_refusal)
    app.add_exception_handler(duckdb.OutOfMemoryException, _too_much)
    app.add_exception_handler(Exception, _fault)
    return app


def _is_ours(house: House, name: str) -> bool:
    """Return whether the server may be asked under a name: at this computer alone its own and that in `server.url`."""
    if os.environ.get(LOCAL_VARIABLE) != "1" or is_loopback(name):
        return True
    return bool(name) and name == host_name(house.settings.server.url)


def status_of(error: DuoshouError) -> int:
    """Return the HTTP status of an error that a person can mend."""
    if isinstance(error, Refused):
        return error.status
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 422)


def _told(request: Request, error: Exception) -> Response:
    told = cast("DuoshouError", error)
    return _answer(request, told, status_of(told))


def _not_understood(request: Request, error: Exception) -> Response:
    problems = cast("RequestValidationError", error).errors()
    where = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in problems[:3])
    message = Text(f"请求里有看不懂的值：{where}", f"the request holds a value that cannot be meant: {where}")
    return _answer(request, DuoshouError("bad_request", message), 422)


def _plain_refusal(request: Request, error: Exception) -> Response:
    refusal = cast("HTTPException", error)
    texts = {
        404: Text("没有这个页面", "there is no such page"),
        405: Text("这个地址不接受这种请求", "this address does not take such a request"),
    }
    message = texts.get(refusal.status_code, Text(str(refusal.detail), str(refusal.detail)))
    return _answer(request, DuoshouError(f"http_{refusal.status_code}", message), refusal.status_code)


def _too_much(request: Request, error: Exception) -> Response:
    log.warning("out of memory on %s: %s", request.url.path, str(error).splitlines()[0])
    refusal = DuoshouError(
        "too_much_memory",
        Text("回答这个问题需要的内存超过上限", "the answer needs more memory than is allowed"),
        hint=Text(
            "缩短时间，或在 duoshou.toml 的 [engine] memory_limit 里调高上限",
            "ask about fewer days, or raise memory_limit under [engine] in duoshou.toml",
        ),
    )
    return _answer(request, refusal, 503)


def _fault(request: Request, error: Exception) -> Response:
    number = uuid.uuid4().hex[:8]
    log.error("fault %s on %s %s", number, request.method, request.url.path, exc_info=error)
    message = Text(
        f"程序出错了（编号 {number}），已记入日志", f"the program failed (number {number}); it is in the log"
    )
    return _answer(request, DuoshouError("internal", message), 500)


def _answer(request: Request, error: DuoshouError, status: int) -> Response:
    """Return an error in the one shape: JSON for the API, a page for a browser, the sign-in page for a stranger."""
    house = cast("House", request.app.state.house)
    headers = error.headers if isinstance(error, Refused) else {}
    if request.url.path.startswith(API_PREFIX):
        body = {"error": error.to_dict(language_of(request, house))}
        return JSONResponse(body, status_code=status, headers=headers)
    if status == 401 and request.method == "GET":
        return redirect_to_sign_in(request)
    return error_page(request, error, status)
