"""Laws of measures: whole grams and millimetres, never understated."""

from collections.abc import Callable
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.contract import Dimensions
from portes.contract.measures import cubic_weight, cubic_weight_by_divisor, parse_length, parse_weight
from portes.errors import RequestError

sides = st.integers(0, 10**5)
volumes = st.integers(0, 10**12)


@given(st.integers(0, 10**9))
def test_a_weight_round_trips_through_its_text_in_grams_and_kilograms(grams: int) -> None:
    assert parse_weight(f"{grams}g") == grams
    assert parse_weight(f"{Decimal(grams).scaleb(-3)}kg".replace(".000", "")) == grams


@given(st.integers(0, 2 * 10**6))
def test_a_length_round_trips_through_its_text_in_every_unit(millimetres: int) -> None:
    assert parse_length(f"{millimetres}mm") == millimetres
    assert parse_length(f"{Decimal(millimetres).scaleb(-1)} cm") == millimetres
    assert parse_length(f"{Decimal(millimetres).scaleb(-3)}m") == millimetres


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("500 g", 500),
        ("0.5kg", 500),
        ("0,5 kg", 500),
        (".5kg", 500),
        (" 2 KG ", 2000),
        ("1.234kg", 1234),
        ("0,250kg", 250),
        ("1.234,5 kg", 1234500),
        ("1,234.5 kg", 1234500),
        ("0.0001kg", 1),
        ("12.3g", 13),
    ],
)
def test_a_weight_is_read_as_people_write_it_and_rounded_up(text: str, grams: int) -> None:
    assert parse_weight(text) == grams


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("500", "is not a weight with its unit"),
        ("0.5lb", "is not a weight with its unit"),
        ("-1kg", "is not a weight with its unit"),
        ("12%", "is not a weight with its unit"),
        ("", "is not a weight with its unit"),
        ("1e3g", "is not a weight with its unit"),
        ("\N{FULLWIDTH DIGIT FIVE}g", "is not a weight with its unit"),
        ("1,234kg", "may mean thousands or three decimals"),
        ("1.2.3kg", "is not a number"),
        (".kg", "is not a number"),
        ("9" * 29 + "g", "is longer than"),
    ],
)
def test_what_is_no_weight_is_refused_with_its_cause_and_the_fix(text: str, cause: str) -> None:
    with pytest.raises(RequestError) as refused:
        parse_weight(text)

    (problem,) = refused.value.problems
    assert problem.cause.startswith(cause)
    assert problem.where == "weight"
    assert problem.fix == "write a number and g or kg, such as 0.5kg"


@pytest.mark.parametrize(("text", "millimetres"), [("25cm", 250), ("0,25 m", 250), ("1.05cm", 11), ("7 mm", 7)])
def test_a_length_is_read_as_people_write_it_and_rounded_up(text: str, millimetres: int) -> None:
    assert parse_length(text) == millimetres


@pytest.mark.parametrize("text", ["25", "25in", "cm", "25 cm 3"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="length: is not a length with its unit"):
        parse_length(text)


@given(sides, sides, sides)
def test_a_size_round_trips_through_its_text(length: int, width: int, height: int) -> None:
    expected = Dimensions(length=length, width=width, height=height)

    assert Dimensions.parse(f"{length}x{width}x{height}mm") == expected
    assert Dimensions.parse(f"{length / 10} X {width / 10} X {height / 10} cm") == expected


def test_a_size_keeps_the_order_of_length_width_and_height() -> None:
    assert Dimensions.parse("10x20,5x25cm") == Dimensions(length=100, width=205, height=250)


@pytest.mark.parametrize("text", ["10x10cm", "10x10x25", "10x10x25x1cm", "axbxcm", "10x10x1,234cm", "10x10x25in"])
def test_what_is_no_size_is_refused_with_the_fix(text: str) -> None:
    with pytest.raises(RequestError, match=r"size: .*write length x width x height and one unit"):
        Dimensions.parse(text)


@given(sides, sides, sides)
def test_volume_and_sorted_sides_do_not_care_which_side_is_called_length(one: int, two: int, three: int) -> None:
    boxes = [Dimensions(length=a, width=b, height=c) for a, b, c in permutations((one, two, three))]

    assert {box.volume for box in boxes} == {one * two * three}
    assert {box.sides for box in boxes} == {tuple(sorted((one, two, three), reverse=True))}


def test_a_changed_copy_has_the_sides_of_the_copy() -> None:
    box = Dimensions(length=1, width=2, height=3)
    assert box.sides == (3, 2, 1)

    assert box.model_copy(update={"length": 9}).sides == (9, 3, 2)


@given(volumes, st.decimals(min_value=1, max_value=1000, places=2))
def test_a_cubic_weight_is_never_understated_and_less_than_a_gram_over(volume: int, factor: Decimal) -> None:
    exact = volume * factor / 1_000_000

    assert 0 <= cubic_weight(volume, factor) - exact < 1


@given(volumes, st.sampled_from([1000, 4000, 5000, 6000]))
def test_a_divisor_is_the_inverse_of_a_factor(volume: int, divisor: int) -> None:
    """A divisor in cm³ per kg and a factor in kg per m³ multiply to a million."""
    by_divisor = cubic_weight_by_divisor(volume, divisor)

    assert 0 <= by_divisor * divisor - volume < divisor
    if 1_000_000 % divisor == 0:
        assert by_divisor == cubic_weight(volume, Decimal(1_000_000 // divisor))


@pytest.mark.parametrize(
    ("size", "factor", "grams"),
    [("100x100x100cm", "300", 300_000), ("50x40x30cm", "300", 18_000), ("100x100x100cm", "166.67", 166_670)],
)
def test_the_usual_factors_of_the_road_and_the_air(size: str, factor: str, grams: int) -> None:
    assert cubic_weight(Dimensions.parse(size).volume, Decimal(factor)) == grams


def test_the_template_example_of_a_divisor_of_6000() -> None:
    assert cubic_weight_by_divisor(Dimensions.parse("50x60x15cm").volume, 6000) == 7500


@pytest.mark.parametrize(
    ("read", "text"), [(parse_weight, "10000000001kg"), (parse_length, "2000001mm"), (parse_length, "9" * 27 + "m")]
)
def test_a_measure_beyond_anything_carried_is_refused(read: Callable[[str], int], text: str) -> None:
    with pytest.raises(RequestError) as refused:
        read(text)

    assert [(found.value, found.cause) for found in refused.value.problems] == [(text, "is more than anything carried")]


def test_a_cubic_weight_is_exact_to_its_last_gram_whatever_the_factor() -> None:
    barely_above_one = Decimal("1.0000000000000000000000000001")

    assert cubic_weight(10**18, barely_above_one) == 10**12 + 1
