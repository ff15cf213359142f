"""Strangers' plugins while a store is made: what is incomplete or crashes is told with whose it is, where and why."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acme import AROUND, COMPLETE, install_acme, with_acme, write
from structlog.testing import capture_logs
from terminal import install

from portes.errors import Problem
from portes.store import check_store

RULE = """
from portes.rules.protocol import Phase, RuleSettings
class Charm:
    Settings = RuleSettings
    phase = Phase.SHIPMENT
    @staticmethod
    def build(settings, currency):
        return lambda offers, occasion: offers
"""
CHANNEL = """
from portes.channels.protocol import ChannelSettings
from portes.contract import Quote, QuoteRequest
class Shout:
    Settings = ChannelSettings
    path = "shout"
    request_model, response_model = QuoteRequest, Quote
    statuses = {}
    fields = {}
    deadline = limit = 1.0
    def __init__(self, settings, storefront):
        pass
    def authenticate(self, asked):
        pass
    def read(self, asked):
        pass
    def write(self, quote, request):
        pass
    def example(self):
        pass
def stack(lines, limits):
    return []
"""
PARTS = {
    "rule": '[[rules]]\nuse = "charm"',
    "channel": "[channels.shout]",
}
ENTRIES = """
[portes.rules]
charm = charms:Charm
[portes.channels]
shout = charms:Shout
[portes.packers]
stack = charms:stack
[portes.table_formats]
lines = charms:Lines
"""
FORMAT = """
from portes.tables.protocol import Row, Terms
class Lines:
    version = 1
    def read(self, source, options, problems):
        yield Row(1, "n", "01000000", "19999999", 0, 30_000_000, 1000, 30_000_000, Terms(2, 3))
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed distributions, forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path
    for module in ("charms", "acme_carrier"):
        sys.modules.pop(module, None)


def found(file: Path) -> tuple[list[Problem], list[Any]]:
    """The problems of a store, and what was logged while it was looked at."""
    with capture_logs() as logged:
        return check_store(file, **AROUND), logged


def told(site: Path, module: str, more: str = "", carrier: str = "") -> Problem:
    """The one problem of a store that uses what a stranger's module has."""
    install(site, "charms", ENTRIES, charms=module)
    (problem,), _ = found(write(site / "shoes", more=more, carrier=carrier))
    return problem


@pytest.mark.parametrize("phase", ["Phase.SHIPMENT", '"shipment"', '"plan"', '"cart"'])
def test_a_rule_s_phase_may_be_the_text_of_one(site: Path, phase: str) -> None:
    install(site, "charms", ENTRIES, charms=RULE.replace("Phase.SHIPMENT", phase))

    assert found(write(site / "shoes", more=PARTS["rule"])) == ([], [])


AWAITED = "and nobody awaits it: write def in place of async def"
PHASES = "and must be a Phase: plan, shipment, cart"


@pytest.mark.parametrize(
    ("there", "instead", "lacking"),
    [
        ("phase = Phase.SHIPMENT", 'phase = "shipmnt"', f"its phase is 'shipmnt' {PHASES}; did you mean shipment?"),
        ("phase = Phase.SHIPMENT", "", f"its phase is 'None' {PHASES}"),
        ("phase = Phase.SHIPMENT", "phase = []", f"its phase is '[]' {PHASES}"),
        ("Settings = RuleSettings", "", "it has no Settings that derive from RuleSettings"),
        ("Settings = RuleSettings", "Settings = dict", "it has no Settings that derive from RuleSettings"),
        ("def build", "def bild", "it has no build"),
        ("    def build", "    async def build", f"its build is async, {AWAITED}"),
        ("return lambda offers, occasion: offers", "pass", "its build returned NoneType; it must return the rule"),
        (
            "return lambda offers, occasion: offers",
            "async def rule(offers, occasion): ...\n        return rule",
            f"its build returned an async function, {AWAITED}",
        ),
    ],
)
def test_an_incomplete_rule_is_refused_naming_its_distribution(
    site: Path, there: str, instead: str, lacking: str
) -> None:
    problem = told(site, RULE.replace(there, instead), PARTS["rule"])

    assert (problem.where, problem.fix) == ("rules.0.use", "repair or upgrade charms")
    assert problem.cause.startswith(f"comes from charms 2, which is incomplete: {lacking}")


@pytest.mark.parametrize(
    ("there", "instead", "lacking"),
    [
        ("    fields = {}\n", "", "it has no fields, a dictionary, which may be empty"),
        ("    statuses = {}\n", "    statuses = [200]\n", "it has no statuses, a dictionary, which may be empty"),
        ('    path = "shout"\n', "", "it has no path, a text"),
        ("request_model, response_model =", "request, response_model =", "it has no request_model, a model"),
        (
            "Settings = ChannelSettings",
            "Settings = QuoteRequest",
            "it has no Settings that derive from ChannelSettings",
        ),
        ("deadline = limit", "deadline = limt", "it has no limit"),
        ("def read", "async def read", f"its read is async, {AWAITED}"),
        ("def write", "async def write", f"its write is async, {AWAITED}"),
        ("def authenticate", "async def authenticate", f"its authenticate is async, {AWAITED}"),
        ("def example", "def sample", "it has no example"),
        (
            "    def example",
            "    async def verify(self, asked): ...\n    def example",
            f"its verify is async, {AWAITED}",
        ),
    ],
)
def test_an_incomplete_channel_is_refused_naming_its_distribution(
    site: Path, there: str, instead: str, lacking: str
) -> None:
    problem = told(site, CHANNEL.replace(there, instead), PARTS["channel"])

    assert (problem.where, problem.cause) == (
        "channels.shout",
        f"comes from charms 2, which is incomplete: {lacking}",
    )


def test_a_whole_stranger_s_channel_is_taken(site: Path) -> None:
    install(site, "charms", ENTRIES, charms=CHANNEL)

    assert found(write(site / "shoes", more=PARTS["channel"])) == ([], [])


@pytest.mark.parametrize(
    ("instead", "lacking"),
    [("async def stack", f"it is async, {AWAITED}"), ("stack = 1\ndef pile", "it is int and no")],
)
def test_a_packer_that_is_no_plain_function_is_refused(site: Path, instead: str, lacking: str) -> None:
    problem = told(site, CHANNEL.replace("def stack", instead), carrier='packer = "stack"')

    assert problem.where == "carriers.table.packer"
    assert problem.cause.startswith(f"comes from charms 2, which is incomplete: {lacking}")


CRASH = "raise ValueError('no licence in canary-4711')"


@pytest.mark.parametrize(
    ("there", "module", "part", "where", "line"),
    [
        ("        return lambda offers, occasion: offers", RULE, "rule", "rules.0", 8),
        ("        pass\n    def authenticate", CHANNEL, "channel", "channels.shout", 12),
    ],
)
@pytest.mark.parametrize("crash", [CRASH, "raise SystemExit", "raise GeneratorExit('odd')"])
def test_a_crash_while_a_plugin_is_made_is_told_with_its_words_its_line_and_its_distribution(
    site: Path, there: str, module: str, part: str, where: str, line: int, crash: str
) -> None:
    install(site, "charms", ENTRIES, charms=module.replace(there, f"        {crash}\n{there}"))

    (problem,), logged = found(write(site / "shoes", more=PARTS[part]))

    assert problem.where == where
    assert problem.cause.startswith("the plugin crashed when it was made: ")
    assert f"(charms.py:{line})" in problem.cause
    assert problem.fix.startswith("upgrade or report charms")
    (entry,) = (each for each in logged if each["event"] == "plugin crashed")
    assert entry["distribution"] == "charms 2"
    assert f'charms.py", line {line}' in str(entry["exc_info"])


VALIDATED = """    access_code: SecretStr | None = None
    @field_validator('access_code')
    @classmethod
    def _look(cls, code):
        return {}['lost in ' + code.get_secret_value()]
"""


@pytest.mark.parametrize(
    ("there", "instead", "line"),
    [
        (
            "        self.abilities",
            "        {}['lost in ' + settings.access_code.get_secret_value()]\n        self.abilities",
            13,
        ),
        (
            "    access_code: SecretStr | None = None",
            VALIDATED,
            10,
        ),
    ],
)
def test_a_carrier_s_crash_tells_no_secret_whether_its_constructor_or_a_validator_crashed(
    site: Path, there: str, instead: str, line: int
) -> None:
    module = COMPLETE.replace("import SecretStr", "import SecretStr, field_validator").replace(there, instead)
    install_acme(site, module)

    (problem,), logged = found(with_acme(site, settings='access_code = "${KEY}"'))

    assert problem.where == "carriers.acme"
    assert "KeyError: 'lost in " in problem.cause
    assert f"(acme_carrier.py:{line})" in problem.cause
    assert "acme-courier" in problem.fix
    (entry,) = (each for each in logged if each["event"] == "plugin crashed")
    assert "acme_carrier.py" in str(entry["exc_info"])
    assert "canary-4711" not in f"{problem}{entry['exc_info']}"


def test_a_constructor_of_other_arguments_is_told_with_what_python_says(site: Path) -> None:
    install_acme(site, COMPLETE.replace("settings, services, tools", "settings, services"))

    (problem,), _ = found(with_acme(site))

    assert "TypeError: Acme.__init__() takes 3 positional arguments but 4 were given" in problem.cause


@pytest.mark.parametrize(
    ("there", "instead", "cause"),
    [
        ("        yield", "        {}['table']\n        yield", "crashed: KeyError: 'table' (charms.py:6)"),
        (
            "        yield",
            "        yield 1\n        yield",
            "crashed: TypeError: read() gave int; it must give one Row",
        ),
        (
            "        yield",
            "        return None\n    def rows():\n        yield",
            "crashed: TypeError: 'NoneType' object is",
        ),
        ("    version = 1\n", "", "is incomplete: its version is None and must be a whole number"),
        ("    def read", "    async def read", f"is incomplete: its read is async, {AWAITED}"),
        ("    def read", "    def reed", "is incomplete: it has no read"),
        (
            "    def read",
            "    def __init__(self):\n        1 / 0\n    def read",
            "crashed: ZeroDivisionError: division by",
        ),
        ("class Lines", "raise SystemExit('no')\nclass Lines", "crashed: SystemExit: no (charms.py:3)"),
    ],
)
def test_a_format_that_crashes_accuses_its_own_distribution(site: Path, there: str, instead: str, cause: str) -> None:
    install(site, "charms", ENTRIES, charms=FORMAT.replace(there, instead))
    file = write(site / "shoes")
    file.write_text(file.read_text().replace('file = "table.csv"', 'file = "table.csv"\nformat = "lines"'))

    (problem,), _ = found(file)

    assert problem.where == "carriers.table.settings.format"
    assert problem.cause.startswith(f"the table format of charms 2 {cause}")
    assert problem.fix.endswith(" charms")
