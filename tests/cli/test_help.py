"""The list of commands and the help pages."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from duoshou.cli import main
from duoshou.cli.root import COMMANDS, root

CONTRACT = {
    "demo": {"--seed", "--scenario", "--until", "--days", "--orders", "--real"},
    "init": {"--name", "--currency", "--timezone", "--lang"},
    "import": {"--layout", "--map", "--dry-run", "--json"},
    "run": {"--date", "--no-push"},
    "query": {"--by", "--from", "--to", "--last", "--grain", "--compare", "--where", "--json", "--csv"},
    "explain": {"--from", "--to", "--against", "--by", "--json"},
    "findings": {"--date", "--kind", "--json"},
    "checklist": {"--date", "--platform", "--all", "--json"},
    "report": {"--date", "-o"},
    "targets": {"--month", "--date", "--json"},
    "tasks": {"--state", "--role", "--mine", "--overdue", "--limit", "--json"},
    "task": {
        *("--finding", "--title", "--subject", "--role", "--due", "--metric", "--change", "--by", "--guard", "--owner"),
        *("--note", "--reason", "--on", "--kind", "--before", "--after", "--json"),
    },
    "accept": {"--owner", "--note", "--json"},
    "done": {"--on", "--note", "--kind", "--before", "--after", "--json"},
    "decline": {"--reason", "--json"},
    "change": {"--kind", "--subject", "--on", "--until", "--before", "--after", "--standing", "--json"},
    "notices": {"--role", "--open", "--json"},
    "ack": {"--note", "--json"},
    "brief": {"-o", "--save", "--json"},
    "effects": {"--measure", "--verdict", "--action", "--json"},
    "playbook": {"--cause", "--json"},
    "customers": {"--as-of", "--days", "--recency-days", "--frequency", "--money", "--csv", "--json"},
    "ab": {"--name", "--subject", "--metric", "--lift", "--arm", "--split", "--days", "--guard", "--json"},
    "advertising": {"--as-of", "--csv", "--json"},
    "assortment": {"--as-of", "--csv", "--json"},
    "launches": {"--as-of", "--csv", "--json"},
    "pricing": {"--as-of", "--csv", "--json"},
    "channels": {"--as-of", "--budget", "--step", "--days", "--set", "--test", "--csv", "--json"},
    "basket": {
        *("--from", "--to", "--last", "--basket", "--min-support", "--within", "--triples", "--discount", "--margin"),
        "--json",
    },
    "map": set(),
    "rebuild": set(),
    "undo": set(),
    "user": {"--name", "--role", "--password-file", "--no-password", "--json"},
    "token": {"--right", "--days", "--json"},
    "backup": {"--restore", "--force", "--originals", "--json"},
    "mcp": {"--http", "--allow-host", "--no-token"},
    "serve": {"--host", "--port", "--workers", "--no-jobs", "--no-browser"},
    "metrics": set(),
    "push": {"--date", "--dry-run", "--json"},
    "sql": set(),
    "doctor": set(),
}
HEAVY = ("duckdb", "ibis", "pyarrow", "pandas", "numpy", "msgspec", "sqlglot", "xlsxwriter", "fastexcel", "pyspark")


def command(name: str) -> click.Command:
    """Return the loaded command."""
    found = root.get_command(click.Context(root), name)
    assert found is not None
    return found


def test_the_commands_of_the_contract_are_there() -> None:
    """Each promised command exists, and no other."""
    assert set(COMMANDS) == set(CONTRACT)


@pytest.mark.parametrize("name", CONTRACT)
def test_each_command_has_the_promised_options(name: str) -> None:
    """Names of options are a contract."""
    options = {spelling for parameter in command(name).params for spelling in parameter.opts}
    assert options >= CONTRACT[name]
    if name != "init":
        assert options >= {"--workspace", "--shop", "--lang"}


@pytest.mark.parametrize("name", CONTRACT)
def test_every_help_page_speaks_both_languages(name: str) -> None:
    """Command and options are explained in Chinese and in English."""
    found = command(name)
    explanations = [found.help or ""]
    explanations += [option.help or "" for option in found.params if isinstance(option, click.Option)]
    for text in explanations:
        assert any("一" <= letter <= "鿿" for letter in text), text
        assert any(letter.isascii() and letter.isalpha() for letter in text), text


@pytest.mark.parametrize("name", CONTRACT)
def test_help_succeeds(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Help is no error."""
    assert main([name, "--help"]) == 0
    assert f"duoshou {name}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["query", "--help"], ["--lang", "en", "nonsense"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Help, version and a typing mistake answer at once because no engine is loaded."""
    program = (
        f"import sys; from duoshou.cli import main; main({arguments!r}); "
        f"print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1].split() == ["LOADED"], done.stdout + done.stderr
