"""From where a request comes: directly, or through a proxy on this computer that is named in `server.url`."""

from __future__ import annotations

import ipaddress

from fastapi import Request

from duoshou.gate.house import House
from duoshou.settings.hosts import host_name, is_loopback


def client_of(request: Request, house: House) -> str:
    """Return the address of whoever asks, by which failed attempts are counted.

    What a proxy says is believed only where it runs on this computer and was asked under the name in `server.url`; the
    last address that it adds is the one that it saw itself.
    """
    peer = request.client.host if request.client else "-"
    if not _is_proxied(request, house):
        return peer
    named = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(named))
    except ValueError:
        return peer


def is_secure(request: Request, house: House) -> bool:
    """Return whether the browser speaks HTTPS, to this server or to its proxy."""
    return request.url.scheme == "https" or (
        _is_proxied(request, house) and house.settings.server.url.startswith("https://")
    )


def _is_proxied(request: Request, house: House) -> bool:
    name = host_name(house.settings.server.url)
    peer = request.client.host if request.client else ""
    asked = host_name(request.headers.get("host", ""))
    return bool(name) and not is_loopback(name) and asked == name and is_loopback(peer)
