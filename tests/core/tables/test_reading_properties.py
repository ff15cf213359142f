"""Tables in every disguise read back as the same rows, and random headers never put a cell into a wrong column."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from portes.errors import Problems
from portes.tables import ReadOptions, Row
from portes.tables.formats.plain import COLUMNS, Plain
from portes.tables.reading.headings import key_of
from portes.tables.reading.vocabulary import field_of

OPTIONS = ReadOptions(country="BR", currency="BRL", decimal=None)
NAMES = {
    "postal_from": ["postal_from", "CEP Inicial", "Faixa CEP De", "código postal desde", "ZIP FROM"],
    "postal_to": ["postal_to", "CEP Final", "Faixa CEP Até", "código postal hasta", "Zip to"],
    "weight_from": ["weight_from_kg", "Peso Inicial (kg)", "PESO DE KG", "peso desde (kg)"],
    "weight_to": ["weight_to_kg", "Peso Final (kg)", "PESO ATÉ KG", "peso hasta (kg)"],
    "price": ["price", "Valor do Frete", "Preço (R$)", "Precio", "FRETE"],
    "days": ["days_max", "Prazo de Entrega", "Prazo (dias úteis)", "plazo", "Dias"],
}
DECORATION = ["Região", "Observação", "STATUS", "Filial", "Bairro", "Cidade/UF", "Cód. IBGE"]
TITLES = [["Tabela de fretes 2026"], ["Cliente:", "todos"], ["", "Válida até 31/12/2026, sem ICMS"], [""]]
FOOTERS = [
    ["Total"],
    ["Observações:", "frete a combinar"],
    ["* sujeito a alteração"],
    ["Preços sem ICMS; ver contrato"],
    [""],
]


class Price(NamedTuple):
    """What a row of a table says."""

    first: int
    kilos: tuple[int, int]
    cents: int
    days: int


rows = st.lists(
    st.builds(
        Price,
        st.integers(1_000_000, 99_000_000),
        st.integers(0, 900).flatmap(lambda low: st.tuples(st.just(low), st.integers(low + 1, 999))),
        st.integers(1, 99_999_99),
        st.integers(0, 99),
    ),
    min_size=1,
    max_size=8,
)
styles = st.sampled_from([(";", ","), ("\t", ","), (",", "."), (";", "."), (",", ",")])
spread = st.integers(0, 10**6)


def number(value: Decimal, sign: str, *, group: bool) -> str:
    text = f"{value:,.2f}" if group else f"{value:.2f}"
    return text.translate(str.maketrans(",.", ".,")) if sign == "," else text


def code(postal: int, style: int) -> str:
    whole = f"{postal:08d}"
    return (whole, f"{whole[:5]}-{whole[5:]}", f"{whole[:2]}.{whole[2:5]}-{whole[5:]}", str(postal))[style % 4]


def written(lines: Sequence[Sequence[str]], separator: str, encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode(encoding)


@given(rows, styles, st.sampled_from(["utf-8", "utf-8-sig", "windows-1252", "utf-16"]), st.randoms(), st.data())
def test_a_table_in_any_disguise_reads_back_as_the_same_rows(
    prices: list[Price], style: tuple[str, str], encoding: str, chance: Any, data: st.DataObject
) -> None:
    separator, sign = style
    fields = [*NAMES, *chance.sample(DECORATION, chance.randrange(3))]
    chance.shuffle(fields)
    postal_style, group = chance.randrange(4), bool(chance.randrange(2))
    header = [chance.choice(NAMES[field]) if field in NAMES else field for field in fields]
    lines = [chance.choice(TITLES) for _ in range(chance.randrange(4))] + [header]
    for price in prices:
        cells = {
            "postal_from": code(price.first, postal_style),
            "postal_to": code(price.first, postal_style),
            "weight_from": number(Decimal(price.kilos[0]), sign, group=False),
            "weight_to": number(Decimal(price.kilos[1]), sign, group=False),
            "price": chance.choice(["", "R$ "]) + number(Decimal(price.cents) / 100, sign, group=group),
            "days": chance.choice(["{}", "{} dias", "{} dias úteis"]).format(price.days),
        }
        lines += [[cells.get(field, "qualquer coisa, 12") for field in fields]]
        lines += [[""], header][: chance.randrange(3)] if chance.randrange(4) == 0 else []
    lines += [chance.choice(FOOTERS) for _ in range(chance.randrange(4))]
    problems = Problems(most=None)

    found = [shown(row) for row in Plain().read(written(lines, separator, encoding), OPTIONS, problems)]

    assert problems.all() == ()
    assert found == [
        (f"{p.first:08d}", p.kilos[0] * 10**6, p.kilos[1] * 10**6, p.cents * 10**6, p.days) for p in prices
    ]


def shown(row: Row) -> tuple[str, int, int, int, int]:
    return row.postal_from, row.weight_from, row.weight_to, row.price, row.terms.days_max


words = st.sampled_from(
    [
        *(name for names in NAMES.values() for name in names),
        *DECORATION,
        "GRIS %",
        "até 10 kg",
        "kg",
        "%",
        "R$",
        "(",
        "1.5",
    ]
)
needed = st.tuples(*(st.sampled_from(names) for names in NAMES.values())).map(list)
headings = st.lists(st.one_of(words, st.text(max_size=12), st.tuples(words, words).map(" ".join)), max_size=9)


@given(st.one_of(needed, st.just([])), headings, st.lists(headings, max_size=3), st.randoms())
def test_random_words_as_headers_never_crash_and_never_give_a_cell_to_a_wrong_column(
    most: list[str], more: list[str], above: list[list[str]], chance: Any
) -> None:
    """Every cell holds a value of its own, so a row tells from which columns it came."""
    header = [*most, *more[: chance.randrange(3)]]
    chance.shuffle(header)
    known = {"postal_from": "01000000", "postal_to": "05999999", "price": "7.25", "days_max": "9"}
    weights = {"weight_from": "2", "weight_to": "8"}
    cells = [known.get(field_of(name)) or weights.get(field_of(name)) or "x" for name in header]
    problems = Problems(most=None)

    found = list(Plain().read(written([*above, header, cells], ";", "utf-8"), OPTIONS, problems))

    for row in found:
        assert (row.postal_from, row.postal_to, row.price) == ("01000000", "05999999", 725 * 10**6)
        assert row.weight_from in {2 * 10**6, 2000}
        assert row.terms.days_max == 9


def test_no_word_stands_for_two_columns() -> None:
    meant: dict[str, set[str]] = {}
    for column in COLUMNS:
        for name in (column.name, *column.also):
            meant.setdefault(key_of(name), set()).add(column.name)

    assert {key: names for key, names in meant.items() if len(names) > 1} == {}
