"""The zone map: which zone a pair of places is in, decided for every pair."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.contract import FailureKind, Place
from portes.errors import Problems, SettingsError
from portes_correos_es.lanes import Lanes
from portes_correos_es.sources import Source, packaged
from portes_correos_es.territories import Area, territory
from portes_correos_es.zones import Zone, read_zones

HEADER = "origin,destination,zone,note\n"
SPECIAL = {"07", "35", "38", "51", "52"}


@pytest.fixture(scope="module")
def zones() -> Lanes[Zone]:
    problems = Problems("zones.csv")
    zones = read_zones(packaged("zones.csv"), problems)
    problems.check()
    return zones


def spanish(province: int, rest: int = 1) -> Place:
    return Place(country="ES", postal_code=f"{province:02}{rest:03}")


ABROAD = [Place(country="AD", postal_code=f"AD{code}") for code in (100, 200, 300, 400, 500, 551, 560, 600, 700)]
ABROAD += [Place(country="PT", postal_code=code) for code in ("1100", "4000322", "9000", "9500150")]
PLACES = [spanish(province) for province in range(1, 53)] + ABROAD


def test_every_pair_of_places_is_decided(zones: Lanes[Zone]) -> None:
    """All 52 provinces, Andorra and Portugal: each pair has a zone, or the reason why nobody knows it."""
    undecided = [
        (one.postal_code, other.postal_code)
        for one, other in product(PLACES, repeat=2)
        if not (zone := zones.find(territory(one), territory(other))) or not (zone.name or zone.note)
    ]

    assert undecided == []


def expected(one: int, other: int) -> str:
    """The zone as the documents put it, slowly: numbers of provinces in, a zone out; empty where none shows it."""
    here, there = f"{one:02}", f"{other:02}"
    if here == there:
        return "1"
    if {here, there} == {"35", "38"}:
        return "6"
    if {here, there} & {"35", "38"}:
        return "5"
    if not {here, there} & SPECIAL:
        return "3"
    return "4" if here not in SPECIAL or there not in SPECIAL else ""


@given(st.integers(1, 52), st.integers(1, 52), st.integers(0, 999), st.integers(0, 999))
def test_the_zone_of_two_provinces_is_the_published_one(one: int, other: int, rest: int, end: int) -> None:
    problems = Problems("zones.csv")
    zones = read_zones(packaged("zones.csv"), problems)

    zone = zones.find(territory(spanish(one, rest)), territory(spanish(other, end)))

    assert zone is not None
    assert zone.name == expected(one, other)


@pytest.mark.parametrize(
    ("origin", "destination", "zone"),
    [
        (spanish(35), ABROAD[0], "5"),
        (ABROAD[0], spanish(38), "5"),
        (spanish(38), Place(country="PT", postal_code="1100"), "9"),
        (spanish(38), Place(country="PT", postal_code="9000"), ""),
        (spanish(28), ABROAD[0], ""),
        (spanish(28), Place(country="PT", postal_code="1100"), ""),
        (spanish(28), Place(country="FR", postal_code="75001"), ""),
    ],
)
def test_the_zone_of_a_lane_abroad(zones: Lanes[Zone], origin: Place, destination: Place, zone: str) -> None:
    found = zones.find(territory(origin), territory(destination))

    assert found is not None
    assert found.name == zone


def test_a_zone_that_nobody_knows_is_a_failure_with_its_fix(desk: Any) -> None:
    failure = desk.outcome(desk.carrier(), to="AD AD500")

    assert failure.kind is FailureKind.INCOMPLETE
    assert failure.hint == (
        "the zone from 28 to AD is not known (no public document shows this zone); put it into a zone map"
    )


def test_the_shops_own_map_decides_in_place_of_the_public_one(desk: Any) -> None:
    text = HEADER + "any,any,3,\n28,19,1,neighbours\nmallorca,same_island,1,\n07,07,4,\nPT,peninsula,4,\n"
    carrier = desk.carrier(zones=desk.write("zones.csv", text))

    bases = {
        lane: desk.parts(carrier, origin=lane[0], to=lane[1])["base"]
        for lane in [("28013", "19001"), ("28013", "45001"), ("07001", "07700"), ("07001", "07002")]
    }

    assert bases == {
        ("28013", "19001"): 400,
        ("28013", "45001"): 500,
        ("07001", "07700"): 900,
        ("07001", "07002"): 900,
    }


def test_the_narrower_word_of_two_that_fit_decides() -> None:
    text = HEADER + "any,any,a,\nany,same_province,b,\nany,same_island,c,\ncanarias,la_palma,d,\n38,38,e,\n"
    zones = read_zones(Source("z.csv", text.encode()), Problems("z.csv"))

    def found(one: str, other: str) -> str:
        places = (Place(country="ES", postal_code=code) for code in (one, other))
        zone = zones.find(*map(territory, places))
        return zone.name if zone else ""

    lanes = [("28001", "08001"), ("28001", "28002"), ("07001", "07002"), ("35001", "38700"), ("38001", "38700")]
    assert [found(*lane) for lane in lanes] == ["a", "b", "c", "d", "e"]


def problems_of(text: str) -> list[tuple[int, str, str]]:
    problems = Problems("zones.csv")
    read_zones(Source("zones.csv", (HEADER + text).encode()), problems)
    assert all(problem.fix for problem in problems.all())
    return [(problem.line, problem.where, problem.cause) for problem in problems.all()]


def test_a_map_with_unknown_places_or_two_zones_for_a_pair_is_refused() -> None:
    assert problems_of("any,any,1,\nmainland,any,3,\nany,the moon,3,\nany,any,2,\nES,any,3,\n") == [
        (3, "origin", "is no place"),
        (4, "destination", "is no place"),
        (5, "destination", "has a zone from any already"),
        (6, "origin", "is no place"),
    ]


@pytest.mark.parametrize(
    ("word", "fix"),
    [
        ("UK", "write GB"),
        ("IC", "write canarias"),
        ("EA", "write ceuta or melilla"),
        ("ES", "write an area of Spain such as peninsula, canarias or ceuta"),
        ("fr", "write FR"),
        ("7", "write 07, if this province is meant"),
        ("La Palma", "did you mean la_palma?"),
        ("Peninsula", "did you mean peninsula?"),
        ("QQ", "write an area such as peninsula, an island, a province such as 28, a country such as PT, or any"),
    ],
)
def test_a_word_that_means_no_place_is_refused_with_the_one_that_is_meant(word: str, fix: str) -> None:
    problems = Problems("zones.csv")

    read_zones(Source("zones.csv", f"{HEADER}any,any,1,\n{word},any,2,\nany,{word},2,\n".encode()), problems)

    assert [(each.line, each.fix[: len(fix)]) for each in problems.all()] == [(3, fix), (4, fix)]


def test_a_map_that_leaves_a_pair_open_is_refused() -> None:
    spanish_areas = [area for area in Area if area is not Area.ABROAD]
    pairs = [f"{one},{other},3," for one, other in product(spanish_areas, repeat=2)]

    assert problems_of("\n".join(pairs)) == []
    assert problems_of("\n".join(pairs[1:])) == [(0, "zone", "nothing says the zone from peninsula to peninsula")]


def test_a_wrong_map_keeps_the_store_from_starting(desk: Any) -> None:
    with pytest.raises(SettingsError, match="nothing says the zone from peninsula to ceuta"):
        desk.carrier(zones=desk.write("zones.csv", HEADER + "peninsula,peninsula,3,\n"))
