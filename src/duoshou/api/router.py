"""Every module of `duoshou.api.routes` under one prefix."""

from __future__ import annotations

import importlib
import pkgutil

from fastapi import APIRouter

from duoshou.api import routes

API_PREFIX = "/api/v1"


def api_router() -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter(prefix=API_PREFIX)
    for found in sorted(pkgutil.iter_modules(routes.__path__), key=lambda one: one.name):
        router.include_router(importlib.import_module(f"{routes.__name__}.{found.name}").router)
    return router
