"""`portes quote`: a question from flags or a file, its answer as tables or as a body, and the exit codes."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stage import EXPRESS, NORMAL, question, write_store
from terminal import Portes, cells

from portes.contract import Quote, Verdict

TO = ("--to", "01512651")
ITEM = ("--item", "sku-1:2:0.5kg:10x10x25cm")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """One carrier that goes to postal codes with a 0, and takes up to a kilogram by express."""
    express = {**EXPRESS, "most_grams": 1000, "cents": 3050}
    return write_store(tmp_path, "shop", {"near": {"prefixes": ["0"]}}, services={"near": [NORMAL, express]})


@pytest.fixture
def limping(tmp_path: Path) -> Path:
    """A carrier that crashes, beside a sound one."""
    carriers: dict[str, dict[str, Any]] = {"crash": {"crashes": True}, "near": {"prefixes": ["0"]}}
    return write_store(tmp_path, "limping", carriers, services={"crash": [EXPRESS]})


def test_offers_are_a_table_of_carrier_type_price_and_days(portes: Portes, shop: Path) -> None:
    told = portes("quote", "--store", shop, *TO, *ITEM)

    assert told.exit_code == 0
    assert told.stdout.startswith("served\n")
    rows = cells(told.stdout)
    assert [row[:4] for row in rows] == [
        ["sku-1", "near", "normal", "10.00 BRL"],
        ["sku-1", "near", "express", "30.50 BRL"],
    ]
    assert all(" to " in row[4] for row in rows)
    assert all(date.fromisoformat(row[5]) for row in rows)


def test_on_a_narrow_screen_what_a_cost_is_made_of_is_broken_and_not_cut(portes: Portes, shop: Path) -> None:
    told = portes("quote", "--store", shop, "--parts", *TO, *ITEM, columns="60")

    assert "…" not in told.stdout


def test_what_a_crash_leaves_on_standard_error_holds_no_colours_in_a_file(portes: Portes, limping: Path) -> None:
    told = portes("quote", "--store", limping, *TO, *ITEM)

    assert "carrier crashed" in told.stderr
    assert "\x1b" not in told.stderr


def test_refusals_and_failures_stand_under_the_offers_with_their_reason(portes: Portes, tmp_path: Path) -> None:
    heavy = {**EXPRESS, "most_grams": 1}
    carriers: dict[str, dict[str, Any]] = {"crash": {"crashes": True}, "near": {}}
    file = write_store(tmp_path, "mixed", carriers, services={"near": [NORMAL, heavy]})

    told = portes("quote", "--store", file, *TO, *ITEM)

    assert told.exit_code == 0
    assert ["sku-1", "near", "x", "express", "too_heavy"] in cells(told.stdout)
    (failure,) = (row for row in cells(told.stdout) if row[:4] == ["sku-1", "crash", "n", "normal"])
    assert failure[4].startswith("crashed")
    order = [told.stdout.index(title) for title in ("Offers", "Refusals", "Failures")]
    assert order == sorted(order)


def test_a_type_that_failed_and_might_serve_too_is_said_to_be_uncertain(portes: Portes, limping: Path) -> None:
    told = portes("quote", "--store", limping, *TO, *ITEM)

    assert told.exit_code == 0
    assert "uncertain: express; it might serve all of it too, and a failure decides" in told.stdout.splitlines()


def test_offers_that_a_channel_holds_back_are_said_to_be_so(portes: Portes, tmp_path: Path) -> None:
    carriers: dict[str, dict[str, Any]] = {"crash": {"crashes": True}, "near": {}}
    sides = write_store(tmp_path, "sides", carriers, services={"crash": [NORMAL], "near": [EXPRESS]})

    told = portes("quote", "--store", sides, "--channel", "netshoes", *TO, *ITEM)
    alone = portes("quote", "--store", sides, *TO, *ITEM)

    sentence = "The channel answers 503 all the same and tells none of these offers, for normal failed (`withhold`).\n"
    assert (told.exit_code, sentence in told.stdout, sentence in alone.stdout) == (0, True, False)


def test_nobody_carries_there_is_exit_code_three(portes: Portes, shop: Path) -> None:
    told = portes("quote", "--store", shop, "--to", "99999-999", *ITEM)

    assert told.exit_code == 3
    assert "not served" in told.stdout
    assert ["sku-1", "near", "n", "normal", "not_served"] in cells(told.stdout)


def test_a_failure_that_could_matter_is_exit_code_four(portes: Portes, limping: Path) -> None:
    told = portes("quote", "--store", limping, "--to", "99999999", *ITEM)

    assert told.exit_code == 4
    assert "unknown" in told.stdout


def test_flags_are_answered_with_the_quote_itself_as_json(portes: Portes, shop: Path) -> None:
    told = portes("quote", "--store", shop, *TO, *ITEM, "--item", "sku-2:1:800g:10x10x25cm:129.90", "--json")

    answer = Quote.model_validate_json(told.stdout)
    assert answer.verdict is Verdict.SERVED
    assert [line.sku for line in answer.lines] == ["sku-1", "sku-2"]


def test_flags_can_be_answered_in_a_channel_s_words(portes: Portes, shop: Path) -> None:
    told = portes("quote", "--store", shop, *TO, *ITEM, "--channel", "netshoes", "--json")

    (line,) = json.loads(told.stdout)["shippingQuotes"]
    assert (line["skuCode"], line["deliveryOptions"][0]["priceInCents"]) == ("sku-1", 1000)


@pytest.mark.parametrize("channel", [["--channel", "netshoes"], []])
def test_a_channel_s_request_file_is_answered_with_its_body(
    portes: Portes, shop: Path, tmp_path: Path, channel: list[str]
) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(question({"skuCode": "sku-9"})))

    told = portes("quote", "--store", shop, *channel, file, "--json")

    assert told.exit_code == 0
    body = json.loads(told.stdout)
    assert (body["zipCode"], body["shippingQuotes"][0]["skuCode"]) == ("01512651", "sku-9")


def test_a_request_may_come_from_standard_input(portes: Portes, shop: Path) -> None:
    told = portes("quote", "--store", shop, "-", stdin=json.dumps(question()).encode())

    assert told.exit_code == 0
    assert ["sku-1", "near", "normal"] in [row[:3] for row in cells(told.stdout)]


def test_the_store_of_this_folder_is_asked_when_none_is_named(
    portes: Portes, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.rename(shop.parent / "portes.toml")
    monkeypatch.chdir(shop.parent)

    assert portes("quote", *TO, *ITEM).exit_code == 0


def test_every_wrong_flag_is_named_at_once(portes: Portes, shop: Path) -> None:
    items = [
        "a:0:1kg:1x1x1cm",
        "a:1:1:1x1x1",
        "a:1:1kg",
        "a:1:1kg:1x1x1cm:much",
        ":1:1kg:1x1x1cm",
        f"a:{'9' * 5000}:1kg:1x1x1cm",
    ]
    items += ["a:1000001:101t:1x1x1cm", "a:1:100001kg:1x1x31m:100000000.01", "a:1:1kg:1x1x3000m"]
    flags = [part for item in items for part in ("--item", item)]

    told = portes("quote", "--store", shop, "--to", "1512651", *flags)

    assert told.exit_code == 2
    assert [line.partition(" (got")[0] for line in told.stderr.splitlines()] == [
        "--to: postal_code is no postal code of BR",
        "--item 1: quantity is no number of units",
        "--item 2: weight is not a weight with its unit",
        "--item 2: size is not a size",
        "--item 3: has 3 parts",
        "--item 4: money is not a number",
        "--item 5: sku has 0 characters; write 1 to 200",
        "--item 6: quantity is no number of units",
        "--item 7: weight is not a weight with its unit",
        "--item 8: weight: Input should be less than or equal to 100000000",
        "--item 8: size height: Input should be less than or equal to 30000",
        "--item 8: declared_value minor: Input should be less than or equal to 10000000000",
        "--item 9: size is more than anything carried",
    ]


def test_a_wrong_request_file_is_told_field_by_field(portes: Portes, shop: Path) -> None:
    body = question({"weight": "heavy"}, {"quantity": 0})

    told = portes("quote", "--store", shop, "-", stdin=json.dumps(body).encode())

    assert told.exit_code == 2
    assert "products.0.weight" in told.stderr
    assert "products.1.quantity" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give either a REQUEST file, or --to"),
        ([*TO, *ITEM, "-"], "give either a REQUEST file, or --to"),
        ([*TO], "--item: is missing"),
        ([*TO, *ITEM, "--channel", "vtex"], "shop has no channel vtex; it has: netshoes"),
        (["none.json"], "none.json"),
    ],
)
def test_a_command_that_makes_no_question_says_why(
    portes: Portes, shop: Path, arguments: list[str], words: str
) -> None:
    told = portes("quote", "--store", shop, *arguments)

    assert told.exit_code == 2
    assert words in told.stderr


def test_a_country_that_is_none_is_said_so(portes: Portes, shop: Path) -> None:
    told = portes("quote", "--store", shop, *TO, *ITEM, "--country", "brasil")

    assert told.exit_code == 2
    assert told.stderr.startswith("--to: country is no country code (got 'brasil')")


def test_a_question_in_a_marketplace_s_words_is_refused_in_them(portes: Portes, tmp_path: Path) -> None:
    shop = write_store(tmp_path, "shop", {"near": {}}, zeros=False)
    asked = tmp_path / "asked.json"
    asked.write_text(json.dumps(question({"height": 0})))

    told = portes("quote", asked, "--store", shop)

    assert told.exit_code == 2
    assert told.stderr.startswith("products.0.height: the height of sku-1 is zero")


CATALOGUE = """sku,weight,size,declared_value
known,700g,10x10x25cm,12.50
weighed,700g,,
valued,,,9.90
"""


@pytest.fixture
def stocked(shop: Path) -> Path:
    """The same shop with a catalogue, which states weight and size of one SKU."""
    (shop.parent / "catalogue.csv").write_text(CATALOGUE)
    shop.write_text(shop.read_text().replace("[store]", '[store]\ncatalogue = "catalogue.csv"'))
    return shop


@pytest.mark.parametrize(("said", "meant"), [("known", "known:1"), ("known:3", "known:3")])
def test_a_sku_is_enough_where_the_catalogue_states_weight_and_size(
    portes: Portes, stocked: Path, said: str, meant: str
) -> None:
    short, long = (
        Quote.model_validate_json(portes("quote", "--store", stocked, *TO, "--item", item, "--json").stdout)
        for item in (said, f"{meant}:700g:10x10x25cm")
    )

    assert short.verdict is Verdict.SERVED
    assert short.lines == long.lines


def test_a_sku_whose_weight_or_size_nobody_states_is_told_with_what_to_write(
    portes: Portes, shop: Path, request: pytest.FixtureRequest
) -> None:
    bare = portes("quote", "--store", shop, *TO, "--item", "known:3")
    stocked = request.getfixturevalue("stocked")
    flags = [part for item in ("strange", "weighed:2", "valued", "known:much") for part in ("--item", item)]
    told = portes("quote", "--store", stocked, *TO, *flags)

    assert (bare.exit_code, told.exit_code) == (2, 2)
    assert bare.stderr.startswith(
        "--item 1: is given without weight and size, and the store has no catalogue to look them up in (got 'known'); "
        "write SKU:QUANTITY:WEIGHT:SIZE"
    )
    assert [line.partition(", or write")[0].partition("; write")[0] for line in told.stderr.splitlines()] == [
        "--item 1: is given without weight and size, and is none of the catalogue's 3 SKUs (got 'strange')",
        "--item 2: has no size in the catalogue (got 'weighed'); state it in its column size",
        "--item 3: has no weight and no size in the catalogue (got 'valued'); state it in its columns weight and size",
        "--item 4: quantity is no number of units (got 'much')",
    ]


def test_a_value_below_zero_is_said_so(portes: Portes, shop: Path) -> None:
    told = portes("quote", "--store", shop, *TO, "--item", "sku-1:1:500g:25x10x10cm:-12.90")

    assert told.exit_code == 2
    assert "declared value is below zero (got '-12.90'); write what one unit is worth" in told.stderr


def test_a_destination_abroad_names_its_country(portes: Portes, tmp_path: Path) -> None:
    file = write_store(tmp_path, "shop", {"near": {}})

    told = portes("quote", "--store", file, "--to", "AD500", "--country", "AD", *ITEM, "--json")

    assert told.exit_code == 0
