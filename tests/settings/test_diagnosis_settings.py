"""The section `[diagnosis]`."""

from __future__ import annotations

import pytest

from duoshou.settings import Settings, SettingsError, parse_settings, render_template


def test_what_is_not_written_is_assumed_and_what_is_written_is_taken() -> None:
    """A third of sales and four weeks, until the shop says otherwise; the file or a variable may."""
    assert (Settings().diagnosis.assumed_margin_rate, Settings().diagnosis.horizon_days) == (0.3, 28)
    said = parse_settings("[diagnosis]\nassumed_margin_rate = 0.45\nhorizon_days = 7\n", environment={})[0]
    assert (said.diagnosis.assumed_margin_rate, said.diagnosis.horizon_days) == (0.45, 7)
    overruled, provenance = parse_settings("", environment={"DUOSHOU_DIAGNOSIS_HORIZON_DAYS": "30"})
    assert overruled.diagnosis.horizon_days == 30
    assert provenance["diagnosis.horizon_days"] == "DUOSHOU_DIAGNOSIS_HORIZON_DAYS"
    assert parse_settings(render_template(said), environment={})[0] == said


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        ("assumed_margin_rate = 30", "assumed_margin_rate", "30% 写 0.3"),
        ("assumed_margin_rate = 0", "assumed_margin_rate", "大于 0"),
        ("assumed_margin_rate = nan", "assumed_margin_rate", "大于 0"),
        ("assumed_margin_rate = '30%'", "assumed_margin_rate", "30% 写 0.3"),
        ("horizon_days = 0", "horizon_days", "1 到 366"),
        ("horizon_days = 28.5", "horizon_days", "1 到 366"),
        ("horizon = 28", "horizon", "horizon_days"),
    ],
)
def test_what_cannot_be_meant_is_named_with_what_may_be_written(line: str, key: str, expected: str) -> None:
    """A percentage without its point, nothing, a part of a day: the message says the line and what is allowed."""
    with pytest.raises(SettingsError) as caught:
        parse_settings(f"[diagnosis]\n{line}\n", environment={})
    (problem,) = caught.value.problems
    assert (problem.key, problem.line) == (f"diagnosis.{key}", 2)
    assert expected in problem.message.zh
    assert problem.message.en
