"""Requests that are refused at the door, with the status that HTTP has for it."""

from __future__ import annotations

from duoshou.model import DuoshouError, Text


class Refused(DuoshouError):
    """A request that is refused.

    Attributes:
        status: HTTP status.
        headers: Headers of the answer.
    """

    def __init__(
        self,
        code: str,
        message: Text,
        *,
        status: int,
        hint: Text | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code, message, hint=hint)
        self.status = status
        self.headers = headers or {}


def not_signed_in() -> Refused:
    """Return the refusal of a request without session and token."""
    return Refused(
        "not_signed_in",
        Text("请先登录", "please sign in"),
        status=401,
        hint=Text("接口请带 Authorization: Bearer 令牌", "for the API, send Authorization: Bearer with a token"),
        headers={"WWW-Authenticate": "Bearer"},
    )


def no_right(right: str) -> Refused:
    """Return the refusal of a request whose person lacks a right."""
    return Refused(
        "no_right",
        Text(f"你的角色没有这项权限（{right}）", f"your role lacks this right ({right})"),
        status=403,
        hint=Text("请店主在“设置 → 人员”里调整", "ask the owner to change it under Settings → People"),
    )


def needs_a_session() -> Refused:
    """Return the refusal of a token for what only somebody who has signed in may do."""
    return Refused(
        "needs_a_session",
        Text("令牌不能做这件事，请登录后在页面上做", "a token cannot do this; sign in and do it on the page"),
        status=403,
    )


def forged() -> Refused:
    """Return the refusal of a form that did not come from one of our pages."""
    return Refused(
        "not_from_here",
        Text(
            "这个请求不是从本页面发出的，没有执行", "this request did not come from one of our pages; nothing is done"
        ),
        status=403,
        hint=Text("请刷新页面再试一次", "reload the page and try again"),
    )


def not_found(what: Text) -> Refused:
    """Return the refusal of a request for something that is not there."""
    return Refused("not_found", Text(f"没有{what.zh}", f"there is no {what.en}"), status=404)


def bad_value(name: str, value: str, wanted: Text) -> Refused:
    """Return the refusal of a value in the address that cannot be meant."""
    shown = value if len(value) <= 60 else value[:60] + "…"
    return Refused(
        "bad_value",
        Text(f"{name} 不能是“{shown}”：{wanted.zh}", f"{name} cannot be {shown!r}: {wanted.en}"),
        status=422,
    )


def too_large(most_mib: int) -> Refused:
    """Return the refusal of an upload above the limit."""
    return Refused(
        "too_large",
        Text(f"上传超过 {most_mib} MiB", f"the upload is larger than {most_mib} MiB"),
        status=413,
        hint=Text(
            "大文件请放进工作区的 inbox/ 文件夹再点“导入”",
            "put large files into the workspace's inbox/ and press Import",
        ),
    )
