"""No secret stands in a receipt, whatever a careless carrier says; the database is unpacked and read as a whole."""

import sqlite3
import sys
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from keeping import desk
from leaky_shop import LEAKY, STORE
from nouns import nouns_in
from shop import EXPRESS, brl, failure, member, rate, refusal, service
from stage import AUTH, ENVIRON, browser, on_loopback, question

from portes.contract import Note, PickupKind, PickupPoint, Surcharge
from portes.hooks import Watchers
from portes.redaction import MASK, Redactor
from portes.store import open_store
from portes.web.app import public_app

SECRETS = {"PASSWORD": "canary/pass+word 1", "SECRET": "canary-4711-0815", "NATIVE": "canary-native-key"}
CARD = "canary-card-2"

CHANNELS = """
[channels.native]
keys = "${{NATIVE}}"
limit = "60s"
[channels.netshoes]
auth = {{ kind = "basic", username = "netshoes", password = "${{SECRET}}" }}
limit = "60s"
"""


def unpacked(database: Path) -> bytes:
    """Everything that the database holds, its pages unpacked."""
    with closing(sqlite3.connect(database)) as connection:
        pages = [zlib.decompress(body) for (body,) in connection.execute("select body from pages")]
        rows = repr([connection.execute(f"select * from {table}").fetchall() for table in ("receipts", "versions")])  # noqa: S608 -- our own
    return b"\n".join([*pages, rows.encode(), database.read_bytes()])


def shapes(secret: str) -> list[bytes]:
    texts = [secret, *(b64encode(text.encode()).decode().rstrip("=") for text in (secret, f"netshoes:{secret}"))]
    return [text.encode() for text in texts]


@pytest.fixture
def leaky(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(LEAKY)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield
    sys.modules.pop("portes_leaky", None)


@pytest.mark.usefixtures("leaky")
@pytest.mark.parametrize("mood", ["crash", "hint", "answer", "log", "call"])
def test_no_secret_of_a_store_stands_in_its_receipts(tmp_path: Path, mood: str) -> None:
    (tmp_path / "card").write_text(CARD)
    (tmp_path / "shop.toml").write_text((STORE + CHANNELS).format(mood=mood))
    watchers = Watchers()
    store = open_store(tmp_path / "shop.toml", environ=ENVIRON | SECRETS, watchers=watchers)
    with on_loopback(public_app((store,), watchers)) as address, browser() as web:
        answer = web.post(f"{address}/v1/shop/netshoes?key=stranger", json=question(note="stranger"), auth=AUTH)
        native = {"Authorization": f"Bearer {SECRETS['NATIVE']}"}
        asked = {"destination": {"country": "BR", "postal_code": "01512651"}, "lines": [LINE]}
        other = web.post(f"{address}/v1/shop/quotes", json=asked, headers=native)
    assert (answer.status_code, other.status_code) == (503, 503)

    held = unpacked(tmp_path / "state" / "receipts.sqlite")

    assert held.count(b'"reply":{"status":503') == 2
    assert [
        shape for secret in (*SECRETS.values(), CARD, "stranger") for shape in shapes(secret) if shape in held
    ] == []
    if mood != "crash":  # then the hint is ours
        assert MASK.encode() in held or mood == "call"


LINE = {"sku": "sku-1", "quantity": 1, "weight": 500, "size": {"length": 1, "width": 1, "height": 1}}


def test_every_text_of_an_answer_is_masked_before_anybody_sees_it(tmp_path: Path) -> None:
    told = f"said {CARD}"
    point = PickupPoint(id=told, kind=PickupKind.OFFICE, name=told, address=told, town=told, hours=told)
    texts: dict[str, Any] = {
        "surcharges": (Surcharge(name=told, amount=brl(1000)),),
        "notes": (Note(kind=told, text=told),),
        "pickup_points": (point,),
    }
    outcomes: list[Any] = [
        rate("n", **texts),
        refusal("e").model_copy(update={"text": told, "code": told}),
        failure("f").model_copy(update={"hint": told}),
    ]
    services = (service("n"), service("e", EXPRESS), service("f", EXPRESS))
    carrier = member("loud", lambda _: outcomes, *services, mask=Redactor([CARD]).text)
    with desk(tmp_path) as kept:
        quote = kept.quote(carrier)

    masked = [
        text for noun in nouns_in(quote) for text in vars(noun).values() if isinstance(text, str) and MASK in text
    ]
    assert len(masked) >= 2 * 6 + 3
    assert CARD not in quote.model_dump_json()
    assert CARD.encode() not in unpacked(kept.path)


@pytest.mark.parametrize("secret", ["1000", "n", "BRL", "normal", "2"])
def test_a_secret_that_reads_like_a_price_or_a_service_changes_neither(tmp_path: Path, secret: str) -> None:
    carriers = [member("loud", mask=mask) for mask in (None, Redactor([secret]).text)]
    with desk(tmp_path) as kept:
        plain, masked = (kept.quote(carrier) for carrier in carriers)

    assert masked.lines == plain.lines


def test_an_answer_without_a_secret_stays_the_very_same(tmp_path: Path) -> None:
    said = rate("n", notes=(Note(kind="risk_area", text="far away"),))
    with desk(tmp_path) as kept:
        quote = kept.quote(member("quiet", lambda _: [said], mask=Redactor([CARD]).text))

    assert quote.lines[0].offers[0].rate is said
