"""`portes` itself: how commands are found, and how it fails."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import Portes, install

BUILT_IN = ["carriers", "check", "demo", "quote", "serve", "tables"]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delattr("portes.cli.root.main._registry", raising=False)
    return tmp_path


def test_help_lists_every_command_with_its_sentence(portes: Portes) -> None:
    told = portes("--help")

    assert told.exit_code == 0
    lines = {line.split()[0]: line for line in told.stdout.splitlines() if line.startswith("  ")}
    assert set(BUILT_IN) <= set(lines)
    assert "Ask a store what freight costs." in lines["quote"]


def test_help_is_quick_because_it_loads_no_table_printer_and_no_engine() -> None:
    script = (
        "import sys; from portes.cli import main; main(['--help'], standalone_mode=False);"
        "print('loaded', sorted({'rich', 'portes.store', 'requests', 'starlette', 'holidays'} & set(sys.modules)))"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "loaded []"


def test_carriers_are_listed_without_the_holidays_of_every_country() -> None:
    script = (
        "import sys; from portes.cli import main; main(['carriers'], standalone_mode=False);"
        "print('loaded', 'holidays.countries' in sys.modules)"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "loaded False"


def test_the_version_is_told(portes: Portes) -> None:
    assert portes("--version").stdout.startswith("portes 0.")


def test_a_stranger_s_command_is_one_of_ours(site: Path, portes: Portes) -> None:
    text = "import click\n@click.command()\ndef greet():\n    '''Say hello.'''\n    click.echo('hello')\n"
    install(site, "acme-greet", "[portes.commands]\ngreet = acme_greet:greet\n", acme_greet=text)

    assert re.search("greet +Say hello.", portes("--help").stdout)
    assert portes("greet").stdout == "hello\n"


@pytest.mark.parametrize(
    ("module", "cause"),
    [
        ("import surely_not_there", "does not load: ModuleNotFoundError"),
        ("def zap(): ...", "names function and no click command"),
    ],
)
def test_a_command_that_does_not_load_costs_the_others_nothing(
    site: Path, portes: Portes, monkeypatch: pytest.MonkeyPatch, module: str, cause: str
) -> None:
    monkeypatch.delitem(sys.modules, "acme_zap", raising=False)
    install(site, "acme-zap", "[portes.commands]\nzap = acme_zap:zap\n", acme_zap=module)

    assert "(does not load; see portes carriers)" in portes("--help").stdout
    told = portes("zap")
    assert told.exit_code == 2
    assert f"comes from acme-zap 2, which {cause}" in told.stderr


def test_what_somebody_can_mend_is_told_without_a_stack_trace(portes: Portes, tmp_path: Path) -> None:
    told = portes("quote", "--store", tmp_path, "--to", "01512651", "--item", "a:1:1kg:1x1x1cm")

    assert told.exit_code == 2
    assert (
        told.stderr
        == f"{tmp_path}: holds no store; name a store's TOML file, or a folder with portes.toml or TOML files in it\n"
    )
    assert told.stdout == ""


def test_an_unknown_command_is_named(portes: Portes) -> None:
    told = portes("qoute")

    assert told.exit_code == 2
    assert "qoute" in told.stderr
