"""`portes tables import`, `list`, `diff`, `activate` and `rollback`, as an operator runs them."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from table_shop import HEADER, STORE, Tables, keep, write
from terminal import Portes, run


def test_an_import_says_what_was_kept_and_how_to_sell_by_it(tables: Tables, shop: Path) -> None:
    kept, how = keep(tables, shop, "12.90").splitlines()

    assert kept.startswith("Kept contract@1: 10 rows, 10 postal ranges, weights from 0 g to 30000 g, prices from 12.90")
    assert how == "No version of it is in force yet. To sell by this one: portes tables activate contract@1"


def test_an_import_says_how_it_differs_from_the_version_in_force(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")
    differs, how = keep(tables, shop, "11.00", rows=8, days=4).splitlines()[1:]

    assert differs.startswith(
        "Beside contract@1, which is in force: of all lanes 80.0 % dearer, 20.0 % lost, 80.0 % sl"
    )
    assert differs.endswith("; the price in the middle +10.0 %.")
    assert how == "contract@1 stays in force. To sell by the new one: portes tables activate contract@2"


def test_the_same_file_again_is_told_and_kept_once(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00", "--who", "ana")

    assert "The same table is kept already as contract@1, imported by ana on " in keep(tables, shop, "10.00")


def test_a_table_with_problems_is_not_kept_and_each_is_told(portes: Portes, shop: Path) -> None:
    (shop / "prices.csv").write_text(f"{HEADER}01000000,01000999,0,30000,twelve,3\n")
    result = portes("tables", "import", shop / "prices.csv", "--store", shop)

    assert result.exit_code == 2
    assert "prices.csv:2: price" in result.output
    assert (
        not (shop / "state" / "tables.sqlite").exists()
        or "contract" not in portes("tables", "list", "--store", shop).output
    )


def test_a_file_in_no_format_is_told_with_what_can_be_done(portes: Portes, shop: Path) -> None:
    (shop / "odd.csv").write_text("one;two\n1;2\n")
    result = portes("tables", "import", shop / "odd.csv", "--store", shop)

    assert result.exit_code == 2
    assert "writes a mapping to be edited" in result.output


def test_a_file_whose_name_is_none_for_a_table_asks_for_one(portes: Portes, shop: Path) -> None:
    result = portes("tables", "import", write(shop, "10", name="new prices.csv"), "--store", shop)

    assert result.exit_code == 2
    assert "is no name of a table (got 'new prices')" in result.output


def test_an_activation_says_what_is_in_force_who_prices_by_it_and_how_to_take_it_back(
    tables: Tables, shop: Path
) -> None:
    keep(tables, shop, "10.00")
    keep(tables, shop, "11.00", "--valid-from", "2020-01-01")

    assert tables("activate", "contract@1").splitlines() == [
        "contract@1 is in force.",
        "Carriers that price by it: shop: southern; a running service takes it up by itself.",
    ]
    assert tables("activate", "contract@2").splitlines() == [
        "contract@2 is in force, in place of contract@1, valid from 2020-01-01.",
        "Carriers that price by it: shop: southern; a running service takes it up by itself.",
        "To take that back: portes tables rollback contract",
    ]
    assert tables("activate", "contract@2") == "contract@2 is in force already, valid from 2020-01-01.\n"
    assert tables("rollback", "contract").splitlines() == [
        "contract@1 is in force, in place of contract@2.",
        "Carriers that price by it: shop: southern; a running service takes it up by itself.",
        "To take that back: portes tables activate contract@2",
    ]


def test_a_version_that_becomes_valid_later_is_told_with_what_prices_until_then(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00", "--valid-to", "2090-06-30")
    keep(tables, shop, "11.00", "--valid-from", "2090-01-01", "--valid-to", "2090-12-31")
    later = "contract@2 from 2090-01-01 to 2090-12-31; nothing from 2091-01-01, where carriers fail."

    assert tables("activate", "contract@2").splitlines()[:2] == [
        "contract@2 is in force, valid 2090-01-01 to 2090-12-31.",
        f"By dispatch day: nothing to 2089-12-31, where carriers fail; {later}",
    ]
    assert "By dispatch day: contract@1 to 2090-06-30; contract@2 from 2090-07-01 to 2090-12-31; nothing from" in (
        tables("activate", "contract@1")
    )
    assert f"By dispatch day: nothing to 2089-12-31, where carriers fail; {later}" in tables("rollback", "contract")


def test_a_version_that_is_in_force_already_is_told_with_what_prices_until_then(tables: Tables, shop: Path) -> None:
    for price, days in (("10.00", ()), ("11.00", ("--valid-from", "2090-01-01"))):
        keep(tables, shop, price, *days)
    for number in (1, 2):
        tables("activate", f"contract@{number}")

    assert tables("activate", "contract@2").splitlines() == [
        "contract@2 is in force already, valid from 2090-01-01.",
        "By dispatch day: contract@1 to 2089-12-31; contract@2 from 2090-01-01.",
    ]


def test_an_activation_changes_what_the_store_answers(tables: Tables, portes: Portes, shop: Path) -> None:
    for price in ("10.00", "11.00"):
        keep(tables, shop, price)
    refused = portes("check", shop)
    told = []
    for number in (1, 2):
        tables("activate", f"contract@{number}")
        assert portes("check", shop).exit_code == 0
        item = "sku-1:1:0.5kg:10x10x25cm:129.90"
        told.append(portes("quote", "--store", shop, "--to", "01000500", "--item", item).output)

    assert refused.exit_code == 2
    assert "carriers.southern.settings.stored: has no version in force (got 'contract')" in refused.output
    assert "10.00" in told[0]
    assert "11.00" in told[1]
    assert "contract@2" in told[1]


def test_a_list_and_a_difference_fit_80_columns_without_a_word_broken(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00", "--who", "conceicao", rows=5000)
    keep(tables, shop, "11.00", "--valid-from", "2090-01-01", "--valid-to", "2090-12-31", rows=4000, days=4)
    for number in (1, 2):
        tables("activate", f"contract@{number}", "--yes")
    commands = (("list",), ("diff", "contract@1", "contract@2"))
    shown = "".join(run("tables", *command, "--store", shop, columns="80").output for command in commands)

    assert max(map(len, shown.splitlines())) <= 80
    for word in ("contract@1", "conceicao", "5,000", "2090-01-01", "2090-12-31", "other", "prices.csv", "SP capital"):
        assert word in shown
    assert "contract: contract@1 to 2089-12-31; contract@2 from 2090-01-01 to 2090-12-31" in shown


def test_a_version_that_no_day_is_left_for_is_not_said_to_price_any(tables: Tables, shop: Path) -> None:
    for number, price in ((1, "10.00"), (2, "10.50")):
        keep(tables, shop, price)
        tables("activate", f"contract@{number}")

    assert "other" not in tables("list")
    assert "contract: contract@2 prices every day; named by shop: southern." in tables("list")


def test_regions_that_are_not_shown_are_counted_in_words(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00", rows=98_000)
    (shop / "other.csv").write_text(
        (shop / "prices.csv").read_text().replace("01999999,0,30000,10", "01999999,0,30000,12")
    )
    shown = tables("diff", "contract@1", shop / "other.csv")

    assert "regions without any change." in shown
    assert "bracket without" not in shown


def test_the_list_says_who_imported_what_when_and_what_is_in_force(tables: Tables, shop: Path) -> None:
    assert tables("list") == "No table is kept yet; import one: portes tables import FILE\n"
    keep(tables, shop, "10.00", "--who", "ana", "--note", "letter of March")
    keep(tables, shop, "11.00", "--who", "rui", "--valid-from", "2027-01-01", "--valid-to", "2027-12-31")
    tables("activate", "contract@1")

    shown, said = tables("list"), json.loads(tables("list", "--json"))["versions"]

    assert "letter of March" in shown
    assert "2027-01-01" in shown
    assert "to 2027-12-31" in shown
    assert [(one["name"], one["number"], one["who"], one["rows"]) for one in said] == [
        ("contract", 1, "ana", 10),
        ("contract", 2, "rui", 10),
    ]
    assert [bool(one["in_force_since"]) for one in said] == [True, False]
    assert said[0]["carriers"] == [{"store": "shop", "carrier": "southern"}]


def test_the_list_says_who_put_a_version_in_force_and_who_took_one_back_when(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00", "--who", "ana")
    keep(tables, shop, "11.00", "--who", "ana")
    tables("activate", "contract@1", "--who", "rui")
    tables("activate", "contract@2", "--who", "eva")
    tables("rollback", "contract", "--who", "zoe")

    shown, (first, second) = tables("list"), json.loads(tables("list", "--json"))["versions"]

    assert "by zoe" in shown
    assert (first["in_force_by"], second["in_force_by"]) == ("zoe", None)
    assert [(one["who"], one["rollback"]) for one in first["activations"]] == [("rui", False), ("zoe", True)]
    assert [(one["who"], one["rollback"]) for one in second["activations"]] == [("eva", False)]
    assert first["activations"][-1]["at"] == first["in_force_since"]


def test_a_difference_is_told_by_region_and_bracket_and_as_json(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00")
    other = write(shop, "12.50", rows=12, name="other.csv")

    shown = tables("diff", "contract@1", other)
    said = json.loads(tables("diff", "contract@1", other, "--json"))

    assert shown.startswith(
        f"From contract@1 to {other}: of all lanes 83.3 % dearer, 16.7 % gained; the price in the middle +25.0 %."
    )
    assert "SP capital" in shown
    assert "up to 30 kg" in shown
    assert said["total"] == {
        "lanes": 12_000,
        "dearer": 10_000,
        "cheaper": 0,
        "same": 0,
        "gained": 2_000,
        "lost": 0,
        "slower": 0,
        "faster": 0,
        "otherwise": 0,
        "rise": 2500,
        "fall": 0,
        "median": 2500,
    }
    assert [(one["region"], one["above"], one["up_to"]) for one in said["cells"]] == [("SP capital", 0, 30_000)]


def test_regions_and_brackets_that_changed_alike_are_told_in_their_own_order(tables: Tables, shop: Path) -> None:
    borders = [0, 1000, 2000, 10_000, 30_000]
    lines = [f"{at}000000,{at}000999,{low},{high},PRICE,3\n" for at in (20, 30) for low, high in pairwise(borders)]
    for name, price in {"one": "10.00", "other": "11.00"}.items():
        (shop / f"{name}.csv").write_text(HEADER + "".join(lines).replace("PRICE", price))

    shown = tables("diff", shop / "one.csv", shop / "other.csv")
    said = json.loads(tables("diff", shop / "one.csv", shop / "other.csv", "--json"))

    found = [line.split("  ")[0] for line in shown.splitlines() if "+10.0" in line]
    assert found[1:] == ["MG capital", "RJ capital", "up to 1 kg", "1 kg to 2 kg", "2 kg to 10 kg", "10 kg to 30 kg"]
    assert [(cell["region"], cell["above"]) for cell in said["cells"]] == [
        (region, low) for region in ("MG capital", "RJ capital") for low in borders[:-1]
    ]


def test_tables_whose_services_have_other_names_are_said_to_have_none_in_common(tables: Tables, shop: Path) -> None:
    line = "01000000,01000999,0,30000,10.00,3\n"
    (shop / "named.csv").write_text(f"service,{HEADER}economy,{line}express,{line}")
    (shop / "nameless.csv").write_text(HEADER + line)
    (shop / "elsewhere.csv").write_text(HEADER + line.replace("01000", "02000"))

    shown = tables("diff", shop / "named.csv", shop / "nameless.csv")

    assert "They have no service in common: economy, express before, one without a name after.\n" in shown
    assert "in common" not in tables("diff", shop / "nameless.csv", shop / "elsewhere.csv")


def test_a_change_of_less_than_a_tenth_of_a_percent_does_not_read_as_nothing(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "100.00")

    shown = tables("diff", "contract@1", write(shop, "99.97", name="other.csv"))

    assert "of all lanes 100.0 % cheaper; the price in the middle -0.03 %." in shown


def test_tables_that_are_equal_are_said_to_be(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")

    assert "no price, day or term differs" in tables("diff", "contract", shop / "prices.csv")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("activate", "contract"), "does not say which version (got 'contract'); write contract@1, say"),
        (("activate", "contract@9"), "is no version of the table (got 'contract@9'); write one of contract@1"),
        (("rollback", "contract"), "has no version in force (got 'contract')"),
        (("rollback", "other"), "is no table that is kept (got 'other'); write one of contract"),
        (("diff", "contract", "contract@1"), "has no version in force (got 'contract'); name one: contract@1"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    tables: Tables, shop: Path, portes: Portes, arguments: tuple[str, ...], told: str
) -> None:
    keep(tables, shop, "10.00")
    result = portes("tables", *arguments, "--store", shop)

    assert result.exit_code == 2
    assert told in result.output


def test_a_store_without_a_state_folder_is_told_the_key(portes: Portes, shop: Path) -> None:
    (shop / "portes.toml").write_text(STORE.replace('state = "state"', ""))
    result = portes("tables", "list", "--store", shop)

    assert result.exit_code == 2
    assert 'service.state: is not set; add state = "state" to [service]: versions of tables are kept there' in (
        result.output
    )


def test_a_version_is_exported_as_a_portal_takes_it_and_reads_as_the_same_prices(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")

    tables("export", "contract", "--for", "vtex", "--out", shop / "out")

    (file,) = (shop / "out").iterdir()
    total = json.loads(tables("diff", "contract@1", file, "--json"))["total"]
    assert (total["same"], total["lanes"], total["slower"], total["faster"]) == (10_000, 10_000, 0, 0)
