"""What can be wrong with a workspace and its settings.

DuoshouError
└── SettingsError      duoshou.toml or a DUOSHOU_… variable says something that cannot be meant
    └── WorkspaceError the folder itself: not there, already there, not writable
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duoshou.model import DuoshouError, Language, Place, Text


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One thing wrong in the settings.

    Attributes:
        key: Dotted name of the setting, such as `engine.threads`.
        message: What is wrong, and what is expected instead.
        line: Line of the settings file, from 1, where it is known.
        source: Name of the file or of the environment variable that holds it.
    """

    key: str
    message: Text
    line: int | None
    source: str

    def in_words(self) -> Text:
        """Return the message with its place in front."""
        place_zh = self.source if self.line is None else f"{self.source} 第 {self.line} 行"
        place_en = self.source if self.line is None else f"{self.source} line {self.line}"
        return Text(f"{place_zh}：{self.message.zh}", f"{place_en}: {self.message.en}")


class SettingsError(DuoshouError):
    """Settings that cannot be used."""

    problems: tuple[SettingProblem, ...] = ()

    @classmethod
    def of_problems(cls, problems: Sequence[SettingProblem]) -> SettingsError:
        """Return one error that names every problem, a line each."""
        words = [problem.in_words() for problem in problems]
        error = cls(
            "settings_invalid",
            Text(
                f"设置里有 {len(words)} 处问题：" + "".join(f"\n  {text.zh}" for text in words),
                f"{len(words)} problem(s) in the settings:" + "".join(f"\n  {text.en}" for text in words),
            ),
            hint=Text(
                "改好后再运行；各项设置见 docs/reference/settings.md",
                "mend them and run again; see docs/reference/settings.md",
            ),
            place=next((Place(file=p.source, row=p.line) for p in problems if p.line is not None), None),
        )
        error.problems = tuple(problems)
        return error

    def in_language(self, language: Language) -> str:
        """Return message and hint; the place is left out where every problem names its own."""
        if not self.problems:
            return super().in_language(language)
        hint = f"\n→ {self.hint.in_language(language)}" if self.hint else ""
        return self.message.in_language(language) + hint

    @classmethod
    def unknown_shop(cls, name: str, known: Sequence[str]) -> SettingsError:
        """Return the error for a shop that `duoshou.toml` does not list."""
        listed = "、".join(known), ", ".join(known)
        return cls(
            "unknown_shop",
            Text(f"没有名为“{name}”的店铺", f"no shop is called {name!r}"),
            hint=Text(
                f"已有店铺：{listed[0]}；在 duoshou.toml 里用 [[shop]] 添加",
                f"known shops: {listed[1]}; add one with [[shop]] in duoshou.toml",
            ),
        )


class WorkspaceError(SettingsError):
    """A workspace folder that cannot be used."""
