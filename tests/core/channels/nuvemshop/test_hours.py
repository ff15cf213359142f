"""Opening hours in carriers' words become spans of weekdays, or nothing."""

import pytest

from portes.channels.nuvemshop.hours import read_hours

WORKDAYS = [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("L-V 9-14", [(day, "0900", "1400") for day in WORKDAYS]),
        ("lunes a viernes de 8:30 a 20:30", [(day, "0830", "2030") for day in WORKDAYS]),
        ("Seg a Sex das 09h às 18h30", [(day, "0900", "1830") for day in WORKDAYS]),
        ("Mon-Fri: 09:00\u201318:00", [(day, "0900", "1800") for day in WORKDAYS]),
        ("S 9:00-14:00", [(6, "0900", "1400")]),
        (
            "L-V 9:00-14:00 y 17:00-20:00",
            [(d, s, e) for d in WORKDAYS for s, e in (("0900", "1400"), ("1700", "2000"))],
        ),
        ("L-V 9-14; Sáb 10-13", [*[(day, "0900", "1400") for day in WORKDAYS], (6, "1000", "1300")]),
        ("V-D 10-12", [(5, "1000", "1200"), (6, "1000", "1200"), (0, "1000", "1200")]),
        ("24H", [(day, "0000", "2359") for day in range(7)]),
        ("L-V 9-24", [(day, "0900", "2359") for day in WORKDAYS]),
    ],
)
def test_hours_that_are_understood_are_told_by_day(text: str, spans: list[tuple[int, str, str]]) -> None:
    assert [(span["day"], span["start"], span["end"]) for span in read_hours(text)] == spans


@pytest.mark.parametrize(
    "text",
    [
        "",
        "según temporada",
        "L-V 9-14, festivos cerrado",
        "L-V 14-9",
        "L-V 9-25",
        "L-V 9:75-14",
        "9-14",
        "L-V",
        "K 9-14",
    ],
)
def test_hours_of_which_any_part_is_not_understood_are_none(text: str) -> None:
    assert read_hours(text) == ()
