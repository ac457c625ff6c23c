"""The files that a page loads, each under a name that changes with its content. To replace htmx, change this module."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

from duoshou.gate import not_found
from duoshou.model import Text

FOREVER = "public, max-age=31536000, immutable"
OWN = {"app.css": "text/css", "app.js": "text/javascript", "mark.svg": "image/svg+xml"}
HTMX = "htmx.js"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, its media type, and the address that names its content."""

    content: bytes
    media_type: str
    address: str


@cache
def assets() -> dict[str, Asset]:
    """Return name → asset."""
    folder = files("duoshou.web").joinpath("static")
    found = {name: (folder.joinpath(name).read_bytes(), kind) for name, kind in OWN.items()}
    found[HTMX] = (_htmx(), "text/javascript")
    return {name: _asset(name, content, kind) for name, (content, kind) in found.items()}


def _asset(name: str, content: bytes, kind: str) -> Asset:
    return Asset(content, kind, f"/assets/{hashlib.sha256(content).hexdigest()[:12]}/{name}")


def _htmx() -> bytes:
    """Return htmx as the package `django-htmx` carries it; nothing of that package is run."""
    spec = importlib.util.find_spec("django_htmx")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("django_htmx")
    return (Path(spec.submodule_search_locations[0]) / "static/django_htmx/htmx-2.min.js").read_bytes()


def assets_router() -> APIRouter:
    """Return the route of the assets; they hold no secret and need no session."""
    router = APIRouter(include_in_schema=False)

    @router.get("/assets/{version}/{name}")
    def asset(version: str, name: str) -> Response:
        found = assets().get(name)
        if found is None or found.address != f"/assets/{version}/{name}":
            raise not_found(Text("这个文件", "such file"))
        return Response(found.content, media_type=found.media_type, headers={"Cache-Control": FOREVER})

    return router
