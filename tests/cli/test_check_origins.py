"""`portes check` on stores of several origins: which are never used, and which carriers then price nothing."""

import re
from pathlib import Path

import pytest
from stage import write_store
from terminal import Portes

NORMAL, EXPRESS = "normal", "express"
EXCLUDING = '\n[[rules]]\nuse = "exclude"\ncarriers = ["near"]\nwhen = { tags = ["oversize"] }\n'
SECOND = '\n[[origins]]\nid = 2\npostal_code = "50030230"\n'


def shop(folder: Path, *, store: str = "", origins: str = SECOND, carrier: str = "", catalogue: str = "") -> Path:
    """The file of a store with two carriers, of which `far` has these keys."""
    file = write_store(folder, "shop", {"near": {}, "far": {}}, more=origins)
    text = file.read_text().replace("allow_zero_measures", f"{store}\nallow_zero_measures")
    file.write_text(text.replace("[carriers.far]", f"[carriers.far]\n{carrier}"))
    if catalogue:
        (folder / "catalogue.csv").write_text(catalogue)
    return file


def advice(portes: Portes, file: Path) -> list[str]:
    told = portes("check", file)
    assert told.exit_code == 0, told.stdout
    asked = [line for line in told.stdout.splitlines() if line.startswith("Please look: ")]
    return [line.removeprefix(f"Please look: {file}: ") for line in asked]


def test_an_origin_that_no_catalogue_names_is_told_with_the_carrier_that_prices_from_there_alone(
    portes: Portes, tmp_path: Path
) -> None:
    told = advice(portes, shop(tmp_path, carrier="origins = [2]"))

    assert "\n".join(told) == (
        "origins.1.id: can never be used: without a catalogue all leaves from the first origin (got '2'); write"
        ' origins_tried = "next" in [store], or name a catalogue that says what each origin stocks.\n'
        "carriers.far.origins: names only origins that can never be used, so that this carrier never prices anything"
        " (got '2'); name an origin that is used, or set active = false."
    )


@pytest.mark.parametrize(
    ("store", "catalogue", "unused"),
    [
        pytest.param('origins_tried = "next"', "", "", id="the next of all"),
        pytest.param('origins_tried = "all"', "", "", id="all"),
        pytest.param('origins_tried = "next"\nmost_origins = 1', "", "2", id="no more than one"),
        pytest.param('catalogue = "catalogue.csv"', "sku,origins\na,1\nb,2 1\n", "", id="named first"),
        pytest.param('catalogue = "catalogue.csv"', "sku,origins\na,1\nb,1 2\n", "", id="named second"),
        pytest.param('catalogue = "catalogue.csv"\nunknown_sku = "refuse"', "sku,origins\na,1\n", "2", id="unnamed"),
        pytest.param('catalogue = "catalogue.csv"', "sku,origins\na,1\n", "2", id="a SKU it lacks"),
        pytest.param(
            'catalogue = "catalogue.csv"\norigins_tried = "next"', "sku,origins\na,1\n", "", id="a SKU it lacks, next"
        ),
        pytest.param(
            'catalogue = "catalogue.csv"\norigins_tried = "first"', "sku,origins\na,1 2\n", "2", id="never first"
        ),
        pytest.param(
            'catalogue = "catalogue.csv"\norigins_tried = "first"', "sku,origins\na,1:3 2\n", "", id="counted units"
        ),
        pytest.param(
            'catalogue = "catalogue.csv"\norigins_tried = "first"\nlines = "together"',
            "sku,origins\na,1 2\n",
            "",
            id="in parcels with others",
        ),
    ],
)
def test_an_origin_is_unused_where_nothing_has_it_among_the_origins_that_are_tried(
    portes: Portes, tmp_path: Path, store: str, catalogue: str, unused: str
) -> None:
    told = advice(portes, shop(tmp_path, store=store, catalogue=catalogue))

    assert [line.partition("(got ")[2][1] for line in told] == [*unused]


@pytest.mark.parametrize(
    ("near", "far", "most", "service", "rules", "told"),
    [
        pytest.param("[1]", "[3]", 2, NORMAL, "", ["origins.1.id 2"], id="one before has no carrier"),
        pytest.param("[1, 2]", "[3]", 2, EXPRESS, "", [], id="those before have none of its type"),
        pytest.param(
            "[1, 2]", "[3]", 1, EXPRESS, "", ["origins.1.id 2", "origins.2.id 3", "carriers.far.origins 3"], id="one"
        ),
        pytest.param(
            "[1, 2]", "[3]", 2, NORMAL, "", ["origins.2.id 3", "carriers.far.origins 3"], id="enough before it"
        ),
        pytest.param("[1, 2]", "[3]", 2, NORMAL, EXCLUDING, [], id="a rule may leave out those before"),
    ],
)
def test_an_origin_is_used_where_those_before_it_have_nobody_to_be_asked(
    portes: Portes, tmp_path: Path, near: str, far: str, most: int, service: str, rules: str, told: list[str]
) -> None:
    store = f'catalogue = "catalogue.csv"\nunknown_sku = "refuse"\nmost_origins = {most}'
    third = SECOND + SECOND.replace("id = 2", "id = 3") + rules
    file = shop(tmp_path, store=store, origins=third, carrier=f"origins = {far}", catalogue="sku,origins\na,1 2 3\n")
    text = file.read_text().replace("[carriers.near]", f"[carriers.near]\norigins = {near}")
    file.write_text(service.join(text.rsplit("normal", 1)))

    assert [" ".join(re.findall(r"^(.*?): .*\(got '(.*?)'", line)[0]) for line in advice(portes, file)] == told


def test_an_origin_from_which_no_carrier_fetches_is_told(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, store='origins_tried = "next"', carrier="origins = [1]")
    file.write_text(file.read_text().replace("[carriers.near]", "[carriers.near]\norigins = [1]"))

    (told,) = advice(portes, file)

    assert told == (
        "origins.1.id: can never be used: no active carrier fetches from it (got '2'); name it in the origins of a"
        " carrier, or remove it."
    )


def test_a_table_of_unused_origins_is_told_to_price_nothing(portes: Portes, tmp_path: Path) -> None:
    table = tmp_path / "rates.csv"
    table.write_text(
        "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\ns,01000000,01999999,0,30000,10.00,1,2\n"
    )
    settings = f'file = "{table.name}"\norigins = [2]\nprice_each = "parcel"\n'
    own = f'\n[carriers.table]\nuse = "table"\nid = 9\n[carriers.table.settings]\n{settings}'
    services = '[[carriers.table.services]]\ncode = "s"\ndelivery = "normal"\n'
    told = advice(portes, shop(tmp_path, origins=SECOND + own + services))

    assert [line.partition(":")[0] for line in told] == ["origins.1.id", "carriers.table.settings.origins"]


def test_an_unknown_origin_of_a_carrier_is_a_problem_beside_its_others(portes: Portes, tmp_path: Path) -> None:
    file = shop(tmp_path, carrier="origins = [2, 7]")
    file.write_text(file.read_text().replace("[carriers.far.settings]", "[carriers.far.settings]\nprefixs = []"))
    told = portes("check", file)

    assert told.exit_code == 2
    assert (
        "carriers.far.origins: is no origin of this store (got '7'); write one of 1, 2, or leave it out" in told.stdout
    )
    assert "carriers.far.settings.prefixs" in told.stdout
