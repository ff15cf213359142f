"""Postal codes as provinces, islands and areas, and where customs papers are needed."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.contract import Place
from portes_correos_es.territories import Area, Territory, needs_customs, territory


def there(text: str) -> Territory:
    country, _, code = text.rpartition(" ")
    return territory(Place(country=country or "ES", postal_code=code))


@pytest.mark.parametrize(
    ("code", "area", "province", "island"),
    [
        ("01001", Area.PENINSULA, "01", ""),
        ("28013", Area.PENINSULA, "28", ""),
        ("07001", Area.BALEARES, "07", "mallorca"),
        ("07500", Area.BALEARES, "07", "mallorca"),
        ("07701", Area.BALEARES, "07", "menorca"),
        ("07800", Area.BALEARES, "07", "ibiza"),
        ("07860", Area.BALEARES, "07", "formentera"),
        ("07871", Area.BALEARES, "07", "formentera"),
        ("35001", Area.CANARIAS, "35", "gran_canaria"),
        ("35500", Area.CANARIAS, "35", "lanzarote"),
        ("35600", Area.CANARIAS, "35", "fuerteventura"),
        ("38001", Area.CANARIAS, "38", "tenerife"),
        ("38700", Area.CANARIAS, "38", "la_palma"),
        ("38800", Area.CANARIAS, "38", "la_gomera"),
        ("38900", Area.CANARIAS, "38", "el_hierro"),
        ("51001", Area.CEUTA, "51", ""),
        ("52006", Area.MELILLA, "52", ""),
        ("AD AD500", Area.ANDORRA, "", ""),
        ("PT 1100148", Area.PORTUGAL, "", ""),
        ("PT 9000", Area.PORTUGAL_ISLANDS, "", ""),
        ("FR 75001", Area.ABROAD, "", ""),
    ],
)
def test_a_postal_code_tells_area_province_and_island(code: str, area: Area, province: str, island: str) -> None:
    found = there(code)

    assert (found.area, found.province, found.island) == (area, province, island)


@given(st.integers(1000, 52_999))
def test_every_spanish_postal_code_lies_in_one_province(number: int) -> None:
    found = there(f"{number:05}")

    assert found.province == f"{number:05}"[:2]
    assert found.country == "ES"
    assert (found.area in {Area.BALEARES, Area.CANARIAS}) == bool(found.island)


def test_a_place_is_meant_by_its_narrowest_word_first() -> None:
    assert there("38700").words == ("38", "la_palma", "canarias")
    assert there("28013").words == ("28", "peninsula")
    assert there("AD AD500").words == ("AD", "andorra")
    assert there("FR 75001").words == ("FR", "abroad")


CUSTOMS = {
    ("28013", "08001"): False,
    ("28013", "07001"): False,
    ("28013", "35001"): True,
    ("35001", "28013"): True,
    ("35001", "38001"): False,
    ("35001", "35600"): False,
    ("35001", "51001"): True,
    ("51001", "52001"): True,
    ("51001", "51002"): False,
    ("28013", "52001"): True,
    ("28013", "PT 1100"): False,
    ("35001", "PT 1100"): True,
    ("28013", "AD AD500"): True,
    ("28013", "FR 75001"): False,
    ("28013", "NO 0150"): True,
}


@pytest.mark.parametrize(("origin", "destination"), CUSTOMS)
def test_customs_papers_go_along_where_a_border_of_the_customs_union_is_crossed(origin: str, destination: str) -> None:
    assert needs_customs(there(origin), there(destination), inside_eu=False) == CUSTOMS[origin, destination]


def test_customs_papers_may_be_wanted_for_every_other_country() -> None:
    assert needs_customs(there("28013"), there("PT 1100"), inside_eu=True)
    assert not needs_customs(there("28013"), there("08001"), inside_eu=True)


@given(st.integers(1, 52), st.integers(1, 52))
def test_customs_inside_spain_are_the_same_both_ways(one: int, other: int) -> None:
    here, back = there(f"{one:02}001"), there(f"{other:02}001")

    both = {needs_customs(*pair, inside_eu=False) for pair in ((here, back), (back, here))}

    assert both == {bool({one, other} & {35, 38, 51, 52}) and one != other and {one, other} != {35, 38}}


def test_provinces_and_islands_are_shared_only_where_there_are_any() -> None:
    for one, other in product(("FR 75001", "28013", "AD AD500"), repeat=2):
        assert there(one).shares_province(there(other)) == (one == other == "28013")
        assert not there(one).shares_island(there(other))
