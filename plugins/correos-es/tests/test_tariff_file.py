"""A tariff's file: what is wrong with it is told with line and fix, all at once; what is odd is told and used."""

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from portes.contract import FailureKind, RefusalKind
from portes.errors import SettingsError
from portes_correos_es.products import Mode
from portes_correos_es.sources import Source, packaged
from portes_correos_es.tariff import Found, Hole, NotOffered, Tariff
from portes_correos_es.tariff_file import read_tariff
from portes_correos_es.territories import Area, Territory

HEADER = "version,valid_from,valid_to,product,mode,zone,over_kg,up_to_kg,net_eur\n"
YEAR = "c,2026-01-01,2026-12-31"
TODAY = date(2026, 11, 23)
MADRID = Territory("ES", Area.PENINSULA, "28")
ZONES = frozenset({"1", "3"})


def rows(*lines: str, prefix: str = f"{YEAR},paq_estandar,home,1") -> str:
    return HEADER + "".join(f"{prefix},{line}\n" for line in lines)


def read(text: str, **more: Any) -> Tariff:
    source = Source("tariff.csv", text.encode())
    return read_tariff(source, ZONES, TODAY, **more)


def told(text: str, **more: Any) -> list[tuple[int, str, str]]:
    """Line, column and cause of each problem."""
    with pytest.raises(SettingsError) as caught:
        read(text, **more)
    assert all(problem.fix for problem in caught.value.problems)
    assert {problem.file for problem in caught.value.problems} == {"tariff.csv"}
    return [(problem.line, problem.where, problem.cause) for problem in caught.value.problems]


def price(
    tariff: Tariff, grams: int, zone: str = "1", day: date = TODAY, most: int = 30_000
) -> Found | NotOffered | Hole:
    return tariff.price("paq_estandar", Mode.HOME, MADRID, zone, day, grams, most)


def test_a_sound_tariff_has_no_doubts() -> None:
    tariff = read(rows("0,1,4.00", "1,5,5.00"))

    assert tariff.doubts == ()
    assert [str(each) for each in tariff.validities()] == ["c, 2026-01-01 - 2026-12-31"]


def test_an_error_of_a_spreadsheet_is_a_problem_where_it_is_read_and_none_in_a_note() -> None:
    text = rows("0,1,4.00,#N/A", "1,5,#REF!,x").replace("net_eur", "net_eur,note")

    assert told(text) == [(3, "net_eur", "is an error of the spreadsheet")]
    assert read(text.replace("#REF!", "5.00")).doubts == ()


def test_decimal_commas_semicolons_and_spreadsheet_encodings_are_read() -> None:
    text = rows("0,1,4.00").replace(",", ";").replace("4.00", "4,05").replace("c;", "año 2026;", 1)
    tariff = read_tariff(Source("t.csv", text.encode("windows-1252")), ZONES, TODAY)

    found = price(tariff, 1000)
    assert isinstance(found, Found)
    assert (found.base, found.validity.version) == (405, "año 2026")


def test_a_bracket_holds_its_upper_border() -> None:
    tariff = read(rows("0,1,4.00", "1,5,5.00"))

    bases = [found.base for grams in (0, 1, 1000, 1001, 5000) if isinstance(found := price(tariff, grams), Found)]

    assert bases == [400, 400, 400, 500, 500]


@pytest.mark.parametrize(("grams", "extra"), [(30_000, 0), (30_001, 57), (31_000, 57), (31_001, 114)])
def test_each_started_kilogram_above_the_last_bracket_costs_extra(grams: int, extra: int) -> None:
    tariff = read(rows("0,30,10.00", "30,,0.57"))

    found = price(tariff, grams)

    assert isinstance(found, Found)
    assert (found.base, found.extra) == (1000, extra)


def test_above_the_last_bracket_nothing_is_offered() -> None:
    said = price(read(rows("0,1,4.00", "1,5,5.00")), 5001, most=5000)

    assert isinstance(said, NotOffered)
    assert (said.kind, said.why) == (RefusalKind.TOO_HEAVY, "5001 g are billed, the tariff ends at 5000 g")


def test_a_gap_is_told_with_its_line_and_is_no_refusal() -> None:
    tariff = read(rows("0,1,4.00", "2,5,5.00"))

    assert [doubt.partition("over_kg: ")[2] for doubt in map(str, tariff.doubts)] == [
        "leaves weights from 1 kg to 2 kg without a price; add the bracket between, or let this one begin there"
    ]
    assert "tariff.csv:3" in str(tariff.doubts[0])
    assert isinstance(price(tariff, 1500), Hole)
    assert isinstance(price(tariff, 2000), Hole)
    assert isinstance(price(tariff, 1000), Found)
    assert isinstance(price(tariff, 2001), Found)


def test_a_tariff_that_begins_above_nothing_has_a_gap_below() -> None:
    tariff = read(rows("1,5,5.00"))

    assert "from 0 kg to 1 kg" in str(tariff.doubts[0])
    assert isinstance(price(tariff, 1000), Hole)


def test_brackets_printed_apart_by_ten_grams_touch() -> None:
    tariff = read(rows("0,1,4.00", "1.01,5,5.00"))

    assert tariff.doubts == ()
    assert isinstance(found := price(tariff, 1005), Found)
    assert found.base == 500


def test_a_falling_price_is_told_with_its_line() -> None:
    (doubt,) = read(rows("0,1,4.00", "1,5,3.99")).doubts

    assert str(doubt).startswith("tariff.csv:3: net_eur: is less than the lighter bracket of line 2")


def test_overlapping_brackets_are_refused() -> None:
    assert told(rows("0,2,4.00", "1,5,5.00")) == [(3, "over_kg", "overlaps the bracket of line 2")]


def test_two_prices_for_one_bracket_are_refused() -> None:
    assert told(rows("0,1,4.00", "0,1,4.00")) == [(3, "over_kg", "overlaps the bracket of line 2")]


def test_a_bracket_inside_the_end_of_another_is_refused() -> None:
    assert told(rows("0,1,4.00", "0.995,1,4.50")) == [(3, "over_kg", "overlaps the bracket of line 2")]


def test_a_bracket_that_ends_before_it_begins_is_refused() -> None:
    assert (2, "up_to_kg", "is not above over_kg") in told(rows("5,1,4.00"))


def test_the_price_of_extra_kilograms_counts_from_the_last_bracket() -> None:
    assert told(rows("0,30,9.00", "31,,0.57")) == [(3, "over_kg", "counts from 31 kg, the last bracket ends at 30 kg")]
    assert told(rows("0,30,9.00", "30,,0.57", "30,,0.58")) == [
        (4, "up_to_kg", "is a second price per kilogram beside line 3")
    ]
    assert told(rows("30,,0.57")) == [(2, "over_kg", "counts from 30 kg, the last bracket ends at 0 kg")]


def test_unknown_products_and_modes_are_refused_with_the_nearest_name() -> None:
    text = HEADER + f"{YEAR},paq_estandard,home,1,0,1,4.00\n{YEAR},paq_ligero,office,1,0,1,4.00\n"

    with pytest.raises(SettingsError) as caught:
        read(text)

    assert [(problem.line, problem.value, problem.fix) for problem in caught.value.problems] == [
        (2, "paq_estandard", "did you mean paq_estandar?"),
        (3, "office", "write one of letterbox"),
    ]


def test_a_price_of_nothing_is_refused() -> None:
    assert told(rows("0,1,0.00")) == [(2, "net_eur", "charges nothing")]


def test_an_empty_tariff_is_refused() -> None:
    assert told(HEADER) == [(0, "file", "there is no row with a price in it")]


def test_every_problem_of_a_file_is_told_at_once_in_one_go() -> None:
    text = rows("0,1,cheap", "1,x,5.00") + "c,someday,2026-12-31,paq_estandar,home,1,5,9,6.00\n"

    assert [(line, column) for line, column, _ in told(text)] == [(2, "net_eur"), (3, "up_to_kg"), (4, "valid_from")]


def test_an_end_before_its_beginning_is_refused() -> None:
    text = rows("0,1,4.00", prefix="c,2026-12-31,2026-01-01,paq_estandar,home,1")

    assert told(text)[0] == (2, "valid_to", "is before valid_from")


def test_an_expired_tariff_is_told_and_prices_nothing() -> None:
    tariff = read(rows("0,1,4.00", prefix="old,2025-01-01,2025-12-31,paq_estandar,home,1"))

    (doubt,) = tariff.doubts
    assert str(doubt).startswith("tariff.csv:2: valid_to: is past: nothing of old has a price today (got '2025-12-31')")
    said = price(tariff, 500)
    assert isinstance(said, Hole)
    assert said.why.endswith("in zone 1 from 28 on 2026-11-23: it was priced until 2025-12-31")


def test_a_future_tariff_is_told_and_prices_its_own_days() -> None:
    tariff = read(rows("0,1,4.00", prefix="new,2027-01-01,,paq_estandar,home,1"))

    assert "is still to come" in str(tariff.doubts[0])
    assert isinstance(price(tariff, 500), Hole)
    assert isinstance(price(tariff, 500, day=date(2027, 1, 1)), Found)


def test_an_edition_follows_another_by_the_day_of_dispatch() -> None:
    old = rows("0,1,4.00")
    tariff = read(old + "next,2027-01-01,,paq_estandar,home,1,0,1,4.50\n")

    assert tariff.doubts == ()
    bases = [
        found.base
        for day in (date(2026, 12, 31), date(2027, 1, 1))
        if isinstance(found := price(tariff, 500, day=day), Found)
    ]
    assert bases == [400, 450]


def test_two_editions_for_one_day_are_refused() -> None:
    text = rows("0,1,4.00") + "next,2026-12-31,,paq_estandar,home,1,0,1,4.50\n"

    ((line, column, cause),) = told(text)
    assert (line, column) == (3, "valid_from")
    assert cause == "holds on days on which line 2 prices paq_estandar home in zone 1 too"


def test_the_later_edition_may_stand_first_and_is_refused_all_the_same() -> None:
    text = (
        rows("0,1,4.50", prefix="next,2026-12-31,2026-12-31,paq_estandar,home,1")
        + f"{YEAR},paq_estandar,home,1,0,1,4\n"
    )

    assert [(line, column) for line, column, _ in told(text)] == [(3, "valid_from")]


def test_a_zone_that_no_place_is_in_is_told_once() -> None:
    text = rows("0,1,4.00", "1,2,5.00", prefix=f"{YEAR},paq_estandar,home+office,8")

    (doubt,) = read(text).doubts

    assert str(doubt).startswith("tariff.csv:2: zone: is a zone that no pair of places is in (got '8')")


def test_doubts_are_told_beside_the_problems() -> None:
    text = rows("0,1,4.00", "2,5,5.00") + f"{YEAR},paq_volante,home,1,0,1,4.00\n"

    assert [(line, column) for line, column, _ in told(text)] == [(4, "product"), (3, "over_kg")]


def test_the_narrowest_origin_of_a_tariff_decides() -> None:
    header = HEADER.replace("product", "origin,product")
    text = header + "".join(
        f"{YEAR},{origin},paq_estandar,home,1,0,1,{net}\n"
        for origin, net in (("", "4.00"), ("peninsula", "3.00"), ("28", "2.00"))
    )
    tariff = read(text)

    bases = [
        found.base
        for place in (MADRID, Territory("ES", Area.PENINSULA, "08"), Territory("ES", Area.CEUTA, "51"))
        if isinstance(found := tariff.price("paq_estandar", Mode.HOME, place, "1", TODAY, 500, 1000), Found)
    ]
    assert bases == [200, 300, 400]


def test_the_store_logs_what_is_odd_when_it_starts(desk: Any) -> None:
    tariff = desk.write("odd.csv", rows("0,1,4.00", "2,5,5.00"))

    with capture_logs() as logs:
        desk.carrier(tariff=tariff)

    assert {(line["log_level"], line["event"]) for line in logs} == {("warning", "odd in the tariff")}
    assert "leaves weights from 1 kg to 2 kg" in logs[0]["doubt"]


def test_a_hole_between_brackets_is_a_failure(desk: Any) -> None:
    odd = desk.carrier(tariff=desk.write("odd.csv", rows("0,1,4.00", "2,5,5.00")))

    assert desk.outcome(odd, desk.parcel(1500), to="28001").kind is FailureKind.INCOMPLETE


def test_a_tariff_out_of_date_is_a_failure(desk: Any) -> None:
    failure = desk.outcome(desk.carrier(), on=date(2027, 1, 1))

    assert failure.kind is FailureKind.INCOMPLETE
    assert failure.hint.endswith("in zone 3 from 28 on 2027-01-01: it was priced until 2026-12-31")


def test_the_packaged_sample_has_nothing_wrong_or_odd() -> None:
    tariff = read_tariff(packaged("sample-canarias-2023.csv"), frozenset("15"), TODAY, sample=True)

    assert tariff.doubts == ()


nets = st.integers(1, 10_000)
borders = st.lists(st.integers(1, 60_000), min_size=1, max_size=8, unique=True).map(sorted)


@given(borders, st.data(), st.integers(0, 70_000), st.integers(0, 70_000))
def test_a_price_never_falls_when_the_weight_rises_unless_the_loader_said_so(
    tops: list[int], data: st.DataObject, one: int, other: int
) -> None:
    brackets = [
        f"{low / 1000:.3f},{high / 1000:.3f},{data.draw(nets) / 100:.2f}"
        for low, high in zip([0, *tops], tops, strict=False)
    ]
    if data.draw(st.booleans()):
        brackets.append(f"{tops[-1] / 1000:.3f},,{data.draw(nets) / 100:.2f}")
    tariff = read(rows(*brackets))
    lighter, heavier = (price(tariff, grams) for grams in sorted((one, other)))
    assume(isinstance(lighter, Found) and isinstance(heavier, Found))
    assert isinstance(lighter, Found)
    assert isinstance(heavier, Found)

    assert lighter.base + lighter.extra <= heavier.base + heavier.extra or any(
        "is less than the lighter bracket" in doubt.cause for doubt in tariff.doubts
    )


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), nets), min_size=1, max_size=6), st.integers(0, 40_000)
)
def test_a_weight_has_one_price_or_the_loader_said_why_not(brackets: list[tuple[int, int, int]], grams: int) -> None:
    try:
        tariff = read(rows(*(f"{low},{high},{net / 100:.2f}" for low, high, net in brackets)))
    except SettingsError:
        return
    holding = [net for low, high, net in brackets if low * 1000 < grams <= high * 1000 or (grams == low == 0)]

    found = price(tariff, grams, most=max(high for _, high, _ in brackets) * 1000)

    if holding:
        assert isinstance(found, Found)
        assert found.base == holding[0]
    else:
        assert isinstance(found, NotOffered) or tariff.doubts
