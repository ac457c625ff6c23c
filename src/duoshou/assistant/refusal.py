"""Errors as an assistant reads them: what was wrong and what to do, in both languages, never a traceback."""

from __future__ import annotations

from typing import Any

from mcp_types import CallToolResult, TextContent
from pydantic import ValidationError

from duoshou.model import DuoshouError, Text


class AssistantError(DuoshouError):
    """A call that cannot be answered."""


class InputRefused(AssistantError):
    """Arguments that cannot be meant."""


class NotAllowed(AssistantError):
    """A call by somebody who lacks the right."""


def error_result(error: DuoshouError) -> CallToolResult:
    """Return a failed call: the words for whoever reads text, the fields for whoever reads structure."""
    shape: dict[str, Any] = {"code": error.code, "message": _both(error.message)}
    shape["hint"] = None if error.hint is None else _both(error.hint)
    for name in ("file", "sheet", "row", "column"):
        if (value := getattr(error.place, name)) is not None:
            shape[name] = value
    text = f"{error.in_language('zh')}\n\n{error.in_language('en')}"
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content={"error": shape}, is_error=True
    )


def bad_arguments(error: ValidationError) -> InputRefused:
    """Return which arguments do not fit; what was given is not repeated."""
    faults = [
        (".".join(str(part) for part in one["loc"]) or "–", one["msg"])
        for one in error.errors(include_url=False, include_input=False, include_context=False)
    ][:5]
    return InputRefused(
        "arguments_invalid",
        Text(
            "参数不合要求：" + "；".join(f"{name}：{message}" for name, message in faults),
            "arguments that do not fit: " + "; ".join(f"{name}: {message}" for name, message in faults),
        ),
        hint=Text(
            "参数的写法见工具说明；日期写成 2026-11-22",
            "the tool's schema describes each argument; a day is written 2026-11-22",
        ),
    )


def unknown_arguments(names: list[str], known: list[str]) -> InputRefused:
    """Return the refusal of arguments that would otherwise be passed over in silence."""
    return InputRefused(
        "unknown_arguments",
        Text(f"没有这些参数：{'、'.join(names)}", f"there are no such arguments: {', '.join(names)}"),
        hint=Text(f"可用参数：{'、'.join(known) or '无'}", f"arguments: {', '.join(known) or 'none'}"),
    )


def unknown_tool(name: str, known: list[str]) -> InputRefused:
    """Return the refusal of a tool that does not exist."""
    return InputRefused(
        "unknown_tool",
        Text(f"没有工具“{name[:80]}”", f"there is no tool called {name[:80]!r}"),
        hint=Text(f"可用：{'、'.join(known)}", f"there are: {', '.join(known)}"),
    )


def fault(error: BaseException) -> AssistantError:
    """Return what is said where the program itself failed; the details are in the server's log."""
    return AssistantError(
        "internal_fault",
        Text(
            f"程序内部出错（{type(error).__name__}），数据没有被改坏",
            f"the program failed ({type(error).__name__}); the data are unharmed",
        ),
        hint=Text("可以再试一次；详情在服务器的日志里", "try again; the details are in the server's log"),
    )


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
