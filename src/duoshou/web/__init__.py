"""The pages. A page is one module in `pages/`, one template, and one typed context from `duoshou.app.pages`."""

from duoshou.web.assets import assets_router
from duoshou.web.rendering import error_page, redirect_to_sign_in
from duoshou.web.router import pages_router

__all__ = ["assets_router", "error_page", "pages_router", "redirect_to_sign_in"]
