"""Strangers' plugins while a store is made: what is incomplete or crashes is told with whose it is, where and why."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acme import AROUND, COMPLETE, with_acme, write
from structlog.testing import capture_logs
from terminal import install

from portes.errors import Problem
from portes.registry import Registry
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
FORMAT = """
from portes.tables.protocol import Row, Terms
class Lines:
    version = 1
    def read(self, source, options, problems):
        yield Row(1, "n", "01000000", "19999999", 0, 30_000_000, 1000 * 10**6, 30_000_000, Terms(2, 3))
"""


CLASSES = {"rules": "Charm", "channels": "Shout", "packers": "stack", "table_formats": "Lines", "carriers": "Acme"}
VARIANTS: dict[str, tuple[str, str]] = {}
"""Every module of the distribution that is installed here, with its group."""
INSTALLED = Registry()
"""One for all stores here, for to look for distributions takes longer than to make a store."""


def variant(group: str, module: str, there: str = "", instead: str = "") -> str:
    """A module in which something stands instead; the name by which it is installed."""
    assert there in module
    name = f"{group.removeprefix('table_')}{len(VARIANTS)}"
    VARIANTS[name] = (group, module.replace(there, instead) if there else module)
    return name


@pytest.fixture(scope="module", autouse=True)
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    site = tmp_path_factory.mktemp("site")
    (site / "charms").mkdir()
    entries = {group: f"\n[portes.{group}]\n" for group in CLASSES}
    for name, (group, module) in VARIANTS.items():
        entries[group] += f"{name} = charms.{name}:{CLASSES[group]}\n"
        (site / "charms" / f"{name}.py").write_text(module)
    install(site, "charms", "".join(entries.values()))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        patch.setattr(sys, "dont_write_bytecode", True)
        yield
    for module in [name for name in sys.modules if name.partition(".")[0] == "charms"]:
        del sys.modules[module]


def looked_at(folder: Path, name: str, **settings: str) -> tuple[list[Problem], list[Any]]:
    """The problems of a store that uses a variant, and what was logged while it was looked at."""
    more = {"rules": f'[[rules]]\nuse = "{name}"', "channels": f"[channels.{name}]"}.get(VARIANTS[name][0], "")
    file = write(folder / "shoes", more=more, carrier=f'packer = "{name}"' if name.startswith("packers") else "")
    if name.startswith("carriers"):
        file = with_acme(folder, **settings)
    text = file.read_text().replace('use = "acme"', f'use = "{name}"')
    form = f'\nformat = "{name}"' if name.startswith("formats") else ""
    file.write_text(text.replace('file = "table.csv"', f'file = "table.csv"{form}'))
    with capture_logs() as logged:
        return check_store(file, **AROUND, registry=INSTALLED), logged


AWAITED = "and nobody awaits it: write def in place of async def"
PHASES = "and must be a Phase: plan, shipment, cart"
PHASE, RETURNS, SETTINGS = "phase = Phase.SHIPMENT", "return lambda offers, occasion: offers", "Settings = RuleSettings"
OWN = "Settings = ChannelSettings"
VERIFY = "    async def verify(self, asked): ...\n    def example"
LATER = "async def rule(offers, occasion): ...\n        return rule"


@pytest.mark.parametrize(
    ("name", "where", "lacking"),
    [
        (variant(group, module, there, instead), where, lacking)
        for group, module, where, variants in (
            (
                "rules",
                RULE,
                "rules.0.use",
                [
                    (PHASE, 'phase = "shipmnt"', f"its phase is 'shipmnt' {PHASES}; did you mean shipment?"),
                    (PHASE, "", f"its phase is 'None' {PHASES}"),
                    (PHASE, "phase = []", f"its phase is '[]' {PHASES}"),
                    (SETTINGS, "", "it has no Settings that derive from RuleSettings"),
                    (SETTINGS, "Settings = dict", "it has no Settings that derive from RuleSettings"),
                    ("def build", "def bild", "it has no build"),
                    ("    def build", "    async def build", f"its build is async, {AWAITED}"),
                    (RETURNS, "pass", "its build returned NoneType; it must return the rule"),
                    (RETURNS, LATER, f"its build returned an async function, {AWAITED}"),
                ],
            ),
            (
                "channels",
                CHANNEL,
                "",
                [
                    ("    fields = {}\n", "", "it has no fields, a dictionary, which may be empty"),
                    ("    statuses = {}\n", "    statuses = [200]\n", "it has no statuses, a dictionary"),
                    ('    path = "shout"\n', "", "it has no path, a text"),
                    ("request_model, response", "request, response", "it has no request_model, a model"),
                    (OWN, "Settings = QuoteRequest", "it has no Settings that derive from ChannelSettings"),
                    ("deadline = limit", "deadline = limt", "it has no limit"),
                    ("limit = 1.0", "limit = '1'", "its deadline is '1' and must be a number of seconds"),
                    (
                        "limit = 1.0",
                        "x = 1.0; limit = float('nan')",
                        "its limit is nan and must be a number of seconds",
                    ),
                    ("limit = 1.0", "x = 1.0; limit = 0", "its limit is 0 and must be a number of seconds"),
                    ("def read", "async def read", f"its read is async, {AWAITED}"),
                    ("def write", "async def write", f"its write is async, {AWAITED}"),
                    ("def authenticate", "async def authenticate", f"its authenticate is async, {AWAITED}"),
                    ("def example", "def sample", "it has no example"),
                    ("    def example", VERIFY, f"its verify is async, {AWAITED}"),
                ],
            ),
            (
                "packers",
                CHANNEL,
                "carriers.table.packer",
                [
                    ("def stack", "async def stack", f"it is async, {AWAITED}"),
                    ("def stack", "stack = 1\ndef pile", "it is int and no function"),
                ],
            ),
        )
        for there, instead, lacking in variants
    ],
)
def test_an_incomplete_plugin_is_refused_naming_its_distribution(
    tmp_path: Path, name: str, where: str, lacking: str
) -> None:
    (problem,), _ = looked_at(tmp_path, name)

    assert (problem.where, problem.fix) == (where or f"channels.{name}", "repair or upgrade charms")
    assert problem.cause.startswith(f"comes from charms 2, which is incomplete: {lacking}")


@pytest.mark.parametrize("name", [variant("rules", RULE), variant("channels", CHANNEL), variant("carriers", COMPLETE)])
def test_a_whole_plugin_is_taken(tmp_path: Path, name: str) -> None:
    assert looked_at(tmp_path, name) == ([], [])


CRASHES = ("raise ValueError('no licence')", "raise SystemExit", "raise GeneratorExit('odd')")
OF_CHANNEL = "        pass\n    def authenticate"


@pytest.mark.parametrize(
    ("name", "where", "line"),
    [(variant("rules", RULE, RETURNS, f"{crash}\n        {RETURNS}"), "rules.0", 8) for crash in CRASHES]
    + [(variant("channels", CHANNEL, OF_CHANNEL, f"        {crash}\n{OF_CHANNEL}"), "", 12) for crash in CRASHES],
)
def test_a_crash_while_a_plugin_is_made_is_told_with_its_words_its_line_and_its_distribution(
    tmp_path: Path, name: str, where: str, line: int
) -> None:
    (problem,), logged = looked_at(tmp_path, name)

    assert problem.where == (where or f"channels.{name}")
    assert problem.cause.startswith("the plugin crashed when it was made: ")
    assert f"(charms/{name}.py:{line})" in problem.cause
    assert problem.fix.startswith("upgrade or report charms")
    (entry,) = (each for each in logged if each["event"] == "plugin crashed")
    assert entry["distribution"] == "charms 2"
    assert f'{name}.py", line {line}' in str(entry["exc_info"])


SECRET = "{}['lost in ' + settings.access_code.get_secret_value()]"
CODE = "    access_code: SecretStr | None = None\n"
VALIDATED = f"""{CODE}
    @field_validator('access_code')
    @classmethod
    def _look(cls, code):
        return {{}}['lost in ' + code.get_secret_value()]
"""
CARRIER = COMPLETE.replace("import SecretStr", "import SecretStr, field_validator")
ABILITIES = "        self.abilities ="


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (variant("carriers", CARRIER, ABILITIES, f"        {SECRET}\n{ABILITIES}"), 13),
        (variant("carriers", CARRIER, CODE, VALIDATED), 11),
    ],
)
def test_a_carrier_s_crash_tells_no_secret_whether_its_constructor_or_a_validator_crashed(
    tmp_path: Path, name: str, line: int
) -> None:
    (problem,), logged = looked_at(tmp_path, name, settings='access_code = "${KEY}"')

    assert problem.where == "carriers.acme"
    assert "KeyError: 'lost in " in problem.cause
    assert f"(charms/{name}.py:{line})" in problem.cause
    (entry,) = (each for each in logged if each["event"] == "plugin crashed")
    assert f"{name}.py" in str(entry["exc_info"])
    assert "canary-4711" not in f"{problem}{entry['exc_info']}"


ARGUMENTS = variant("carriers", COMPLETE, "settings, services, tools", "settings, services")


def test_a_constructor_of_other_arguments_is_told_with_what_python_says(tmp_path: Path) -> None:
    (problem,), _ = looked_at(tmp_path, ARGUMENTS)

    assert "TypeError: Acme.__init__() takes 3 positional arguments but 4 were given" in problem.cause


YIELD, READ = "        yield", "    def read"


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        (variant("table_formats", FORMAT, there, instead), cause)
        for there, instead, cause in (
            (YIELD, f"        {{}}['table']\n{YIELD}", "crashed: KeyError: 'table' (charms/"),
            (YIELD, f"        yield 1\n{YIELD}", "crashed: TypeError: read() gave int; it must give one Row"),
            (YIELD, f"        return None\n    def rows():\n{YIELD}", "crashed: TypeError: 'NoneType' object is"),
            ("    version = 1\n", "", "is incomplete: its version is None and must be a whole number"),
            (READ, "    async def read", f"is incomplete: its read is async, {AWAITED}"),
            (READ, "    def reed", "is incomplete: it has no read"),
            (READ, f"    def __init__(self):\n        1 / 0\n{READ}", "crashed: ZeroDivisionError: division by"),
            ("class Lines", "raise SystemExit('no')\nclass Lines", "crashed: SystemExit: no (charms/"),
        )
    ],
)
def test_a_format_that_crashes_accuses_its_own_distribution(tmp_path: Path, name: str, cause: str) -> None:
    (problem,), logged = looked_at(tmp_path, name)

    assert problem.where == "carriers.table.settings.format"
    assert [each["format"] for each in logged if each["event"] == "table format crashed"] == [name][
        : "crashed" in cause
    ]
    assert problem.cause.startswith(f"the table format of charms 2 {cause}")
    assert problem.fix.endswith(" charms")
