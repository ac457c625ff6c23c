"""The `duoshou.toml` that `duoshou init` writes."""

from __future__ import annotations

import tomllib

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from duoshou.settings import EngineSettings, ReportSettings, Settings, Shop, parse_settings, render_template
from duoshou.settings.descriptions import descriptions
from duoshou.settings.walk import repeated_struct


def setting_keys(struct: type[msgspec.Struct] = Settings, prefix: str = "") -> list[str]:
    """Return the dotted key of every setting that the types know."""
    keys: list[str] = []
    for field in msgspec.structs.fields(struct):
        name = prefix + field.encode_name
        if (repeated := repeated_struct(field.type)) is not None:
            keys += setting_keys(repeated, name + ".")
        elif isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            keys += setting_keys(field.type, name + ".")
        else:
            keys.append(name)
    return keys


def test_every_setting_is_described_once_and_in_order() -> None:
    """The descriptions and the types name the same settings."""
    assert list(descriptions()) == setting_keys()


def test_template_is_the_defaults() -> None:
    """A new workspace's file says what the program would assume anyway."""
    assert parse_settings(render_template(), environment={})[0] == Settings()


def test_template_names_every_setting() -> None:
    """Each setting stands in the template, in use or as an example, with its explanation in both languages."""
    text = render_template()
    for description in descriptions().values():
        name = description.key.rpartition(".")[2]
        assert f"\n{name} = " in text or f"\n# {name} = " in text
        assert description.about.zh in text
        assert description.about.en in text


def test_examples_are_valid() -> None:
    """An example can be put to use by removing the #."""
    unused = (" = ", "[[")
    lines = [
        line.removeprefix("# ") if any(mark in line for mark in unused) else line
        for line in render_template().splitlines()
    ]
    uncommented = [line for line in lines if not line.startswith("#")]
    settings = parse_settings("\n".join(uncommented), environment={})[0]
    assert settings.engine.threads == 2
    assert settings.reports.language == "zh"
    assert (settings.costs.rules[0].platform_fee_rate, settings.costs.units[0].sku) == (0.05, "A-001")


names = st.text(min_size=1, max_size=40)


@given(names, names, st.dictionaries(names, names, max_size=3))
def test_any_text_survives(name: str, title: str, options: dict[str, str]) -> None:
    """Quotes, line ends and other odd characters in a value come back as they were."""
    settings = Settings(
        name=name,
        shops=(Shop(key="a", aliases=(title,)),),
        engine=EngineSettings(spark_options=options),
        reports=ReportSettings(title=title),
    )
    text = render_template(settings)
    assert tomllib.loads(text)["name"] == name
    read = parse_settings(text, environment={})[0]
    assert (read.reports.title, read.engine.spark_options) == (title, options)
