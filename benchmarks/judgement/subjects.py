"""Where a finding and an incident lie, in the same words.

A place is a mapping of subject type → id. A finding's subject may be one place (`product`, `610…`) or a cell of several
(type `cell`, id `product=610…|device=wireless`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from benchmarks.judgement.kinds import kinds

Place = Mapping[str, str]
SEPARATORS = re.compile(r"[|;,&]")
LEVELS = re.compile(r"\s*[/>]\s*")
SUFFIX = re.compile(r"(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$")
WHOLE = "shop"


def place_of(type_: str, identity: str) -> dict[str, str]:
    """Return the place of a subject."""
    parts = (
        [part.partition("=") for part in SEPARATORS.split(identity)] if "=" in identity else [(type_, "=", identity)]
    )
    typed = [(kinds().types.get(name.strip(), name.strip()), value.strip()) for name, _, value in parts]
    return {name: plain_id(name, value) for name, value in typed}


def plain_id(type_: str, identity: str) -> str:
    """Return an id as the truth writes it."""
    if type_ == WHOLE:
        return ""
    if type_ == "data":
        return identity
    last = LEVELS.split(identity.strip())[-1]
    if type_ == "region":
        return SUFFIX.sub("", last)
    if type_ == "agent":
        return last.rpartition(":")[2]  # a sub-account is written with its shop: 店铺:客服
    aliases = kinds().aliases.get(type_, {})
    return next((key for key, names in aliases.items() if last in names), last)


def is_at(place: Place, incident: Mapping[str, Any]) -> bool:
    """Return whether a finding lies at the incident's place.

    One accepted type must agree, and nothing that both name may differ.
    """
    kind = kinds().kind[incident["kind"]]
    if incident["is_fault"]:
        return _is_of_file(place.get("data", ""), incident["parameters"].get("file", ""))
    named: Mapping[str, str] = incident["names"]
    if any(type_ in named and named[type_] != identity for type_, identity in place.items()):
        return False
    return any(type_ in place and _is_accepted(type_, place[type_], kind.names, named) for type_ in kind.places)


def _is_accepted(type_: str, identity: str, known: Mapping[str, tuple[str, ...]], named: Mapping[str, str]) -> bool:
    if type_ == WHOLE:
        return True
    return identity == named.get(type_) or identity in known.get(type_, ())


def _is_of_file(identity: str, file: str) -> bool:
    return not set(identity.split("/")).isdisjoint(kinds().files.get(file, ()))
