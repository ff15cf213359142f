"""`portes replay`: a recorded quote decided again, to the cent or with the first difference."""

import json
from pathlib import Path
from typing import Any

import pytest
from stage import ENVIRON, EXPRESS, NORMAL, question, write_store
from terminal import Portes

from portes.channels.protocol import ChannelRequest, request_in
from portes.store import open_store

KEEPING = '[service]\nstate = "state"\n[[rules]]\nuse = "markup"\npercent = 10\n'
SAME = "same to the cent\nnothing changed in settings, tariffs and plugins\n"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    carriers: dict[str, dict[str, Any]] = {"near": {"prefixes": ["0"]}}
    return write_store(tmp_path, "shop", carriers, services={"near": [NORMAL, EXPRESS]}, more=KEEPING)


def ask(file: Path, **more: Any) -> str:
    """Put a question as Netshoes does; the id of the quote, whose receipt is kept."""
    with open_store(file) as store:
        channel = store.channels["netshoes"]
        request = request_in(channel.read(ChannelRequest("POST", "/", body=json.dumps(question(**more)).encode())))
        quote = store.quote(request)
        store.replied(quote.id, channel.write(quote, request), 0.01)
    return quote.id


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


@pytest.mark.parametrize("zip_code", ["01512651", "99999999"])
def test_the_same_settings_are_the_same_to_the_cent(portes: Portes, shop: Path, zip_code: str) -> None:
    told = portes("replay", ask(shop, zip_code=zip_code), "--store", shop)

    assert (told.exit_code, told.stdout) == (0, SAME)


def test_a_price_that_would_be_another_is_named_with_what_changed(portes: Portes, shop: Path) -> None:
    quote = ask(shop)
    change(shop, "percent = 10", "percent = 12")

    told = portes("replay", quote, "--store", shop)

    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        "different: quote.lines.0.offers.0.price.minor",
        "  then  1100",
        "  now   1120",
        "changed since: rules.0.markup",
    ]


def test_what_changed_without_changing_the_price_is_named_too(portes: Portes, shop: Path) -> None:
    quote = ask(shop)
    change(shop, '{ kind = "basic", username = "netshoes"', '{ kind = "basic", username = "zattini"')

    told = portes("replay", quote, "--store", shop)

    assert (told.exit_code, told.stdout) == (0, "same to the cent\nchanged since: channels.netshoes\n")


def test_a_tariff_that_changed_is_named_and_the_answers_of_then_still_count(portes: Portes, tmp_path: Path) -> None:
    table = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\n"
    (tmp_path / "table.csv").write_text(f"{table}n,01000000,19999999,0,30000,10.00,2,3\n")
    file = write_store(tmp_path, "shop", {"table": {"file": "table.csv"}}, more=KEEPING)
    change(file, 'use = "prop"', 'use = "table"')
    quote = ask(file)
    (tmp_path / "table.csv").write_text(f"{table}n,01000000,19999999,0,30000,99.00,2,3\n")

    told = portes("replay", quote, "--store", file)

    assert (told.exit_code, told.stdout) == (0, "same to the cent\nchanged since: carriers.table.tariff\n")


def test_a_carrier_that_would_be_asked_today_as_well_is_the_difference(portes: Portes, shop: Path) -> None:
    quote = ask(shop)
    other = '\n[carriers.other]\nuse = "prop"\nid = 2\n[[carriers.other.services]]\ncode = "n"\ndelivery = "normal"\n'
    shop.write_text(shop.read_text() + other)

    told = portes("replay", quote, "--store", shop)

    assert told.exit_code == 1
    assert told.stdout.startswith("different: asked.1\n  then  (nothing)\n  now   other about 1:0\n")


def test_a_reply_in_other_words_is_a_difference(portes: Portes, shop: Path) -> None:
    quote = ask(shop)
    change(shop, "[channels.netshoes]", "[channels.netshoes]\nhours_per_day = 12")

    told = portes("replay", quote, "--store", shop)

    assert told.exit_code == 1
    assert told.stdout.startswith("different: reply.body.shippingQuotes.0.deliveryOptions.0.deliveryMinHH\n")
    assert told.stdout.endswith("changed since: channels.netshoes\n")


def test_a_store_that_does_not_open_is_said_so(portes: Portes, shop: Path) -> None:
    quote = ask(shop)
    change(shop, 'use = "prop"', 'use = "gone"')

    told = portes("replay", quote, "--store", shop)

    assert told.exit_code == 2
    assert "carriers.near.use: is no installed carrier" in told.stderr


def test_an_id_that_nobody_knows_is_exit_code_two(portes: Portes, shop: Path) -> None:
    told = portes("replay", "nobody", "--store", shop)

    assert told.exit_code == 2
    assert "is the id of no quote" in told.stderr
