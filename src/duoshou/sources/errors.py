"""What can go wrong between an export file and typed rows; everything a user can mend is a `SourceError`."""

from __future__ import annotations

from collections.abc import Sequence

from duoshou.model import DuoshouError, Place, Text


class SourceError(DuoshouError):
    """A file, or a description of a file, that cannot be read as it is."""


class UnreadableFile(SourceError):
    """A file that no reader can open: empty, encrypted, truncated, a web page, a bomb."""


class LayoutError(SourceError):
    """A layout or mapping (TOML) that says something impossible."""


class UnknownLayout(SourceError):
    """A table that no layout describes.

    Attributes:
        nearest: Key of the layout that comes closest, if any has a column in common.
        missing: Columns that the nearest layout needs and the table lacks.
        extra: Columns that the nearest layout does not know.
    """

    def __init__(
        self, place: Place, *, nearest: str | None, title: Text | None, missing: Sequence[str], extra: Sequence[str]
    ) -> None:
        self.nearest = nearest
        self.missing = tuple(missing)
        self.extra = tuple(extra)
        super().__init__(
            "unknown_layout", _unknown_message(title, nearest, self.missing, self.extra), place=place, hint=_HINT
        )


_HINT = Text(
    "如果这是一种新的报表，请运行 duoshou map 文件 起草一份映射，改好后用 duoshou import 文件 --map 映射.toml 导入",
    "for a table of a new kind, draft a mapping with `duoshou map FILE`, correct it, then `duoshou "
    "import FILE --map MAP.toml`",
)


def _unknown_message(title: Text | None, nearest: str | None, missing: tuple[str, ...], extra: tuple[str, ...]) -> Text:
    if nearest is None or title is None:
        return Text("认不出这是哪种报表：前 15 行里没有已知的表头", "no known header in the first 15 rows")
    zh = f"认不出这是哪种报表；最接近「{title.zh}」（{nearest}）"
    en = f"no layout describes this table; the nearest is “{title.en}” ({nearest})"
    if missing:
        zh, en = f"{zh}，缺少列：{_some(missing, '、')}", f"{en}, missing columns: {_some(missing, ', ')}"
    if extra:
        zh, en = f"{zh}，多出的列：{_some(extra, '、')}", f"{en}, extra columns: {_some(extra, ', ')}"
    return Text(zh, en)


def _some(names: tuple[str, ...], separator: str) -> str:
    shown = separator.join(name[:40] for name in names[:8])
    return f"{shown} … ({len(names)})" if len(names) > 8 else shown


def unreadable(
    code: str, zh: str, en: str, *, file: str, sheet: str | None = None, hint: Text | None = None
) -> UnreadableFile:
    """Return the error for a file that cannot be opened, with a hint for the person who has it in hand."""
    general = Text("请从平台重新导出这份文件再试", "export the file from the platform again and retry")
    return UnreadableFile(code, Text(zh, en), hint=hint or general, place=Place(file=file, sheet=sheet))
