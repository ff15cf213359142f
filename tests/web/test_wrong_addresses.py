"""Addresses at which nobody is: no 404 to a marketplace that takes one for "not delivered there"."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from stage import AUTH, browser, question
from structlog.testing import capture_logs

from portes.registry import CHANNELS, Registry
from portes.web.endpoints import paths_answering

SAYING_404 = sorted(paths_answering(Registry(), 404))
"""What names the installed channels that have an answer of this status."""


@pytest.fixture(scope="module")
def web() -> Iterator[requests.Session]:
    with browser() as session:
        yield session


@pytest.mark.parametrize("channel", SAYING_404)
@pytest.mark.parametrize("rest", ["", "/", "/a-t0ken-of-a-store-that-is-gone", "/what/ever"])
def test_a_call_to_a_store_or_channel_that_is_gone_is_503_where_404_would_be_an_answer(
    address: str, web: requests.Session, channel: str, rest: str
) -> None:
    for store in ("gone", "shop"):  # the one is no store, the other has no such channel
        answer = web.post(f"{address}/v1/{store}/{channel}{rest}", json=question(), auth=AUTH)

        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert answer.json()["detail"] == "no store has a channel at this address"


def test_other_channels_and_names_are_404_as_before(address: str, web: requests.Session) -> None:
    statuses = [
        web.post(f"{address}/v1/{path}", json=question(), auth=AUTH).status_code
        for path in ("gone/netshoes", "gone/no-channel", "shop/quotes", "shop/netshoes/more")
    ]

    assert statuses == [404] * 4


def test_some_installed_channel_takes_404_for_an_answer() -> None:
    assert "skyhub" in SAYING_404
    assert "netshoes" not in SAYING_404


ODD = """
class Cursed(type):
    @property
    def statuses(cls):
        raise ZeroDivisionError


class Odd(metaclass=Cursed):
    path = "odd"


class Nameless:
    statuses = {404: "nobody"}


class Sound:
    path = "sound"
    statuses = {404: "not delivered there"}
"""


def test_a_stranger_s_channel_that_cannot_be_looked_at_stops_no_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = paths_answering(Registry(), 404)
    entries = "\n".join(f"{name} = odd_channels_of_a_stranger:{name}" for name in ("Odd", "Nameless", "Sound"))
    info = tmp_path / "strangers-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: strangers\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[{CHANNELS}]\n{entries}\n")
    (tmp_path / "odd_channels_of_a_stranger.py").write_text(ODD)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    with capture_logs() as logged:
        found = paths_answering(Registry(), 404)

    assert found == {*before, "sound"}
    assert [line["plugin"] for line in logged] == ["Odd"]
