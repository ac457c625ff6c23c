"""The REST API: the JSON twins of the pages, under `/api/v1`. No logic of its own."""

from duoshou.api.router import API_PREFIX, api_router

__all__ = ["API_PREFIX", "api_router"]
