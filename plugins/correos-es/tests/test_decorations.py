"""What only decorates a pick-up point never voids a list: it is left out, and logged once; codes are held to."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from structlog.testing import capture_logs

from portes.carrier import Deadline
from portes.contract import FailureKind, PickupPoint

Edit = Callable[[dict[str, Any]], None]


def asked(desk: Any, simulated: Any, edit: Edit, mode: str, **settings: Any) -> tuple[Any, list[str]]:
    """What becomes of a service when every office and locker is edited before it leaves, and what was logged."""
    sandbox = simulated.sandbox

    def edited(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = json.loads(b"".join(sandbox(environ, lambda *_: None)))
        for entry in (*body.get("others", {}).get("offices", ()), *body.get("content", ())):
            edit(entry)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(body).encode()]

    simulated.sandbox = edited
    tools = desk.tools()
    carrier = desk.carrier(desk.service(mode=mode), tools=tools, **simulated.settings, **settings)
    with capture_logs() as logs:
        for to in ("08001", "08002"):
            desk.outcome(carrier, to=to)
        assert tools.background.settle(Deadline(5))
    return desk.outcome(carrier), [line["event"] for line in logs]


def points(rate: Any) -> dict[str, PickupPoint]:
    return {point.id: point for point in rate.pickup_points}


OFFICE = {
    "unitName": ("name", "0800101"),
    "address": ("address", ""),
    "postalCode": ("postal_code", ""),
    "cityName": ("town", ""),
    "distance": ("distance", None),
    "timetables": ("hours", ""),
}
LOCKER = {
    "alias": ("name", "CT080011P"),
    "address": ("address", ""),
    "postalCode": ("postal_code", ""),
    "municipality": ("town", ""),
    "openingDescription": ("hours", ""),
}
SHAPES = [("office", field, *shown) for field, shown in OFFICE.items()]
SHAPES += [("citypaq", field, *shown) for field, shown in LOCKER.items()]


@pytest.mark.parametrize(("mode", "field", "shown", "instead"), SHAPES)
def test_a_decoration_of_an_unknown_shape_is_left_out_and_logged_once(
    desk: Any, simulated: Any, mode: str, field: str, shown: str, instead: object
) -> None:
    rate, events = asked(desk, simulated, lambda entry: entry.update({field: {"es": "?"}}), mode)

    point = next(iter(points(rate).values()))
    assert getattr(point, shown) == instead
    assert [event.partition(" in a shape")[2] for event in events] == [" that nobody knows"]


@pytest.mark.parametrize(("mode", "fields"), [("office", OFFICE), ("citypaq", LOCKER)])
@pytest.mark.parametrize("missing", [True, False])
def test_decorations_that_are_missing_or_null_are_nothing_to_log(
    desk: Any, simulated: Any, mode: str, fields: dict[str, tuple[str, object]], *, missing: bool
) -> None:
    def bare(entry: dict[str, Any]) -> None:
        for field in fields:
            entry[field] = None
            if missing:
                del entry[field]

    rate, events = asked(desk, simulated, bare, mode)

    point = next(iter(points(rate).values()))
    assert {shown: getattr(point, shown) for shown, _ in fields.values()} == dict(fields.values())
    assert events == []


@pytest.mark.parametrize(
    ("field", "value", "shown", "instead"),
    [
        ("distance", "350", "distance", 350),
        ("distance", -1, "distance", None),
        ("timetables", "L-V 9-14", "hours", "L-V 9-14"),
        ("timetables", ["L-V 9-14", {"day": "S"}], "hours", "L-V 9-14"),
        ("unitName", "x" * 300, "name", "x" * 199 + "…"),
        ("officeType", None, "id", "0800101"),
        ("typeName", None, "id", "0800101"),
    ],
)
def test_a_decoration_is_read_as_far_as_it_can_be(
    desk: Any, simulated: Any, field: str, value: object, shown: str, instead: object
) -> None:
    rate, _ = asked(desk, simulated, lambda entry: entry.update({field: value}), "office")

    assert getattr(rate.pickup_points[0], shown) == instead


@pytest.mark.parametrize(
    ("mode", "wrong"),
    [
        ("office", {"officeId": None}),
        ("office", {"officeId": {}}),
        ("office", {"officeType": {"code": "OFI"}}),
        ("citypaq", {"terminalId": " "}),
        ("citypaq", {"terminalType": ["PUBLICO"]}),
    ],
)
def test_a_point_whose_code_or_kind_cannot_be_read_voids_the_list_and_is_no_refusal(
    desk: Any, simulated: Any, mode: str, wrong: dict[str, object]
) -> None:
    outcome, _ = asked(desk, simulated, lambda entry: entry.update(wrong), mode, without_points="hide")

    assert (outcome.kind, outcome.hint.rpartition(": ")[2]) == (FailureKind.INCOMPLETE, "garbled")


def test_the_older_name_of_a_code_will_do_where_the_newer_one_is_null(desk: Any, simulated: Any) -> None:
    rate, _ = asked(desk, simulated, lambda entry: entry.update(terminalId=None, codHomepaq=77), "citypaq")

    assert list(points(rate)) == ["77"]


@pytest.mark.parametrize(
    "middle", [{"latitude": "40,42", "longitude": "-3,69"}, {"latitude": 40.42, "longitude": -3.69}]
)
def test_only_the_first_suggestion_counts_and_its_decimal_comma_is_read(
    desk: Any, simulated: Any, middle: dict[str, object]
) -> None:
    sandbox = simulated.sandbox

    def suggesting(environ: dict[str, Any], start_response: Any) -> Any:
        if not environ["PATH_INFO"].endswith("suggestions"):
            return sandbox(environ, start_response)
        start_response("200 OK", [])
        return [json.dumps({"suggestions": [middle, {"text": "Calle sin coordenadas"}]}).encode()]

    simulated.sandbox = suggesting
    tools = desk.tools()
    carrier = desk.carrier(desk.service(mode="office"), tools=tools, **simulated.settings)
    desk.outcome(carrier)
    assert tools.background.settle(Deadline(5))

    (query,) = {call["QUERY_STRING"] for call in simulated.calls if call["PATH_INFO"].endswith("/offices")}
    assert query == "latitude=40.42&longitude=-3.69"
