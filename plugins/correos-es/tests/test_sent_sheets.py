"""The tariff as an account manager of Correos sends it: four columns, and what it does not say from the settings."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types
from structlog.testing import capture_logs

from portes.errors import SettingsError
from portes_correos_es.products import Mode
from portes_correos_es.settings import TariffDefaults
from portes_correos_es.sources import Source
from portes_correos_es.tariff import Found, Tariff
from portes_correos_es.tariff_file import read_tariff
from portes_correos_es.territories import Area, Territory

TODAY = date(2026, 11, 23)
MADRID = Territory("ES", Area.PENINSULA, "28")
ZONES = frozenset({"1", "3"})
SAID = TariffDefaults(version="2026", valid_from=date(2026, 1, 1), origin="peninsula")

SENT = """\
Tarifas 2026;;;
Precios en euros, sin IVA;;;

Producto;Zona;Hasta kg;Precio
Paq Estándar Domicilio;Zona 1;1;4,05 €
Paq Estándar Domicilio;Zona 1;5;5,10 €
Paq Estándar Domicilio;Zona 1;30;1.015,20 €

Paq Estándar Domicilio;Zona 1;kg adicional o fracción;0,57 €
Paq Premium Oficina;Z3;2;7,00
* Tarifa sujeta a revisión;;;
"""


def read(text: str | bytes, defaults: TariffDefaults = SAID, zones: frozenset[str] = ZONES) -> Tariff:
    content = text.encode() if isinstance(text, str) else text
    return read_tariff(Source("tarifa.csv", content), zones, TODAY, defaults)


def told(text: str | bytes, defaults: TariffDefaults = SAID) -> list[tuple[int, str, str]]:
    """Line, column and cause of each problem; each has a fix."""
    with pytest.raises(SettingsError) as caught:
        read(text, defaults)
    assert all(problem.fix for problem in caught.value.problems)
    return [(problem.line, problem.where, problem.cause) for problem in caught.value.problems]


def fixes(text: str, defaults: TariffDefaults = SAID) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(text, defaults)
    return [problem.fix for problem in caught.value.problems]


def cost(tariff: Tariff, grams: int, product: str = "paq_estandar", mode: Mode = Mode.HOME, zone: str = "1") -> Any:
    """Base and extra in cents, or what else the tariff says."""
    found = tariff.price(product, mode, MADRID, zone, TODAY, grams, 1000)
    return (found.base, found.extra) if isinstance(found, Found) else found


def expect_sent(tariff: Tariff) -> None:
    """The prices of `SENT`."""
    assert [cost(tariff, grams) for grams in (1, 1000, 1001, 5000, 5001, 30_000)] == [
        (405, 0), (405, 0), (510, 0), (510, 0), (101_520, 0), (101_520, 0),
    ]  # fmt: skip
    assert [cost(tariff, grams) for grams in (30_001, 31_000, 31_001)] == [(101_520, 57), (101_520, 57), (101_520, 114)]
    assert cost(tariff, 2000, "paq_premium", Mode.OFFICE, "3") == (700, 0)


def book(lines: Sequence[Sequence[Any]]) -> bytes:
    workbook = Workbook()
    for line in lines:
        workbook.active.append(list(line))
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_a_bracket_begins_where_the_row_before_of_its_product_and_zone_ends() -> None:
    tariff = read(SENT)

    expect_sent(tariff)
    assert tariff.doubts == ()
    assert [str(validity) for validity in tariff.validities()] == ["2026, 2026-01-01"]


def test_lines_that_are_no_rows_are_told() -> None:
    assert [note.partition(":")[0] for note in read(SENT).notes] == [
        "lines 1 to 2 ('Tarifas 2026') above the header",
        "line 11 ('* Tarifa sujeta a revisión') below the header",
    ]


def test_the_store_logs_what_of_a_sheet_is_not_used(desk: Any) -> None:
    with capture_logs() as logs:
        desk.carrier(tariff=desk.write("sent.csv", SENT), tariff_defaults=SAID)

    assert any("above the header: not used" in line["event"] for line in logs)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_every_encoding_of_a_spreadsheet_is_read(encoding: str) -> None:
    expect_sent(read(SENT.encode(encoding)))


@pytest.mark.parametrize("separator", ["\t", ","])
def test_every_separator_is_read(separator: str) -> None:
    quoted = [[f'"{cell}"' for cell in line.split(";")] for line in SENT.splitlines()]

    expect_sent(read("\n".join(separator.join(line) for line in quoted)))


@pytest.mark.parametrize(
    "header",
    [
        "PRODUCTO;ZONA;HASTA KG;PRECIO NETO",
        "producto; zona ;Peso hasta (kg);Importe (€)",
        "Servicio;Zona tarifaria;Hasta (kg);Tarifa sin IVA",
        "Produto;Zona;Até kg;Preço",
        "Product;Zone;Up to kg;Net price (EUR)",
        "product;zone;up_to_kg;net_eur",
    ],
)
def test_people_call_the_columns_otherwise(header: str) -> None:
    expect_sent(read(SENT.replace("Producto;Zona;Hasta kg;Precio", header)))


def test_columns_stand_in_any_order_and_rows_too() -> None:
    lines = [line.split(";")[::-1] for line in SENT.splitlines() if line]
    title, above, header, *rows = (";".join(line) for line in lines)

    expect_sent(read("\n".join((title, above, header, *rows[::-1]))))


def test_a_workbook_is_read_with_its_numbers() -> None:
    lines: list[list[Any]] = [
        ["Tarifas 2026"],
        ["Producto", "Zona", "Hasta kg", "Precio"],
        ["Paq Estándar Domicilio", "Zona 1", 1, 4.05],
        ["Paq Estándar Domicilio", 1, 5, 5.1],
        ["Paq Estándar Domicilio", "1", 30, 1015.2],
        ["Paq Estándar Domicilio", "Z1", "kg adicional", 0.57],
        ["Paq Premium Oficina", 3, "2 kg", 7],
    ]

    expect_sent(read(book(lines)))


def test_each_sheet_of_a_workbook_is_named_in_problems_and_rows() -> None:
    workbook = Workbook()
    for name, price in (("Estandar", 4), ("Premium", "gratis")):
        sheet = workbook.active if name == "Estandar" else workbook.create_sheet()
        sheet.title = name
        sheet.append(["Producto", "Zona", "Hasta kg", "Precio"])
        sheet.append([f"Paq {name} Domicilio", "1", 5, price])
    stream = BytesIO()
    workbook.save(stream)
    source = stream.getvalue()

    assert [(line, where) for line, where, _ in told(source)] == [(2, "Premium!Precio")]
    workbook["Premium"]["D2"] = 6
    workbook["Estandar"].append(["Paq Estandar Domicilio", "1", 10, 3])
    workbook.save(stream := BytesIO())
    tariff = read(stream.getvalue())
    assert [(doubt.where, doubt.line, doubt.cause) for doubt in tariff.doubts] == [
        ("Estandar!Precio", 3, "is less than the lighter bracket of Estandar line 2")
    ]
    found = tariff.price("paq_premium", Mode.HOME, MADRID, "1", TODAY, 500, 1000)
    assert isinstance(found, Found)
    assert found.row == "Premium line 2"


@pytest.mark.parametrize(
    ("missing", "fix"),
    [
        ("version", 'write tariff_defaults = { version = "2026" }, a name for this edition'),
        ("valid_from", "write tariff_defaults = { valid_from = 2026-01-01 }, the first day of dispatch"),
        ("origin", 'write tariff_defaults = { origin = "peninsula" }, where parcels leave from'),
    ],
)
def test_what_neither_the_sheet_nor_the_settings_say_is_named_and_never_guessed(missing: str, fix: str) -> None:
    less = TariffDefaults.model_validate(SAID.model_dump() | {missing: TariffDefaults().model_dump()[missing]})

    assert told(SENT, less) == [(0, f"tariff_defaults.{missing}", "is stated neither in the file nor in the settings")]
    assert fixes(SENT, less)[0].startswith(fix)


def test_a_column_of_the_sheet_wins_over_the_settings() -> None:
    rows = SENT.replace("Hasta kg;Precio", "Hasta kg;Precio;Origen;Válido hasta").replace("€\n", "€;28;2026-12-31\n")

    (validity, open_end) = sorted(read(rows).validities(), key=lambda validity: validity.last)
    assert (validity.last, open_end.last) == (date(2026, 12, 31), date.max)
    assert cost(read(rows), 500) == (405, 0)


@pytest.mark.parametrize(
    ("words", "product", "modes"),
    [
        ("Paq Estándar Domicilio", "paq_estandar", {Mode.HOME}),
        ("PAQ ESTANDAR - ENTREGA A DOMICILIO", "paq_estandar", {Mode.HOME}),
        ("Paq Premium en oficina", "paq_premium", {Mode.OFFICE}),
        ("Paq Premium CityPaq", "paq_premium", {Mode.CITYPAQ}),
        ("Paq Estándar Domicilio / Oficina", "paq_estandar", {Mode.HOME, Mode.OFFICE}),
        ("Paq Ligero", "paq_ligero", {Mode.LETTERBOX}),
        ("Paq 48 Domicilio", "paq_premium", {Mode.HOME}),
        ("Paq Estándar Internacional", "paq_estandar_internacional", {Mode.HOME}),
        ("S0132", "paq_estandar", {Mode.HOME}),
        ("S0236 Paq Premium Oficina", "paq_premium", {Mode.OFFICE}),
        ("paq_estandar home", "paq_estandar", {Mode.HOME}),
    ],
)
def test_products_are_known_by_their_printed_names_and_codes(words: str, product: str, modes: set[Mode]) -> None:
    tariff = read(f"Producto;Zona;Hasta kg;Precio\n{words};1;5;4,00\n")

    assert {(offer.product, offer.mode) for offer in tariff.editions} == {(product, mode) for mode in modes}


@pytest.mark.parametrize(
    ("words", "where", "cause", "fix"),
    [
        ("Paq Estndar Domicilio", "Producto", "is no product", "did you mean Paq Estándar?"),
        ("Paq Estándar", "mode", "stands neither with the product", "write one of home, office, citypaq beside it"),
        ("Paq Estándar Buzón", "mode", "is no mode of paq_estandar", "write one of home, office, citypaq"),
        ("PAFXB", "Producto", "has a code that may mean several products", "write it in words"),
        ("PAGXC", "Producto", "has a code that may mean several products", "write it in words"),
        ("S0132 Paq Premium", "Producto", "has the code of Paq Estándar home", "correct one of them"),
        ("S0132 Oficina", "Producto", "has the code of Paq Estándar home", "correct one of them"),
    ],
)
def test_a_product_or_mode_that_is_not_clear_is_a_problem(words: str, where: str, cause: str, fix: str) -> None:
    text = f"Producto;Zona;Hasta kg;Precio\n{words};1;5;4,00\n"

    ((line, place, said),) = told(text)
    assert (line, place) == (2, where)
    assert said.startswith(cause)
    assert fixes(text)[0].startswith(fix)


def test_the_mode_of_the_settings_holds_where_nothing_else_says_one() -> None:
    text = "Producto;Zona;Hasta kg;Precio\nPaq Estándar;1;5;4,00\nPaq Premium Oficina;1;5;5,00\nPaq Ligero;1;1;3,00\n"
    tariff = read(text, SAID.model_copy(update={"mode": "home+citypaq"}))

    assert sorted(f"{offer.product} {offer.mode}" for offer in tariff.editions) == [
        "paq_estandar citypaq", "paq_estandar home", "paq_ligero letterbox", "paq_premium office",
    ]  # fmt: skip


def test_a_column_of_modes_is_read_and_must_not_contradict_the_product() -> None:
    text = "Producto;Modalidad;Zona;Hasta kg;Precio\nPaq Estándar;Oficina;1;5;4,00\n"

    assert {offer.mode for offer in read(text).editions} == {Mode.OFFICE}
    assert told(text.replace("Estándar;", "Estándar Domicilio;")) == [
        (2, "Modalidad", "is not the mode that stands with the product, home")
    ]


@pytest.mark.parametrize("zone", ["Zona 1", "ZONA 1", "zona 01", "Z1", "z-1", "1", "Zone 1"])
def test_a_zone_is_known_by_its_number(zone: str) -> None:
    assert cost(read(SENT.replace("Zona 1", zone)), 500) == (405, 0)


def test_a_zone_by_its_own_name_in_the_map_is_that_zone() -> None:
    text = "Producto;Zona;Hasta kg;Precio\nPaq Ligero;Zona 1;1;4,00\nPaq Ligero;Z2;1;5,00\n"
    offered = read(text, zones=frozenset({"Zona 1", "1", "2", "zona 2"})).editions.values()

    assert [set(zones) for zones in offered] == [{"Zona 1", "Z2"}]


@pytest.mark.parametrize(
    "words",
    ["kg adicional", "Kg. adicional", "por kg adicional o fracción", "Cada kg adicional", "kilo extra",
     "por kilo adicional", "más de 30 kg por kg", "exceso", "per additional kg or fraction"],
)  # fmt: skip
def test_a_price_for_each_kg_above_is_known_in_the_words_of_people(words: str) -> None:
    expect_sent(read(SENT.replace("kg adicional o fracción", words)))


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("más de 30 kg", "may be one price for whatever is heavier, or a price for each kg above"),
        ("> 30", "may be one price for whatever is heavier, or a price for each kg above"),
        ("más de 40 kg por kg", "counts from 40 kg, the last bracket ends at 30 kg"),
        ("", "says no weight"),
        ("1", "is a weight that line 5 prices too"),
        ("consultar", "is not a number"),
    ],
)
def test_a_weight_that_is_not_clear_is_a_problem_with_its_line(words: str, cause: str) -> None:
    ((line, column, said),) = told(SENT.replace("kg adicional o fracción", words).replace("1.015,20", "15,20"))

    assert (line, column, said) == (9, "Hasta kg", cause)


def test_a_weight_that_may_mean_two_things_is_a_problem() -> None:
    text = "Producto;Zona;Hasta kg;Precio\nPaq Ligero;1;1;4\nPaq Ligero;1;1.000;5\nPaq Ligero;1;hasta 1.500 kg;5\n"

    assert told(text) == [(line, "Hasta kg", "may mean thousands or three decimals") for line in (3, 4)]


def test_a_bracket_may_say_both_its_ends_and_a_hole_is_a_doubt() -> None:
    text = "Producto;Zona;Hasta kg;Precio\nPaq Ligero;1;0-1;4,00\nPaq Ligero;1;De 1,5 a 2 kg;5,00\n"

    (doubt,) = read(text).doubts
    assert (doubt.line, doubt.where) == (3, "Hasta kg")
    assert doubt.cause == "leaves weights from 1 kg to 1.5 kg without a price"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (SENT.replace("sin IVA", "IVA incluido"), 2),
        (SENT.replace("sin IVA", "con I.V.A."), 2),
        (SENT.replace(";Precio\n", ";Precio con IVA\n"), 4),
        (SENT.replace(";Precio\n", ";Precio (IVA incl.)\n"), 4),
        (SENT.replace("* Tarifa sujeta a revisión", "* Impuestos incluidos"), 11),
    ],
)
def test_prices_with_tax_are_never_taken_for_net(said: str, line: int) -> None:
    assert told(said) == [(line, "prices", "says that prices hold the tax")]


def test_words_on_a_tax_that_may_mean_both_are_a_problem() -> None:
    assert told(SENT.replace("sin IVA", "IVA 21 %")) == [
        (2, "prices", "speaks of a tax, and not whether prices hold it")
    ]


@pytest.mark.parametrize(
    "words", ["sin IVA", "IVA no incluido", "+ IVA", "más IVA", "IVA excluido", "sem IVA", "impuestos no incluidos", ""]
)
def test_net_prices_may_be_said_in_many_ways_or_not_at_all(words: str) -> None:
    expect_sent(read(SENT.replace("sin IVA", words)))


def test_the_name_of_a_sheet_counts_where_there_are_several() -> None:
    workbook = Workbook()
    workbook.active.title = "Tarifa IVA incluido"
    for sheet, product in ((workbook.active, "Paq Ligero"), (workbook.create_sheet(), "Paq Estándar Oficina")):
        sheet.append(["Producto", "Zona", "Hasta kg", "Precio"])
        sheet.append([product, "1", 1, 4])
    workbook.save(stream := BytesIO())

    assert [where for _, where, _ in told(stream.getvalue())] == ["Tarifa IVA incluido!sheet"]


def test_an_own_tariff_keeps_its_meaning_and_takes_defaults_too() -> None:
    text = "product,mode,zone,over_kg,up_to_kg,net_eur\npaq_estandar,home,1,0,30,4.00\npaq_estandar,home,1,30,,0.50\n"
    tariff = read(text)

    assert cost(tariff, 31_001) == (400, 100)
    assert {offer.origin for offer in tariff.editions} == {"peninsula"}


@pytest.mark.parametrize(("key", "value"), [("origin", "peninsul"), ("mode", "homme"), ("valid_from", "soon")])
def test_settings_that_cannot_be_meant_are_refused(key: str, value: str) -> None:
    with pytest.raises(ValueError, match=key):
        TariffDefaults.model_validate({key: value})


def test_a_rate_names_the_row_it_comes_from(desk: Any) -> None:
    rows = SENT.replace("Zona 1", "Zona 3")
    rate = desk.outcome(
        desk.carrier(tariff=desk.write("sent.csv", rows), tariff_defaults=SAID),
        desk.parcel(1500),
        desk.parcel(500, count=2),
    )

    (said,) = (note.text for note in rate.notes if note.kind == "price_source")
    assert said == "tariff 2026, line 6, line 5, not a live price of Correos"
    assert rate.cost.minor == round((510 + 2 * 405) * 1.21)


sheets = st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True).map(sorted)


@given(sheets, st.data(), st.integers(0, 80_000))
def test_a_sheet_prices_as_the_same_rows_in_columns_of_our_own_do(
    tops: list[int], data: st.DataObject, grams: int
) -> None:
    nets = [data.draw(st.integers(1, 99_999)) for _ in tops]
    sent = [
        f"Paq Estándar Domicilio;Zona 1;{top};{net // 100},{net % 100:02}" for top, net in zip(tops, nets, strict=True)
    ]
    own = [
        f"2026,2026-01-01,peninsula,paq_estandar,home,1,{low},{top},{net // 100}.{net % 100:02}"
        for low, top, net in zip([0, *tops], tops, nets, strict=False)
    ]
    if data.draw(st.booleans()):
        sent.append("Paq Estándar Domicilio;Zona 1;kg adicional;0,57")
        own.append(f"2026,2026-01-01,peninsula,paq_estandar,home,1,{tops[-1]},,0.57")
    mixed = data.draw(st.permutations(sent))
    header = "version,valid_from,origin,product,mode,zone,over_kg,up_to_kg,net_eur"

    one = read("\n".join(["Producto;Zona;Hasta kg;Precio", *mixed]))
    other = read("\n".join([header, *own]), TariffDefaults())

    assert cost(one, grams) == cost(other, grams)
