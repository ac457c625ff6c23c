"""What can be wrong with a target before anything is sent. No message shows an address or a secret."""

from __future__ import annotations

from collections.abc import Sequence

from duoshou.model import Text
from duoshou.reports.errors import ReportError


class PushError(ReportError):
    """A target to which nothing can be sent."""

    @classmethod
    def unknown_target(cls, name: str, known: Sequence[str]) -> PushError:
        """Return the error of a name that no `[[push]]` has."""
        listed = Text("、".join(known), ", ".join(known))
        hint = Text(f"已有：{listed.zh}", f"there are: {listed.en}")
        if not known:
            hint = Text("先在 duoshou.toml 里写 [[push]]", "write [[push]] in duoshou.toml first")
        return cls(
            "unknown_push_target",
            Text(f"没有名为“{name}”的推送目标", f"no push target is called {name!r}"),
            hint=hint,
        )

    @classmethod
    def no_variable(cls, name: str, variable: str) -> PushError:
        """Return the error of an environment variable that is not set."""
        return cls(
            "push_variable_missing",
            Text(f"推送目标“{name}”：环境变量 {variable} 没有设置", f"push target {name!r}: {variable} is not set"),
            hint=Text("在运行舵手的环境里设置它，再试", "set it where Duoshou runs, then try again"),
        )

    @classmethod
    def bad_address(cls, name: str, zh: str, en: str, hint: Text | None = None) -> PushError:
        """Return the error of an address that may not be used."""
        return cls(
            "push_address",
            Text(f"推送目标“{name}”的地址不能用：{zh}", f"the address of push target {name!r} will not do: {en}"),
            hint=hint,
        )
