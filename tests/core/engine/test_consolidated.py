"""Several units that a caller tells as one piece: stock and value are the units', weight and size the piece's."""

from typing import Any

from shop import brl, item, member, origin, quoted, rate, request, service

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Dimensions, Quote, RequestLine, Shipment, Verdict
from portes.engine.policy import Member
from portes.rules.measured import line_measure


def carrier() -> Member:
    return member("a", lambda _: [rate("n", 1000)], service("n"))


def asked(line: RequestLine, of: Member, entry: CatalogueEntry, **more: Any) -> Quote:
    more.setdefault("origins", [origin(1), origin(2)])
    return quoted(request(line), of, catalogue=Catalogue({line.sku: entry}), **more)  # type: ignore[arg-type] # a line


def shipped(of: Member) -> list[Shipment]:
    found: list[Shipment] = of.carrier.asked  # type: ignore[attr-defined] # scripted
    return found


def test_an_origin_stocks_a_piece_when_it_has_all_units_in_it() -> None:
    entry = CatalogueEntry(origins=(1, 2), units=(2, 3))

    assert {one.origin_id for one in asked(item("x", consolidated=3), carrier(), entry).lines[0].offers} == {2}
    assert {one.origin_id for one in asked(item("x", consolidated=2), carrier(), entry).lines[0].offers} == {1}


def test_a_piece_is_not_split_over_origins_and_says_so() -> None:
    of = carrier()
    quote = asked(item("x", consolidated=4), of, CatalogueEntry(origins=(1, 2), units=(2, 3)), split_lines=True)

    assert (quote.verdict, shipped(of)) == (Verdict.NOT_SERVED, [])
    assert {no.refusal.code for no in quote.lines[0].refusals} == {"out_of_stock"}
    assert quote.lines[0].refusals[0].refusal.text == (
        "no origin has the 4 units: origin 1 has 2, origin 2 has 3; together they have enough, and they are asked"
        " about as one piece"
    )


def test_a_piece_weighs_what_is_told_and_is_worth_all_its_units_by_the_catalogue() -> None:
    of = carrier()
    asked(item("x", weight=1500, consolidated=3), of, CatalogueEntry(declared_value=brl(1000), weight=9))

    (parcel,) = shipped(of)[0].parcels
    assert (parcel.weight, parcel.count, parcel.value) == (1500, 1, brl(3000))


def test_a_told_value_is_that_of_the_piece() -> None:
    of = carrier()
    asked(item("x", consolidated=3, declared_value=brl(500)), of, CatalogueEntry(declared_value=brl(1000)))

    assert shipped(of)[0].value == brl(500)


def test_the_catalogue_s_measures_of_one_unit_are_not_those_of_a_piece() -> None:
    entry = CatalogueEntry(weight=500, size=Dimensions(length=100, width=100, height=100))
    quote = asked(RequestLine(sku="x", quantity=1, consolidated=2), carrier(), entry)

    assert quote.verdict is Verdict.UNKNOWN
    assert quote.lines[0].failures[0].failure.hint == (
        "the caller tells no weight and size of it, and the store's catalogue has that of one unit only"
    )
    assert asked(RequestLine(sku="x", quantity=1), carrier(), entry).verdict is Verdict.SERVED


def test_rules_count_the_units_in_a_piece() -> None:
    assert line_measure("units")(item("x", 2, consolidated=3)) == 6
