"""From a signal to a finding: the words are data (`wording.toml`)."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from duoshou.model import (
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Language,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
)
from duoshou.settings import Settings
from duoshou.warehouse.checks.daily import BY_KEY, export_of
from duoshou.warehouse.checks.signals import Signal


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message in both languages."""

    zh: str
    en: str


class _Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of fault is told."""

    headline: _Words
    action: _Words
    why: _Words
    caveat: _Words
    title: _Words
    caveat_if_certain: bool = True


@cache
def stories() -> dict[str, _Story]:
    """Return kind → how it is told."""
    text = files(__package__).joinpath("wording.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, _Story])


def tell(signal: Signal, settings: Settings, platform: str, detected_on: date) -> Finding:
    """Return the finding that tells a person of a signal; `platform` decides which menus are named."""
    story = stories()[signal.kind]
    name = next((shop.title for shop in settings.shops if shop.key == signal.shop), signal.shop)
    identity = "/".join(part for part in (signal.shop, signal.source, signal.mark) if part)
    source = BY_KEY[signal.source].title
    return Finding(
        kind=signal.kind,
        subject=Subject("data", identity, f"{name} · {source.zh}"),
        period=Period(signal.days[0], signal.days[-1]),
        detected_on=detected_on,
        headline=_filled(story.headline, signal, platform),
        confidence=signal.confidence,
        evidence=(
            Evidence("rows", EvidenceType.TABLE, _filled(story.title, signal, platform), signal.columns, signal.rows),
        ),
        recommendations=(
            Recommendation(
                _filled(story.action, signal, platform),
                Role.OPERATOR,
                _filled(story.why, signal, platform),
                effort="minutes",
            ),
        ),
        caveats=(_filled(story.caveat, signal, platform),) if _is_open(story, signal) else (),
    )


def _is_open(story: _Story, signal: Signal) -> bool:
    return story.caveat_if_certain or signal.confidence is not Confidence.CERTAIN


def _filled(words: _Words, signal: Signal, platform: str) -> Text:
    chinese = words.zh.format_map(_facts(signal, platform, "zh"))
    english = words.en.format_map(_facts(signal, platform, "en"))
    # A full-width bracket brings its own space.
    return Text(chinese.replace("） ", "）").replace(" （", "（"), english[:1].upper() + english[1:])


def _facts(signal: Signal, platform: str, language: Language) -> dict[str, str]:
    source = BY_KEY[signal.source]
    facts = {name: _worded(value, language) for name, value in signal.facts.items()}
    return facts | {
        "source": source.title.in_language(language),
        "export": export_of(source, platform).in_language(language),
        "period": _period(signal.days, language),
    }


def _worded(value: object, language: Language) -> str:
    if isinstance(value, float):
        return f"{value:.3g}" if value < 100 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, str) and value in BY_KEY:
        return BY_KEY[value].title.in_language(language)
    return str(value)


def _period(days: tuple[date, ...], language: Language) -> str:
    first, last = days[0], days[-1]
    if first == last:
        return first.isoformat()
    number = len(days)
    whole = (last - first).days + 1 == number
    if language == "zh":
        return f"{first} 至 {last}（{'共' if whole else '其中'} {number} 天）"
    return f"{first} to {last} ({number} days{'' if whole else ' of them'})"
