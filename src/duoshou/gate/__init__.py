"""The door of the web app and of the REST API: who asks, what may they, and a workbench for as long as they ask."""

from duoshou.gate.errors import (
    Refused,
    bad_value,
    forged,
    needs_a_session,
    no_right,
    not_found,
    not_signed_in,
    too_large,
)
from duoshou.gate.house import House
from duoshou.gate.origin import client_of, is_secure
from duoshou.gate.visitor import (
    CSRF_FIELD,
    CSRF_HEADER,
    LANGUAGE_COOKIE,
    SAFE_METHODS,
    SESSION_COOKIE,
    START_CODE_VARIABLE,
    THEME_COOKIE,
    Visitor,
    bearer,
    day_given,
    house_of,
    language_of,
    needs,
)

__all__ = [
    "CSRF_FIELD",
    "CSRF_HEADER",
    "LANGUAGE_COOKIE",
    "SAFE_METHODS",
    "SESSION_COOKIE",
    "START_CODE_VARIABLE",
    "THEME_COOKIE",
    "House",
    "Refused",
    "Visitor",
    "bad_value",
    "bearer",
    "client_of",
    "day_given",
    "forged",
    "house_of",
    "is_secure",
    "language_of",
    "needs",
    "needs_a_session",
    "no_right",
    "not_found",
    "not_signed_in",
    "too_large",
]
