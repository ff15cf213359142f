"""A rule that fails, as the command line tells it: asked, explained from its receipt, decided again, counted."""

from pathlib import Path

import pytest
from stage import ENVIRON, write_store
from structlog.testing import capture_logs
from terminal import Portes, install

from portes.channels.protocol import request_in
from portes.store import open_store
from portes.web.monitoring.metrics import exposition

CHARM = """
from portes.rules.protocol import Phase, RuleSettings
class Charm:
    Settings = RuleSettings
    phase = Phase.SHIPMENT
    @staticmethod
    def build(settings, currency):
        return lambda offers, occasion: offers[7:]["price"]
"""
KEEPING = '[service]\nstate = "state"\n[[rules]]\nuse = "charm"\n'
TOLD = "rules.0 charm of charms 2: it raised TypeError at charms_of_cli.py:8"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(tmp_path)
    install(tmp_path, "charms", "[portes.rules]\ncharm = charms_of_cli:Charm\n", charms_of_cli=CHARM)
    return write_store(tmp_path, "charming", {"near": {}}, more=KEEPING)


def test_a_rule_that_fails_is_told_wherever_its_quote_is(portes: Portes, shop: Path) -> None:
    asked = portes("quote", "--store", shop, "--to", "01512651", "--item", "a:1:1kg:1x1x1cm")
    with capture_logs(), open_store(shop) as store:
        assert store.receipts is not None
        channel = store.channels["netshoes"]
        quote = store.quote(request_in(channel.read(channel.example())))
        reply = channel.write(quote, channel.read(channel.example()))
    explained = portes("explain", quote.id, "--store", shop)
    full = portes("explain", quote.id, "--store", shop, "--full")
    replayed = portes("replay", quote.id, "--store", shop)

    assert asked.exit_code == 4
    assert TOLD in asked.stdout
    assert "plugin failed" in asked.stderr
    assert reply.status == 503
    assert f"failed    {TOLD}" in explained.stdout
    assert "Today the same answers lead elsewhere" not in explained.stdout
    assert f"{TOLD}\n  so no price is certain" in full.stdout
    assert replayed.exit_code == 0
    counted = b'portes_plugin_failures_total{part="rules.0",plugin="charm",store="charming"} 2.0'
    assert counted in exposition()
