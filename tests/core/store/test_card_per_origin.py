"""Two carriers of one plugin, each for an origin of its own with credentials of its own."""

from pathlib import Path

from shop import item, request

from portes.simulators.serving import build_sandbox, serving
from portes.store import open_store

STORE = """
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
catalogue = "catalogue.csv"
[[origins]]
id = 1
postal_code = "01001000"
[[origins]]
id = 2
postal_code = "50030230"
"""
CARRIER = """
[carriers.{key}]
use = "correios-br"
id = {origin}
name = "Correios {key}"
origins = [{origin}]
timeout = "60s"
[carriers.{key}.settings]
user = "loja"
access_code = "${{CODE}}"
posting_card = "{card}"
base_url = "http://127.0.0.1:{port}"
[[carriers.{key}.services]]
{service}
"""
SEDEX = 'code = "03220"\ndelivery = "express"'
PAC = 'code = "03298"\ndelivery = "normal"'
WITHOUT_PAC, PAC_ALONE = "0000000001", "0000000002"
"""Posting cards of the sandbox: what a card has hangs on its last digit."""


def test_each_origin_has_a_posting_card_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "catalogue.csv").write_text("sku,origins\nsouthern,1\nnorthern,2\neverywhere,1 2\n")
    file = tmp_path / "portes.toml"
    with serving(build_sandbox("correios-br", ())) as port:
        south = CARRIER.format(key="south", origin=1, card=WITHOUT_PAC, service=SEDEX, port=port)
        north = CARRIER.format(key="north", origin=2, card=PAC_ALONE, service=PAC, port=port)
        file.write_text(STORE + south + north)
        with open_store(file, environ={"CODE": "a-code-of-forty-letters"}) as store:
            quotes = [store.quote(request(item(sku))) for sku in ("southern", "northern", "everywhere")]
            assert store.quoter.idle(60)

    offered = [[(one.delivery.value, one.carrier, one.origin_id) for one in q.lines[0].offers] for q in quotes]
    sedex, pac = ("express", "south", 1), ("normal", "north", 2)
    assert [sorted(each) for each in offered] == [[sedex], [pac], [sedex, pac]]
    assert [q.lines[0].failures for q in quotes] == [(), (), ()]
