"""A layout as data: how one kind of export file is recognised, typed and mapped to canonical tables."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from duoshou.model import Text
from duoshou.sources.headers import normalise_header

FieldType = Literal["id", "text", "integer", "money", "price", "rate", "instant", "day", "period", "duration", "status"]
Personal = Literal["buyer", "referrer", "address", "drop"]
DateOrder = Literal["ymd", "mdy", "dmy", "md"]
Cadence = Literal["daily", "weekly", "monthly", "occasional"]
IN_HEADER = "header"
"""As currency of a layout: the ISO code stands in the brackets of a header."""


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase in both languages, as written in TOML."""

    zh: str
    en: str

    def as_text(self) -> Text:
        """Return the phrase as the model's `Text`."""
        return Text(self.zh, self.en)


class Recognition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Evidence that a table is of this layout.

    Attributes:
        required: Headers that must all be present (any spelling of the field that lists the header will do).
        distinctive: Headers that raise the score of this layout above its relatives.
        absent: Headers that rule this layout out.
        file_name: Regular expression, searched in the file's name; groups `exported`, `day`, `from`, `to` are read.
        sheet: Regular expression that the sheet's name must match.
        encodings: Encodings to try for text, most likely first.
        header_rows: Rows of the header; of several, the upper ones are group names, and a column is called
            `group-field`.
        explanation_rows: Most rows between header and data that explain the columns.
    """

    required: tuple[str, ...]
    distinctive: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    file_name: str | None = None
    sheet: str | None = None
    encodings: tuple[str, ...] = ("utf-8", "gb18030", "utf-16")
    header_rows: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    explanation_rows: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0


class LayoutField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of the file.

    Attributes:
        name: Word used in expressions.
        header: Spellings of the column's header, any of which may occur; one that ends with `(*)` takes any brackets.
        type: How a cell is read.
        required: Whether a row without a value here is rejected.
        personal: What keeps the person out of the archive: `buyer` and `referrer` are hashed, `address` gives province
            and city, `drop` is never kept.
        dates: Order of day and month where the text alone cannot tell; `md` is a date without a year.
        after: Header to whose right the column stands, where headers repeat.
        part: Which piece of the cell counts, from 1, where it holds several between `separator`.
        separator: Mark between the pieces.
        fill_down: Whether an empty cell has the value of the nearest filled cell above.
        pattern: Regular expression whose first group is the value, where the cell matches it.
        values: Texts that stand for the words of the file.
        contact_free: Whether a cell that holds contact data is left out: free text in which people write.
    """

    name: str
    header: tuple[str, ...]
    type: FieldType = "text"
    required: bool = False
    personal: Personal | None = None
    dates: DateOrder | None = None
    after: str | None = None
    part: Annotated[int, msgspec.Meta(ge=1)] | None = None
    separator: str | None = None
    fill_down: bool = False
    pattern: str | None = None
    values: dict[str, str] = msgspec.field(default_factory=dict)
    contact_free: bool = False


class TotalRows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows that sum others: `words` in any of `fields` mark them; `compare` are the fields whose sums must agree.

    A field of `named_by` may hold such a word as a name (a campaign called Total): it does where one of the fields that
    stand there, ids or finer names that no row of sums has, is filled. A field of `by_sum` may, too, where no id tells:
    it does where a figure of `compare` falls short of the sum of the rows that agree with it in all else it says.
    """

    fields: tuple[str, ...]
    words: tuple[str, ...] = ("合计", "总计", "汇总", "总和", "小计", "Total", "Totals", "Grand Total")
    compare: tuple[str, ...] = ()
    named_by: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    by_sum: tuple[str, ...] = ()


class TableMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one canonical table receives: DuckDB SQL expressions over the layout's fields."""

    name: str
    columns: dict[str, str]
    where: str | None = None
    group: tuple[str, ...] = ()


class RejectRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows that cannot be used as they are: `when` is a condition over the fields, `message` says why.

    With `keeps_row` it is a warning: the row is used, and the tables leave out what is wrong.
    """

    when: str
    code: str
    message: Wording
    keeps_row: bool = False


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of export file.

    Attributes:
        key: Stable name, also the file's name.
        platform: Word for the platform, stored in every row.
        title: What the file is.
        menu: Where a user fetches it.
        based_on: Key of the layout whose parts are taken where this one says nothing.
        currency: ISO 4217 code when the file has only one, `header` when a header names it; else the workspace's.
        cadence: How often a shop should fetch the file.
        timezone: Zone of the file's local times when it is not the shop's.
        dates: Order of day and month where the text alone cannot tell (`6/7/26`).
        keep: Further headers that go to the archive unread.
        drop: Further headers that never go to the archive (personal, free text).
        reject: Rows that are refused with a message of their own.
        table: What the canonical tables receive; none in a layout that is known but not used yet.
        digest: SHA-256 of the TOML text, with that of the layout it is based on.
    """

    key: str
    platform: str
    title: Wording
    recognise: Recognition
    menu: Wording | None = None
    based_on: str | None = None
    currency: str | None = None
    timezone: str | None = None
    dates: DateOrder = "ymd"
    cadence: Cadence = "occasional"
    field: tuple[LayoutField, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    status: dict[str, str] = msgspec.field(default_factory=dict)
    totals: TotalRows | None = None
    reject: tuple[RejectRule, ...] = ()
    table: tuple[TableMapping, ...] = ()
    digest: str = ""

    @property
    def fixed_currency(self) -> str | None:
        """Currency of every file of this layout, None when file or workspace say it."""
        return None if self.currency == IN_HEADER else self.currency

    def spellings(self) -> dict[str, LayoutField]:
        """Return the field of every normalised header that the layout reads."""
        return {normalise_header(spelling): field for field in self.field for spelling in field.header}
