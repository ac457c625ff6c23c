"""Every module of `duoshou.web.pages`."""

from __future__ import annotations

import importlib
import pkgutil

from fastapi import APIRouter

from duoshou.web import pages


def pages_router() -> APIRouter:
    """Return the routes of all pages."""
    router = APIRouter(include_in_schema=False)
    for found in sorted(pkgutil.iter_modules(pages.__path__), key=lambda one: one.name):
        router.include_router(importlib.import_module(f"{pages.__name__}.{found.name}").router)
    return router
