"""The guide tells of everything there is."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from gallery.case import CASE
from gallery.leaflet.case import leaflet_case

from portes_testing import (
    AskedLine,
    Asks,
    Broken,
    CarrierContract,
    Case,
    ChannelCase,
    ChannelContract,
    FormatCase,
    FormatContract,
    OwnFault,
    PackerCase,
    PackerContract,
    Priced,
    ReplySample,
    RequestSample,
    RuleCase,
    RuleContract,
    Sample,
)
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.channels.checks import answers, deadlines, questions, signatures
from portes_testing.faults.table import Fault, faults_of
from portes_testing.recordings.provenance import Provenance

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "contract-kit.md").read_text(encoding="utf-8")
CASSETTES = (ROOT / "cassettes" / "README.md").read_text(encoding="utf-8")
INSTALLED_ONLY_BY_THE_KIT = {"carrier", "sandbox"}


@pytest.mark.parametrize("name", [name for name in dir(CarrierContract) if name.startswith("test_")])
def test_each_test_of_the_suite_says_what_it_prevents(name: str) -> None:
    assert f"| `{name}` |" in GUIDE


@pytest.mark.parametrize("name", [name for name in dir(FormatContract) if name.startswith("test_")])
def test_each_test_of_the_suite_of_formats_says_what_it_prevents(name: str) -> None:
    assert f"| `{name}` |" in GUIDE.partition("## A table format")[2]


@pytest.mark.parametrize("key", [each.name for each in fields(FormatCase)])
def test_each_key_of_a_format_case_is_described(key: str) -> None:
    assert f"| `{key}` |" in GUIDE.partition("## A table format")[2]


@pytest.mark.parametrize("key", [each.name for each in (*fields(Sample), *fields(Broken), *fields(Priced))])
def test_each_key_of_a_sample_is_described(key: str) -> None:
    assert f"`{key}`" in GUIDE.partition("## A table format")[2]


@pytest.mark.parametrize("name", [name for name in dir(RuleContract) if name.startswith("test_")])
def test_each_test_of_the_suite_of_rules_says_what_it_prevents(name: str) -> None:
    assert f"| `{name}` |" in GUIDE.partition("## The suite of rules")[2]


@pytest.mark.parametrize("key", [each.name for each in fields(RuleCase)])
def test_each_key_of_a_rule_case_is_described(key: str) -> None:
    assert f"| `{key}` |" in GUIDE.partition("## The suite of rules")[2]


@pytest.mark.parametrize("name", [name for name in dir(PackerContract) if name.startswith("test_")])
def test_each_test_of_the_suite_of_packers_says_what_it_prevents(name: str) -> None:
    assert f"| `{name}` |" in GUIDE.partition("## The suite of packers")[2]


@pytest.mark.parametrize("key", [each.name for each in fields(PackerCase)])
def test_each_key_of_a_packer_case_is_described(key: str) -> None:
    assert f"| `{key}` |" in GUIDE.partition("## The suite of packers")[2]


@pytest.mark.parametrize("name", [name for name in dir(ChannelContract) if name.startswith("test_")])
def test_each_test_of_the_suite_of_channels_says_what_it_prevents(name: str) -> None:
    assert f"| `{name}` |" in GUIDE.partition("## The suite of channels")[2]


@pytest.mark.parametrize("key", [each.name for each in fields(ChannelCase)])
def test_each_key_of_a_channel_case_is_described(key: str) -> None:
    table = GUIDE.partition("## The suite of channels")[2].partition("### What is checked")[0]

    assert re.search(rf"^\| [^|]*`{key}`[^|]* \|", table, re.MULTILINE)


@pytest.mark.parametrize(
    "key", [each.name for kind in (RequestSample, ReplySample, Asks, AskedLine) for each in fields(kind)]
)
def test_each_key_of_a_call_and_of_a_reply_is_described(key: str) -> None:
    assert f"`{key}`" in GUIDE.partition("## The suite of channels")[2].partition("### What is checked")[0]


def test_the_guides_case_of_a_channel_is_one_that_the_gallerys_channel_passes() -> None:
    case = example("class TestTill")["TestTill"].case
    under_test = ChannelUnderTest(case)

    answers.a_served_quote_is_read_back(under_test)
    signatures.a_signature_is_over_the_raw_bytes(under_test)
    questions.a_sample_asks_what_it_says(under_test)
    deadlines.a_hint_only_shortens(under_test)
    assert len(under_test.asked) == 1 + len(case.requests)


def test_the_guides_case_of_a_format_is_one_that_the_gallerys_format_passes() -> None:
    case = example("class TestLeaflet")["TestLeaflet"].case

    own = leaflet_case("leaflet")
    promised = {str(each) for each in own.samples[0].prices}
    assert (case.name, case.decorations, case.optional) == (own.name, own.decorations, own.optional)
    assert [(each.where, each.line, each.options) for each in case.broken] == [
        (each.where, each.line, each.options) for each in own.broken
    ]
    assert case.samples[0].options == own.samples[0].options
    assert {str(each) for each in case.samples[0].prices} <= promised


@pytest.mark.parametrize("fault", faults_of("number"), ids=lambda each: each.name)
def test_each_fault_is_in_the_table(fault: Fault) -> None:
    assert f"| `{fault.name}` |" in GUIDE


@pytest.mark.parametrize("key", sorted({each.name for each in fields(Case)} - INSTALLED_ONLY_BY_THE_KIT))
def test_each_key_of_a_case_is_described(key: str) -> None:
    assert f"`{key}`" in GUIDE


@pytest.mark.parametrize("key", [each.name for each in fields(Provenance)])
def test_each_key_of_a_provenance_is_described(key: str) -> None:
    assert f"`{key}`" in CASSETTES


@pytest.mark.parametrize("key", [each.name for each in fields(OwnFault)])
def test_each_key_of_an_own_fault_is_described(key: str) -> None:
    assert f"| `{key}` |" in GUIDE


def example(words: str) -> dict[str, Any]:
    """The names that the guide's example with these words makes."""
    (code,) = (code for code in re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL) if words in code)
    names: dict[str, Any] = {"__file__": __file__, "__name__": "the_guide"}
    exec(code, names)  # noqa: S102 — our own page
    return names


def test_the_guides_own_case_has_the_own_faults_that_the_gallerys_carrier_is_held_to() -> None:
    assert example("own_faults=(")["TestParcelpost"].case.own_faults == CASE.own_faults
