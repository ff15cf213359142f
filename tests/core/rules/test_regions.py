"""Postal prefixes and ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from portes.contract import Place
from portes.rules.regions import Region, Regions, region_fault

codes = st.integers(0, 99_999_999).map(lambda number: f"{number:08}")
prefixes = st.text("0123456789", min_size=1, max_size=8)
ranges = st.tuples(codes, codes, st.integers(1, 8)).map(lambda ends: sorted((ends[0][: ends[2]], ends[1][: ends[2]])))


def brazil(code: str) -> Place:
    return Place(country="BR", postal_code=code)


@pytest.mark.parametrize(
    ("regions", "code", "inside"),
    [
        (["69"], "69005010", True),
        (["69"], "68999999", False),
        (["69"], "06900000", False),
        (["0"], "01512651", True),
        (["01000000..05999999"], "01000000", True),
        (["01000000..05999999"], "05999999", True),
        (["01000000..05999999"], "00999999", False),
        (["01000000..05999999"], "06000000", False),
        (["01..05"], "05999999", True),
        (["01..05"], "06000000", False),
        (["01310100"], "01310100", True),
        (["01310100"], "01310101", False),
        (["10..20", "15..30"], "25000000", True),
        (["10..40", "15..20"], "30000000", True),
        (["10..20", "30..40"], "25000000", False),
        (["69", "01000000..05999999"], "03000000", True),
    ],
)
def test_a_region_holds_its_codes_and_no_other(regions: list[str], code: str, *, inside: bool) -> None:
    assert inside == (brazil(code) in Regions(regions))


def test_a_region_without_a_country_holds_in_every_country() -> None:
    assert Place(country="ES", postal_code="28013") in Regions(["28"])
    assert Place(country="PT", postal_code="2800001") in Regions(["28"])


def test_a_region_with_a_country_holds_there_alone() -> None:
    assert Place(country="ES", postal_code="28013") in Regions(["ES:28"])
    assert Place(country="PT", postal_code="2800001") not in Regions(["ES:28"])
    assert Place(country="PT", postal_code="2800001") in Regions(["PT:0..9"])


@pytest.mark.parametrize(
    ("region", "country", "code", "inside"),
    [
        ("BR-SP", "BR", "01310100", True),
        ("BR-SP", "BR", "20040020", False),
        ("BR-AM", "BR", "69299999", True),
        ("BR-AM", "BR", "69300000", False),
        ("BR-AM", "BR", "69400000", True),
        ("ES-28", "ES", "28013", True),
        ("ES-28", "ES", "29001", False),
        ("ES-28", "PT", "2801300", False),
    ],
)
def test_a_state_is_all_of_its_codes_and_no_other_countrys(
    region: str, country: str, code: str, *, inside: bool
) -> None:
    assert inside == (Place(country=country, postal_code=code) in Regions([region]))
    assert region_fault(region, "BR") is None


@pytest.mark.parametrize(
    ("region", "message"),
    [
        ("BR-XX", 'is no state of BR; write its code, such as "BR-TO"'),
        ("BR-XX/capital", 'is no state of BR; write its code, such as "BR-TO"'),
        ("BR-DF/interior", 'has no interior: all of it is its capital; write "BR-DF/capital" or "BR-DF"'),
        ("BR-MGG", "is no state of BR"),
        ("PT-11", "names a state of PT, whose states are not known here"),
        ("ES-M", "is no state of ES"),
    ],
)
def test_a_state_that_nobody_knows_is_told_with_what_to_write(region: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        TypeAdapter(Region).validate_python(region)


def test_letters_are_part_of_a_code() -> None:
    assert Place(country="AD", postal_code="AD500") in Regions(["AD1..AD5"])
    assert Place(country="AD", postal_code="AD600") not in Regions(["AD1..AD5"])


def test_a_code_that_stands_for_an_area_is_inside_when_all_of_the_area_is() -> None:
    assert Place(country="PT", postal_code="1100") in Regions(["1000000..1999999"])
    assert Place(country="PT", postal_code="1100") not in Regions(["1000000..1100500"])
    assert Place(country="PT", postal_code="1100") in Regions(["1000..1999"])


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "no region"),
        ("01310-100", "no region"),
        ("sp", "no region"),
        ("01..", "no region"),
        ("01-05", "no region"),
        ("١٢", "no region"),
        ("69\n", "no region"),
        ("1..22", "differ in length"),
        ("05..01", "write 01..05"),
        ("UK:SW1..SW9", "names UK, which is no country code; write GB"),
    ],
)
def test_a_text_that_is_no_region_is_refused_with_the_way_to_write_it(text: str, cause: str) -> None:
    with pytest.raises(ValidationError, match=cause):
        TypeAdapter(Region).validate_python(text)
    with pytest.raises(ValueError, match="write "):
        Regions([text])


def test_british_districts_are_told_apart_by_their_number() -> None:
    assert Place(country="GB", postal_code="PH21AA") in Regions(["PH2"])
    assert Place(country="GB", postal_code="PH201AA") not in Regions(["PH2"])
    assert Place(country="GB", postal_code="PH201AA") in Regions(["PH"])


@pytest.mark.parametrize(
    "region", ["69", "01..05", "01000000..05999999", "0131010", "ES:28", "ES:0801", "PT:1000..1999"]
)
def test_a_prefix_or_a_range_of_whole_codes_may_be_meant(region: str) -> None:
    assert region_fault(region, "BR") is None


@pytest.mark.parametrize(
    ("region", "cause", "fix"),
    [
        (
            "1000000..5999999",
            "has 7 digits, and a postal code of BR 8",
            'write "01000000..05999999" if a leading zero was lost, "10000000..59999999" if not',
        ),
        (
            "1310100",
            "has 7 digits, and a postal code of BR 8",
            'write "01310100" if a leading zero was lost, "13101000..13101009" if not',
        ),
        (
            "0100000..5999999",
            "has 7 digits, and a postal code of BR 8",
            'write "01000000..59999999"',
        ),
        (
            "ES:8001..8042",
            "has 4 digits, and a postal code of ES 5",
            'write "ES:08001..08042"',
        ),
        ("ES:8", "is no beginning of a postal code of ES", "write 5 digits from 01000 to 52999"),
        ("ES:53..99", "is no beginning of a postal code of ES", "write 5 digits from 01000 to 52999"),
        ("AD:100..500", "is no beginning of a postal code of AD", "write AD and 3 digits"),
        ("013101000", "is no beginning of a postal code of BR", "write 8 digits without hyphen"),
        ("SP", "is no beginning of a postal code of BR", "write 8 digits without hyphen"),
        ("PT:11001480", "is no beginning of a postal code of PT", "write 4 or 7 digits without hyphen"),
    ],
)
def test_a_region_that_no_code_of_its_country_can_be_in_is_refused_with_what_may_be_meant(
    region: str, cause: str, fix: str
) -> None:
    found = region_fault(region, "BR")

    assert found is not None
    assert found[0] == cause
    assert found[1].startswith(fix)


@given(st.lists(prefixes, max_size=6), st.lists(ranges, max_size=6), codes)
def test_many_regions_hold_what_any_of_them_holds(starts: list[str], spans: list[list[str]], code: str) -> None:
    texts = starts + [f"{low}..{high}" for low, high in spans]
    expected = any(code.startswith(start) for start in starts) or any(
        low <= code[: len(low)] <= high for low, high in spans
    )

    assert expected == (brazil(code) in Regions(texts))
