"""Header texts: one normal form for comparison, unique names for columns, and words that announce a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\x00"), None)

ANY_BRACKETS = "(*)"
"""End of a spelling that takes any text in brackets: `Amount spent (*)`."""

PERSONAL_WORDS = [
    "姓名",
    "电话",
    "手机",
    "座机",
    "收货人",
    "收件人",
    "联系人",
    "联系方式",
    "地址",
    "街道",
    "邮编",
    "账号",
    "帐号",
    "账户名",
    "旺旺",
    "会员名",
    "昵称",
    "支付宝",
    "微信",
    "身份证",
    "护照",
    "邮箱",
    "电邮",
    "备注",
    "备忘",
    "留言",
    "签名",
    "发票抬头",
    "抬头",
    "运单号",
    "物流单号",
    "快递单号",
    "说明",
    "协商",
    "email",
    "e-mail",
    "phone",
    "mobile",
    "telephone",
    "address",
    "street",
    "postcode",
    "zip",
    "surname",
    "firstname",
    "lastname",
    "fullname",
    "nickname",
    "passport",
    "note",
    "notes",
    "remark",
    "comment",
    "message",
    "customer",
    "buyer",
    "recipient",
    "consignee",
    "客户姓名",
    "客户名",
    "客户id",
    "买家id",
    "用户id",
    "openid",
    "unionid",
    "qq号",
    "生日",
    "银行卡",
    "推荐人",
    "ship-to",
    "注文者",
    "購入者",
    "お届け先",
    "電話番号",
]
_PERSONAL = re.compile("|".join(map(re.escape, PERSONAL_WORDS)))
_ENGLISH_NAME = re.compile(r"(^|[^a-z])(first|last|full|user|billing|shipping|contact|customer|buyer)?[ _-]?name$")
_MEASURE = re.compile(r"(量|数|率|金额|占比|次|时长|成本|费用|花费|roi)(\(.*\))?$")
_NOT_A_PERSON = re.compile(
    r"店铺|商品|宝贝|计划|场景|单元|门店|类目|品类|主体|product|item|shop|campaign|sku|category|file"
)


@lru_cache(maxsize=1 << 15)
def normalise_header(header: str) -> str:
    """Return the form in which headers are compared: NFKC, no spaces, brackets and dashes of one kind, lower case."""
    text = unicodedata.normalize("NFKC", header.translate(_INVISIBLE)).translate(_DASHES)
    return "".join(text.split()).strip("'\"").casefold()


def unique_headers(cells: Sequence[str | None]) -> tuple[str, ...]:
    """Return column names as found but trimmed of invisible marks, with empty and repeated ones numbered.

    Repeated names count from 2 (`商家编码`, `商家编码 (2)`); comparison ignores case because the engine does.
    """
    names: list[str] = []
    taken: set[str] = set()
    for position, cell in enumerate(cells, start=1):
        base = (cell or "").translate(_INVISIBLE).strip("\r\n\t ") or f"column {position}"
        base = " ".join(base.split()) if "\n" in base or "\r" in base else base
        name, count = base, 1
        while name.casefold() in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def looks_personal(header: str) -> bool:
    """Return whether a header announces a person: a name, a phone, an address, an account or free text about one."""
    words = normalise_header(header)
    if _MEASURE.search(words):
        return False
    if _PERSONAL.search(words):
        return True
    return bool(_ENGLISH_NAME.search(words)) and not _NOT_A_PERSON.search(words)


def header_forms(header: str) -> tuple[str, ...]:
    """Return the forms under which a layout may name a header: its own, and that with any text in the brackets."""
    form = normalise_header(header)
    place = form.rfind("(")
    return (form, form[:place] + ANY_BRACKETS) if form.endswith(")") and place > 0 else (form,)


def forms_of(headers: Iterable[str]) -> frozenset[str]:
    """Return every form of the headers of a table."""
    return frozenset(form for header in headers if header.strip() for form in header_forms(header))


def join_levels(levels: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of columns whose header takes several rows: `group-field`.

    A group's name holds for the empty cells to its right, as in merged cells; a cell that stands alone over its
    column is the column's name, no group. Empty and equal parts are left out.
    """
    width = max(map(len, levels))
    padded = [[cell.strip() for cell in level] + [""] * (width - len(level)) for level in levels]
    carried = ["" for _ in padded]
    names: list[str] = []
    for column in zip(*padded, strict=True):
        for depth, cell in enumerate(column):
            if cell:
                below = [part for part in column[depth + 1 :] if part not in ("", cell)]
                carried[depth:] = [cell if below else "", *("" for _ in padded[depth + 1 :])]
        parts: list[str] = []
        for group, cell in zip(carried, column, strict=True):
            part = cell or (group if any(column) else "")
            if part and part not in parts[-1:]:
                parts.append(part)
        names.append("-".join(parts))
    return names


@lru_cache(maxsize=256)
def own_names(headers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headers as the file writes them, without the numbers by which `unique_headers` tells repeated ones."""
    taken: set[str] = set()
    names: list[str] = []
    for header in headers:
        numbered = re.fullmatch(r"(.+) \(\d+\)", header)
        name = numbered[1] if numbered and numbered[1].casefold() in taken else header
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


@lru_cache(maxsize=256)
def positions(headers: tuple[str, ...]) -> dict[str, int]:
    """Return the position of each form of a header; the first wins where a name is repeated."""
    found: dict[str, int] = {}
    for exact in (True, False):
        for position, header in enumerate(headers):
            for form in header_forms(header)[:1] if exact else header_forms(header)[1:]:
                found.setdefault(form, position)
    return found
