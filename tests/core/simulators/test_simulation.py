"""Simulated carriers of a demo store: switched on where their plugin is installed, left alone where it is not."""

from pathlib import Path

import pytest
import requests
from stage import browser
from terminal import install

from portes.settings import load_store
from portes.simulators.simulation import simulation

BRASS = """
class Brass:
    moods = {"dull": "shines less"}

    def __init__(self, moods=(), clock=None):
        pass

    def __call__(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"brass"]
"""
STORE = """
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
[[origins]]
id = 1
postal_code = "01001000"

[carriers.table]
use = "table"
id = 1
services = [{ code = "n", delivery = "normal" }]

[carriers.band]
use = "brass"
# [it needs an account]
active = false                       # until then
id = 2
name = "Brass Band"
services = [{ code = "n", delivery = "normal" }]
[carriers.band.settings]
base_url = "${BAND_URL}"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store in which one carrier waits for its address, and a plugin that brings its simulator."""
    entry_points = "[portes.carriers]\nbrass = acme_brass:Brass\n[portes.sandboxes]\nbrass = acme_brass:Brass\n"
    site = tmp_path / "site"
    site.mkdir()
    install(site, "acme-brass", entry_points, acme_brass=BRASS)
    monkeypatch.syspath_prepend(site)
    file = tmp_path / "shop.toml"
    file.write_text(STORE)
    return file


def test_a_carrier_that_waits_for_its_address_is_simulated_and_switched_on(file: Path) -> None:
    with simulation(file) as simulated:
        with browser() as session:
            assert session.get(f"{simulated.environ['BAND_URL']}/anything", timeout=10).text == "brass"

        assert [(carrier.name, carrier.calls) for carrier in simulated.carriers] == [("Brass Band", 1)]
        assert load_store(file, {}).carriers["band"].active is True


def test_nothing_else_in_the_file_changes(file: Path) -> None:
    with simulation(file):
        pass

    assert file.read_text() == STORE.replace("active = false ", "active = true ")


def test_the_simulator_ends_with_the_block(file: Path) -> None:
    with simulation(file) as simulated:
        address = simulated.environ["BAND_URL"]

    with browser() as session, pytest.raises(requests.ConnectionError):
        session.get(address, timeout=10)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('use = "brass"', 'use = "silver"'),
        ("active = false", "active = true"),
        ('"${BAND_URL}"', '"https://band.example"'),
        ('base_url = "${BAND_URL}"', ""),
    ],
)
def test_whatever_is_not_installed_or_does_not_wait_is_left_alone(file: Path, written: str, instead: str) -> None:
    text = STORE.replace(written, instead)
    file.write_text(text)

    with simulation(file) as simulated:
        assert (simulated.carriers, simulated.environ) == ([], {})
    assert file.read_text() == text
