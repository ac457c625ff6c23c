"""`duoshou channels`: the study of the channels in words, as JSON, and as a list."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from tests.analysts.channels.conftest import telling
from tests.analysts.conftest import fill
from tests.cli.conftest import Command
from tests.cli.test_json_shapes import documented, shape

from duoshou.analysts.channels import ChannelQuestion, ChannelStudy, study_channels
from duoshou.analysts.channels.returns import SmallestTest
from duoshou.app.channel_budgets import channels_csv
from duoshou.cli.channel_text import channels_text
from duoshou.cli.session import Session
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue
from duoshou.model import Language
from duoshou.settings.calendar import load_calendar
from duoshou.settings.channels import grouping_of
from duoshou.settings.schema import Settings


@pytest.fixture(scope="module")
def told() -> ChannelStudy:
    """Return the study of a shop with a channel that earns and one that loses."""
    tables = telling()
    connection = duckdb.connect()
    fill(connection, tables)
    last = max(one["period_start"] for one in tables["shop_period"])
    with DuckDBBackend(connection) as backend:
        question = ChannelQuestion(
            backend, load_catalogue(), last, last, "main", "CNY", tuple(grouping_of(()).channels), 0.4,
            load_calendar(Settings()), spend={"ads_search": 500.0}, month_budget=90_000.0,
        )  # fmt: skip
        return study_channels(question)


@pytest.mark.parametrize(
    "asked",
    [
        *("--budget=nan", "--budget=inf", "--budget=-1", "--budget=x", "--budget=1e12", "--budget="),
        *("--month-budget=nan", "--month-budget=inf", "--month-budget=0", "--month-budget=-5", "--month-budget=1e12"),
        *("--step=nan", "--step=0", "--step=1.1", "--set=ads_search=nan", "--set=ads_search=1e12", "--set=500"),
    ],
)
def test_an_amount_that_cannot_be_meant_is_refused(duoshou: Command, tmp_path: Path, asked: str) -> None:
    """Bad usage, with what may be written, and no fault."""
    told = duoshou("channels", asked, "--workspace", tmp_path)
    assert told.code == 2
    assert asked.partition("=")[0] in told.err
    assert any(word in told.err for word in ("写一个数", "写成 ads_search=800"))


READ: list[tuple[Language, tuple[str, ...]]] = [
    ("zh", ("多花还赚", "多花就亏", "试算 ads_search = 500", "90% 区间", "618", "下一天")),
    ("en", ("more spend earns", "the last spend loses", "What if ads_search = 500", "90 % interval", "next day")),
]


@pytest.mark.parametrize(("language", "words"), READ)
def test_the_study_reads_in_both_languages(told: ChannelStudy, language: Language, words: tuple[str, ...]) -> None:
    """Verdicts, plan, what-if and festivals stand in the language of the reader."""
    session = Session()
    session.choose_language(language)
    text = channels_text(told, session)
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    ("days", "detectable", "words"),
    [
        (56, 1.5, "turns of 7 days at least, 56 days in all"),
        (None, 3.2, "would have to bring 3.2 to be seen"),
        (None, None, "would not tell"),
    ],
)
def test_what_a_test_would_tell_is_said_even_where_none_would(
    told: ChannelStudy, days: int | None, detectable: float | None, words: str
) -> None:
    """The smallest test that tells, or what the longest would find at best; and how mature the channel is, and why."""
    one = replace(told.returns[0], test=SmallestTest(1.0, days, 7, detectable, 0.1))
    session = Session()
    session.choose_language("en")
    text = channels_text(replace(told, returns=(one,)), session)
    assert words in text
    assert told.maturities[0].reason.en in text


def test_the_list_has_a_row_for_each_paid_channel(told: ChannelStudy) -> None:
    """The list holds verdict, today's spend and the planned one of each paid channel."""
    rows = {one["channel"]: one for one in csv.DictReader(channels_csv(told).lstrip("\ufeff").splitlines())}
    assert rows["ads_search"]["verdict"] == "earns"
    assert float(rows["ads_search"]["planned"]) > float(rows["ads_search"]["today"])
    assert float(rows["ads_audience"]["marginal_high"]) < float(rows["ads_audience"]["break_even"])


def test_the_answer_has_the_documented_names(shop: Path, duoshou: Command, told: ChannelStudy) -> None:
    """The JSON has the documented names, of a shop that knows next to nothing and of one that knows much."""
    found = json.loads(duoshou("channels", "--as-of", "2010-12-02", "--workspace", shop, "--json").out)
    example = documented("`duoshou channels --json`")
    assert list(found) == list(example)
    assert found["plan"] is None
    full = json.loads(json.dumps({"schema_version": 1, **told.to_dict()}))
    for name in ("table", "maturities", "returns", "plan", "pace", "ahead"):
        assert shape(full[name]) == shape(example[name]), name


@pytest.mark.parametrize("words", [("--set", "x"), ("--set", "a=-1"), ("--test", "a:1:2"), ("--test", "a:2:1:1:1")])
def test_what_cannot_be_meant_is_refused(shop: Path, duoshou: Command, words: tuple[str, str]) -> None:
    """A spend or a test that cannot be read is a usage error that shows how to write it."""
    refused = duoshou("channels", *words, "--workspace", shop)
    assert refused.code == 2
    assert "such as" in refused.err or "channel:low" in refused.err


def test_a_list_is_written(shop: Path, duoshou: Command, tmp_path: Path) -> None:
    """The list is written where it is asked for, with its header even where nothing is known."""
    file = tmp_path / "channels.csv"
    done = duoshou("channels", "--as-of", "2010-12-02", "--workspace", shop, "--csv", file)
    assert done.code == 0
    assert file.read_text(encoding="utf-8-sig").startswith("channel,name,verdict")
