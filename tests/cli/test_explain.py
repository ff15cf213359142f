"""`portes explain`: the story of a price from its receipt, found by our id or the marketplace's."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from shop import FrozenClock, item, request
from stage import ENVIRON, EXPRESS, NORMAL, question, write_store
from terminal import Portes

from portes.channels.protocol import ChannelRequest, request_in
from portes.clock import Clock, SystemClock
from portes.receipts.codec import Entry
from portes.receipts.database import Page, ReceiptDatabase
from portes.receipts.receipt import Receipt
from portes.store import open_store

RULES = '[[rules]]\nuse = "markup"\npercent = 10\n[[rules]]\nuse = "cheapest"\n'
KEEPING = f'[service]\nstate = "state"\n{RULES}'
OURS = SystemClock()
EXCLUDED = '[[rules]]\nuse = "exclude"\ncarriers = ["dear"]\nregions = ["9"]\n'


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write(tmp_path)


def write(folder: Path, name: str = "shop", more: str = KEEPING) -> Path:
    """Two carriers with one delivery type, of which one goes everywhere, and one that crashes."""
    light = {**EXPRESS, "most_grams": 100, "extra_cost": "2.50"}
    services: dict[str, list[dict[str, Any]]] = {
        "near": [NORMAL, light],
        "dear": [{**NORMAL, "cents": 1500}],
        "crash": [EXPRESS],
    }
    carriers: dict[str, dict[str, Any]] = {"near": {"prefixes": ["0"]}, "dear": {}, "crash": {"crashes": True}}
    return write_store(folder, name, carriers, services=services, more=more)


def ask(file: Path, *products: Any, clock: Clock = OURS, **more: Any) -> str:
    """Put a question as Netshoes does; the id of the quote, whose receipt is kept."""
    with open_store(file, clock=clock) as store:
        channel = store.channels["netshoes"]
        asked = request_in(
            channel.read(ChannelRequest("POST", "/", body=json.dumps(question(*products, **more)).encode()))
        )
        quote = store.quote(asked)
        store.replied(quote.id, channel.write(quote, asked), 0.0123)
    return quote.id


def lines(text: str) -> Iterator[str]:
    """The lines with what differs from run to run put aside: durations, days and fingerprints."""
    for line in text.splitlines():
        yield re.sub(r"[\d.]+ m?s\b", "T", re.sub(r"\d{4}-\d\d-\d\d( [\d:-]+)?", "D", line.strip()))


def test_the_story_tells_who_asked_where_to_and_how_each_price_came_about(portes: Portes, shop: Path) -> None:
    quote = ask(shop, {"skuCode": "light", "weight": 0.1})

    told = portes("explain", quote, "--store", shop)

    assert told.exit_code == 0
    story = [re.sub(r"\d+ to \d+|\d+(?= business)", "N", line) for line in lines(told.stdout)]
    assert story == [
        f"quote     {quote}: served",
        "asked     D by netshoes for CAT_NETSHOESNOVA, as 6dccffe9-52e7-456c-b814-b72ae3e49cc1",
        "to        BR 01512651",
        "from      origin 1, BR 01001000: 1 parcel, 100 g, handed over on D",
        "normal    light by near (near n): 11.00 BRL, N business days of BR, D to D",
        "cost 10.00 BRL, from a table",
        "rules.0 markup near n 10.00 → 11.00",
        "rules.1 cheapest dropped dear n at 16.50 BRL",
        "express   light by near (near x): 13.75 BRL, N business days of BR, D to D",
        "cost 10.00 BRL, from a table",
        "with the service's own extra cost 12.50 BRL",
        "rules.0 markup near x 12.50 → 13.75",
        "failed    crash x, crashed: the carrier plugin crashed; its log line tells where",
        "took      T to decide; near T, dear T, crash T",
        "replied   200 after T",
    ]


def test_a_winner_that_no_rule_chose_is_said_to_be_the_cheapest_though_rules_changed_prices(
    portes: Portes, tmp_path: Path
) -> None:
    file = write(tmp_path, more=KEEPING.replace('[[rules]]\nuse = "cheapest"\n', ""))

    told = portes("explain", ask(file), "--store", file)

    said = [line.strip() for line in told.stdout.splitlines()]
    assert said.index("rules.0 markup near n 10.00 → 11.00") < said.index("cheapest of 2 offers of this type")


def test_rules_that_did_not_apply_are_told_with_their_first_unmet_condition(portes: Portes, tmp_path: Path) -> None:
    more = (
        f"{KEEPING}{EXCLUDED}"
        '[[rules]]\nuse = "free"\nwhen = { value_from = "1.00" }\n'
        '[[rules]]\nuse = "days"\nmore = 2\nwhen = { carriers = ["near"] }\n'
        '[[rules]]\nuse = "price"\nfixed = "1.00"\nwhen = { notes = ["risk_area"] }\n'
    )
    file = write(tmp_path, more=more)
    asked = ask(file, {"skuCode": "a"}, {"skuCode": "b"})

    short = portes("explain", asked, "--store", file).stdout.splitlines()
    full = "\n".join(portes("explain", asked, "--store", file, "--full").stdout.splitlines())

    idle = (
        'rules.2 exclude did not apply: regions: BR 01512651 lies outside "9"',
        'rules.5 price did not apply: when.notes: the rate of near n has none of "risk_area"',
        'rules.3 free did not apply: when.value_from: the declared value of "a", "b" is not known',
    )
    assert {f"not       {each}" for each in idle} <= set(short)
    assert all(each in full for each in idle)
    assert not any("rules.4" in line for line in short if line.startswith("not "))
    assert re.search(r"rules\.4 days near n later: \d+ to \d+ business days of BR, .* now \d+ to \d+ business", full)


def test_refusals_are_told_with_their_reason(portes: Portes, shop: Path) -> None:
    told = portes("explain", ask(shop, zip_code="99999999"), "--store", shop)

    assert "refused   near n, not_served" in told.stdout.splitlines()


def test_the_full_derivation_tells_every_step(portes: Portes, tmp_path: Path) -> None:
    file = write(tmp_path, more=KEEPING + EXCLUDED)
    asked = ask(file, {"skuCode": "a", "quantity": 3}, {"skuCode": "b", "weight": 0.1}, zip_code="01512651")

    told = portes("explain", asked, "--store", file, "--full")

    assert told.exit_code == 0
    text = "\n".join(lines(told.stdout))
    sections = [line for line in told.stdout.splitlines() if line and line[0].isupper()]
    assert sections == ["Asked", "Planned", "Heard", "Decided", "Verdict", "Offered", "Replied", "At work"]
    for words in (
        "line 1: 3 x a, 500 g and 250 x 100 x 100 mm each",
        "1 x 1500 g, 250 x 300 x 100 mm, volume 7500000 mm³, of no stated value, with line 1",
        "together 1 parcel, 1500 g, 7500000 mm³, value not stated for all",
        "packed from origin 1 for near (n, x), dear (n), crash (x):",
        "near about shipment 1:0, in T",
        "n carries for 10.00 BRL, 2 to 4 business days, from a table",
        "x refuses, too_heavy",
        "x failed, crashed: the carrier plugin crashed; its log line tells where",
        "near x: cost 10.00 BRL + 2.50 of the service's own",
        "business days of BR, D to D",
        "rules.1 cheapest dropped dear n at 16.50 BRL",
        "left: near n at 11.00 BRL",
        "line 1 can be had normal; express failed",
        "line 2 can be had normal, express",
        "common to all lines: normal; so it is served",
        "with what failed it could be express too; a channel may withhold the rest",
        '"shippingQuotes":[{"skuCode":"a"',
        "rules.0.markup: ",
    ):
        assert words in text
    assert "not exact" not in text


def test_a_price_adds_up_when_lines_travel_together_and_one_becomes_free(portes: Portes, tmp_path: Path) -> None:
    free = '[[rules]]\nuse = "free_shipping"\nregions = ["0"]\nwhich = "normal"\n'
    file = write(tmp_path, more=KEEPING + free)
    text = file.read_text().replace('country = "BR"', 'country = "BR"\nlines = "together"', 1)
    file.write_text(re.sub('use = "prop"\nid = ([13])', r'\g<0>\npacker = "single"', text))
    asked = ask(file, {"skuCode": "a", "quantity": 3}, {"skuCode": "b", "weight": 0.1})

    story = portes("explain", asked, "--store", file).stdout
    full = portes("explain", asked, "--store", file, "--full").stdout

    parts = re.findall(r"([\d.]+) BRL is this line's part, .*\n +rules.2 free_shipping near n ([\d.]+) → 0.00", story)
    assert [part == before != "0.00" for part, before in parts] == [True, True]
    assert re.findall(r"^from .* (\d) parcels?, .*, packed so for (.*)$", story, re.MULTILINE) == [
        ("4", "near, crash"),
        ("1", "dear"),
    ]
    assert re.findall("packed so for (.*)", full.partition("\nHeard")[0].partition("\nPlanned")[2]) == [
        "near, crash",
        "dear",
    ]


def test_the_story_tells_which_type_might_serve_too(portes: Portes, tmp_path: Path) -> None:
    file = write(tmp_path, more=KEEPING)
    asked = ask(file, {"skuCode": "a", "quantity": 3}, {"skuCode": "b", "weight": 0.1})

    told = portes("explain", asked, "--store", file)

    assert "uncertain express: it might serve all lines too, and could not be found out" in told.stdout.splitlines()


def test_the_full_derivation_tells_what_each_day_before_the_hand_over_is_for(portes: Portes, shop: Path) -> None:
    text = shop.read_text().replace('country = "BR"', 'country = "BR"\npre_sale_days = 5', 1)
    shop.write_text(text.replace('postal_code = "01001000"', 'postal_code = "01001000"\nhandling_days = 2', 1))

    told = portes("explain", ask(shop, {"preSale": True}), "--store", shop, "--full")

    (days,) = re.findall(r"normal for line 1, handed over on \S+ after (\d+) open days of the origin", told.stdout)
    (parts,) = re.findall(r"of these (.*)", told.stdout)
    assert parts.startswith(
        "2 for handling at the origin, 5 for the slowest item, by the catalogue or the question, or"
    )
    assert sum(int(part.split()[0]) for part in parts.split(", ") if part[0].isdigit()) == int(days)


def test_the_story_tells_when_goods_were_ready_and_which_collection_took_them(portes: Portes, shop: Path) -> None:
    week = """
timezone = "America/Manaus"
cut_off = { mon = "11:00", other = "15:00" }
[[origins.collections]]
carriers = ["near"]
days = ["thu"]
times = ["16:00"]
"""
    shop.write_text(shop.read_text().replace('postal_code = "01001000"', f'postal_code = "01001000"{week}', 1))
    noon = FrozenClock(datetime(2026, 3, 2, 16, 30, tzinfo=UTC))

    quote = ask(shop, clock=noon)
    short, full = (portes("explain", quote, "--store", shop, *more).stdout for more in ((), ("--full",)))

    parcel = "origin 1, BR 01001000: 1 parcel, 500 g, handed over on"
    assert re.findall(r"^from +(.*)", short, re.MULTILINE) == [
        f"{parcel} Thursday, 2026-03-05, collection at 16:00, ready on Tuesday, 2026-03-03, for near",
        f"{parcel} 2026-03-03, for dear, crash",
    ]
    by_clock = "by the clock of America/Manaus, asked Monday, 2026-03-02, at 12:30:00"
    assert f"  0 open days of the origin (BR-SP) for handling, orders until 11:00:00 {by_clock}" in full
    assert "normal for line 1, ready on 2026-03-03 after 1 open day of the origin" in full
    assert "1 because the order came at 12:30:00 on Monday, 2026-03-02, after the cut-off at 11:00" in full


def test_an_order_on_a_closed_day_is_told_to_have_come_on_one(portes: Portes, shop: Path) -> None:
    saturday = FrozenClock(datetime(2026, 3, 7, 12, tzinfo=UTC))

    full = portes("explain", ask(shop, clock=saturday), "--store", shop, "--full").stdout

    assert "1 because the order came at 09:00:00 on Saturday, 2026-03-07, a closed day" in full


def test_a_quote_of_the_command_line_says_how_its_price_can_be_explained(portes: Portes, shop: Path) -> None:
    asked = ("--to", "01512651", "--item", "a:1:0.5kg:10x10x25cm")
    told = portes("quote", "--store", shop, *asked)

    (quote,) = re.findall(r"Its receipt: portes explain (\w+)", told.stdout)
    assert portes("explain", quote, "--store", shop).exit_code == 0


def test_who_was_not_asked_is_told_with_the_rule(portes: Portes, tmp_path: Path) -> None:
    file = write(tmp_path, more=KEEPING + EXCLUDED)

    told = portes("explain", ask(file, zip_code="99999999"), "--store", file, "--full")

    assert "  dear was not asked about origin 1: rules.2 exclude" in told.stdout.splitlines()


def test_an_unknown_verdict_is_told_with_what_could_have_been(portes: Portes, shop: Path) -> None:
    file = write(shop.parent, "far", KEEPING + '[[rules]]\nuse = "exclude"\ncarriers = ["dear"]\nregions = ["9"]\n')

    told = portes("explain", ask(file, zip_code="99999999"), "--store", file, "--full")

    assert "unknown: what failed could have made the difference" in told.stdout
    assert "  with what failed it could be express; so nobody knows" in told.stdout.splitlines()


def test_a_not_served_verdict_is_told_with_why(portes: Portes, shop: Path) -> None:
    text = shop.read_text().replace("crashes = true", "crashes = false").replace("id = 3\n", "id = 3\nactive = false\n")
    shop.write_text(text.replace("id = 2\n", "id = 2\nactive = false\n"))

    told = portes("explain", ask(shop, zip_code="99999999"), "--store", shop, "--full")

    assert "  no type is common to all lines, whatever the failures would have said; so it is not served" in (
        told.stdout.splitlines()
    )


def test_the_marketplace_s_id_tells_the_newest_and_lists_the_others(portes: Portes, shop: Path) -> None:
    quotes = [ask(shop, id="theirs") for _ in range(3)]

    told = portes("explain", "theirs", "--store", shop)

    assert told.stdout.startswith(f"quote     {quotes[2]}: served\n")
    _, _, others = told.stdout.partition("Earlier with the same id theirs:\n")
    assert [line.split()[2:] for line in others.splitlines()] == [[quotes[1], "served"], [quotes[0], "served"]]


def test_a_quote_is_told_though_an_earlier_one_with_its_id_was_written_by_another_version(
    portes: Portes, shop: Path
) -> None:
    old = Entry("q-old", "theirs", datetime(2026, 3, 2, tzinfo=UTC), b'{"quote": "in other words"}')
    with closing(ReceiptDatabase(shop.parent / "state" / "receipts.sqlite")) as database:
        database.write([Page("shop", 30, {}, [old])])

    alone = portes("explain", "theirs", "--store", shop)
    quote = ask(shop, id="theirs")
    told = portes("explain", "theirs", "--store", shop)

    assert (alone.exit_code, "another version of portes; see docs" in alone.stderr) == (2, True)
    assert told.stdout.startswith(f"quote     {quote}: served\n")


def test_the_receipt_itself_is_printed_as_json(portes: Portes, shop: Path) -> None:
    quote = ask(shop)

    told = portes("explain", quote, "--store", shop, "--json")

    receipt = Receipt.model_validate_json(told.stdout)
    assert (receipt.quote.id, receipt.store) == (quote, "shop")
    assert receipt.reply is not None


def test_a_folder_of_stores_is_looked_through(portes: Portes, tmp_path: Path) -> None:
    files = [write(tmp_path, name, KEEPING.replace('"state"', f'"{name}-state"')) for name in ("one", "two")]
    quotes = [ask(file) for file in files]

    for quote in quotes:
        assert portes("explain", quote, "--store", tmp_path).stdout.startswith(f"quote     {quote}: served\n")


@pytest.mark.parametrize("command", ["explain", "replay"])
def test_a_receipt_of_another_store_in_the_same_folder_is_not_told_by_this_one_s_settings(
    portes: Portes, tmp_path: Path, command: str
) -> None:
    one, two = (write(tmp_path, name) for name in ("one", "two"))
    quote = ask(two)

    told = portes(command, quote, "--store", one)

    assert told.exit_code == 2
    assert f"ID: is a receipt of the store two (got '{quote}')" in told.stderr


def test_settings_that_changed_since_are_named_and_no_false_story_is_told(portes: Portes, shop: Path) -> None:
    quote = ask(shop)
    shop.write_text(shop.read_text().replace("percent = 10", "percent = 20"))

    told = portes("explain", quote, "--store", shop, "--full")

    assert told.exit_code == 0
    assert told.stdout.endswith(
        "\n\nChanged since: rules.0.markup.\nToday the same answers lead elsewhere; see portes replay.\n"
    )
    assert "cheapest dropped" not in told.stdout
    assert "  line 1 normal: 11.00 BRL" in told.stdout


def test_a_store_that_does_not_open_today_still_tells_what_it_kept(
    portes: Portes, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = ask(shop)
    shop.write_text(shop.read_text().replace('use = "prop"', 'use = "gone"'))

    told = portes("explain", quote, "--store", shop)

    assert told.exit_code == 0
    assert told.stdout.startswith(f"quote     {quote}: served\n")
    assert "The store does not open now" in told.stdout


def test_a_large_cart_is_told_in_short_and_in_full(portes: Portes, shop: Path) -> None:
    quote = ask(shop, *({"skuCode": f"sku-{number}"} for number in range(9)))

    short, full = (portes("explain", quote, "--store", shop, *more).stdout for more in ([], ["--full"]))

    assert "and 4 lines more; --full tells all" in short
    assert "sku-8" not in short
    assert "sku-8" in full


def test_origins_that_may_not_be_the_fewest_are_said_to_be_not_exact(portes: Portes, shop: Path) -> None:
    origins = "".join(f'[[origins]]\nid = {number}\npostal_code = "01001000"\n' for number in range(2, 61))
    stocks = "".join(f"s{n},{n % 60 + 1} {n * 7 % 60 + 1} {n * 11 % 60 + 1}\n" for n in range(1, 50))
    (shop.parent / "stocks.csv").write_text(f"sku,origins\n{stocks}")
    text = shop.read_text().replace("[store]", '[store]\nlines = "together"\ncatalogue = "stocks.csv"')
    shop.write_text(text + origins)
    quote = ask(shop, *({"skuCode": f"s{number}"} for number in range(1, 50)))

    told = portes("explain", quote, "--store", shop, "--full").stdout

    assert "the choice of origins is not exact" in told


def test_a_foreign_text_commands_no_terminal(portes: Portes, shop: Path) -> None:
    with open_store(shop) as store:
        quote = store.quote(request(item("sku\x1b[2J\x07"))).id

    assert "\x1b" not in portes("explain", quote, "--store", shop, "--full").stdout


def test_a_store_without_a_state_folder_says_that_it_keeps_none(portes: Portes, tmp_path: Path) -> None:
    file = write_store(tmp_path, "bare", {"near": {}})

    told = portes("explain", "q", "--store", file)

    assert told.exit_code == 2
    assert "service.state: is not set, so no receipts are kept" in told.stderr


@pytest.mark.parametrize("quotes", [1, 0], ids=["with a database", "before the first quote"])
def test_an_id_that_nobody_knows_is_said_to_be_none(portes: Portes, shop: Path, quotes: int) -> None:
    for _ in range(quotes):
        ask(shop)

    told = portes("explain", "nobody", "--store", shop)

    assert told.exit_code == 2
    assert told.stderr.startswith("ID: is the id of no quote and of no question that is kept (got 'nobody')")


def test_a_database_that_cannot_be_read_is_said_so(portes: Portes, shop: Path) -> None:
    (shop.parent / "state").mkdir()
    (shop.parent / "state" / "receipts.sqlite").write_bytes(b"a parrot" * 1000)

    told = portes("explain", "q", "--store", shop)

    assert told.exit_code == 2
    assert "file is not a database" in told.stderr
