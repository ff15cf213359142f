"""Every built-in channel passes the suite of channels, with every sample of its platform."""

import runpy
from pathlib import Path

import pytest

from portes.registry import CHANNELS, Registry
from portes_testing import ChannelCase, ChannelContract

HERE = Path(__file__).parent
BUILT_IN = [plugin.name for plugin in Registry().plugins(CHANNELS) if plugin.distribution == "portes"]
SAMPLES = [
    path.name for path in sorted((HERE / "samples").glob("*.json")) if path.suffixes[0] in {".request", ".response"}
]


@pytest.fixture(scope="module")
def cases() -> list[ChannelCase]:
    """The case of every class that pytest collects from a file of contracts."""
    found = [
        value
        for path in sorted(HERE.rglob("test_*contract.py"))
        for name, value in runpy.run_path(str(path)).items()
        if name.startswith("Test") and isinstance(value, type) and issubclass(value, ChannelContract)
    ]
    return [contract.case for contract in found]


@pytest.mark.parametrize("channel", BUILT_IN)
def test_every_built_in_channel_has_a_class_that_puts_it_to_the_suite(channel: str, cases: list[ChannelCase]) -> None:
    assert channel in {case.name for case in cases}


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_of_a_question_or_an_answer_is_put_to_its_channel(sample: str, cases: list[ChannelCase]) -> None:
    own = [case for case in cases if case.name.replace("-", "_") == sample.partition("__")[0]]
    asked = [one.source for case in own for one in case.requests]
    told = [one.source for case in own for one in case.replies]

    assert HERE / "samples" / sample in [*asked, *told]
