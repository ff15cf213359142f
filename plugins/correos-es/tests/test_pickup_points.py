"""Pick-up points: fetched where no quote waits, kept for days, and never able to change or block a price."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portes.carrier import Deadline
from portes.contract import FailureKind, PickupKind, PickupPoint, Rate, RefusalKind


@pytest.fixture
def services(desk: Any) -> list[Any]:
    return [
        desk.service("HOME"),
        desk.service("OFFICE", mode="office"),
        desk.service("LOCKER", mode="citypaq"),
    ]


def settled(tools: Any) -> None:
    assert tools.background.settle(Deadline(5))


def known(desk: Any, carrier: Any, tools: Any, **lane: Any) -> dict[str, Any]:
    """What is said once the background is done."""
    desk.ask(carrier, **lane)
    settled(tools)
    said: dict[str, Any] = desk.ask(carrier, **lane)
    return said


def notes(rate: Rate) -> list[str]:
    return [note.text for note in rate.notes if note.kind == "no_pickup_point"]


def test_the_first_quote_waits_for_nobody_and_the_next_one_knows(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, **simulated.settings)

    first = desk.ask(carrier)
    settled(tools)
    second = desk.ask(carrier)

    assert notes(first["OFFICE"]) == ["Correos's list of each office is not at hand: not yet asked for"]
    assert notes(first["LOCKER"]) == ["Correos's list of each locker is not at hand: not yet asked for"]
    assert [point.id for point in second["OFFICE"].pickup_points] == ["0800101", "0800102"]
    assert [point.id for point in second["LOCKER"].pickup_points] == ["CT080011P", "CT080012P"]
    assert notes(second["OFFICE"]) == notes(second["LOCKER"]) == []
    assert second["HOME"].pickup_points == ()


def test_a_point_says_name_address_hours_and_distance(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    said = known(desk, desk.carrier(*services, tools=tools, **simulated.settings), tools)

    assert said["OFFICE"].pickup_points[0] == PickupPoint(
        id="0800101",
        kind=PickupKind.OFFICE,
        name="SUC. EJEMPLO 1",
        address="CALLE EJEMPLO 1",
        postal_code="08001",
        town="EJEMPLO",
        hours="L-V 08:30-20:30; S 09:30-13:00",
        distance=350,
    )
    assert said["LOCKER"].pickup_points[0].hours == "24H"
    assert said["LOCKER"].pickup_points[0].distance is None


def test_points_never_change_a_price(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    without = desk.ask(desk.carrier(*services, pickup_points=False))

    said = known(desk, desk.carrier(*services, tools=tools, **simulated.settings), tools)

    for code, rate in without.items():
        assert (said[code].cost, said[code].surcharges, said[code].transit) == (
            rate.cost,
            rate.surcharges,
            rate.transit,
        )


@pytest.mark.parametrize(
    "mood",
    ["not_activated", "secret_reset", "wrong_scope", "not_subscribed", "firewall", "throttled", "ill", "down"],
)
def test_whatever_ails_correos_every_price_stands(desk: Any, simulated: Any, services: Any, mood: str) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, **simulated.settings)
    simulated.feel(mood)

    said = known(desk, carrier, tools)

    assert {code: rate.cost.minor for code, rate in said.items()} == {"HOME": 605, "OFFICE": 605, "LOCKER": 605}
    assert said["LOCKER"].pickup_points == ()
    assert notes(said["LOCKER"])[0].startswith("Correos's list of each locker is not at hand: ")


def test_a_slow_correos_keeps_no_quote_waiting(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, points_timeout=0.05, **simulated.settings)
    simulated.feel("slow")

    said = known(desk, carrier, tools)

    assert notes(said["OFFICE"]) == ["Correos's list of each office is not at hand: late"]


def test_a_failed_list_is_left_alone_for_a_while(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, points_pause=300, **simulated.settings)
    simulated.feel("down")
    known(desk, carrier, tools)
    calls = len(simulated.calls)

    known(desk, carrier, tools, to="08002")
    assert len(simulated.calls) == calls

    simulated.feel()
    desk.clock.advance(timedelta(seconds=300))
    said = known(desk, carrier, tools, to="08002")
    assert said["OFFICE"].pickup_points
    assert said["LOCKER"].pickup_points


def test_once_correos_is_well_again_an_old_failure_is_forgotten(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, points_pause=0, **simulated.settings)
    simulated.feel("down")
    known(desk, carrier, tools)
    simulated.feel()
    known(desk, carrier, tools)

    said = desk.ask(carrier, to="08002")

    assert notes(said["OFFICE"]) == ["Correos's list of each office is not at hand: not yet asked for"]


def test_a_failing_list_of_lockers_costs_no_office(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, **simulated.settings)
    simulated.feel("not_subscribed")

    said = known(desk, carrier, tools)

    assert said["OFFICE"].pickup_points
    assert notes(said["LOCKER"]) == ["Correos's list of each locker is not at hand: rejected_credentials"]


def test_lists_are_kept_for_days_and_renewed_behind_the_quote(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, points_days=7, **simulated.settings)
    known(desk, carrier, tools)
    calls = len(simulated.calls)

    desk.clock.advance(timedelta(days=7, seconds=-1))
    known(desk, carrier, tools)
    assert len(simulated.calls) == calls

    desk.clock.advance(timedelta(seconds=1))
    assert desk.ask(carrier)["OFFICE"].pickup_points
    settled(tools)
    assert simulated.paths[calls:].count("homepaqs") == 1


def test_an_old_list_is_shown_while_no_newer_one_comes(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, **simulated.settings)
    known(desk, carrier, tools)
    simulated.feel("down")
    desk.clock.advance(timedelta(days=30))

    assert known(desk, carrier, tools)["OFFICE"].pickup_points


def test_no_office_nearby_widens_the_circle(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, **simulated.settings)

    said = known(desk, carrier, tools, to="22001")

    assert said["OFFICE"].pickup_points
    queries = [call["QUERY_STRING"] for call in simulated.calls if call["PATH_INFO"].endswith("/offices")]
    assert ["distance=20000" in query for query in queries] == [False, False, True]


def test_without_a_point_nearby_the_rate_says_so(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, **simulated.settings)

    said = known(desk, carrier, tools, to="22001")

    assert notes(said["LOCKER"]) == [
        "Correos lists no locker near 22001; it is asked again, for an empty list may be a passing fault"
    ]


def test_what_has_no_point_can_be_hidden(desk: Any, simulated: Any, services: Any) -> None:
    """Nobody near is a fact; nobody knows is none, and must not look like one."""
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, without_points="hide", **simulated.settings)

    unknown = desk.ask(carrier, to="22001")
    once = known(desk, carrier, tools, to="22001")
    desk.clock.advance(timedelta(minutes=30))
    twice = known(desk, carrier, tools, to="22001")

    assert isinstance(unknown["HOME"], Rate)
    assert unknown["LOCKER"].kind is FailureKind.INCOMPLETE
    assert once["LOCKER"].kind is FailureKind.INCOMPLETE
    assert twice["LOCKER"].kind is RefusalKind.SERVICE_UNAVAILABLE
    assert twice["LOCKER"].text == "Correos lists no locker near 22001"
    assert isinstance(twice["OFFICE"], Rate)


@pytest.mark.parametrize("path", ["suggestions", "offices"])
def test_one_empty_answer_is_asked_for_once_more_at_once(desk: Any, simulated: Any, services: Any, path: str) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, without_points="hide", **simulated.settings)
    simulated.empty_once = path

    said = known(desk, carrier, tools)

    assert said["OFFICE"].pickup_points
    assert simulated.paths.count(path) == 2
    assert not any("distance" in call["QUERY_STRING"] for call in simulated.calls)


def test_without_credentials_nobody_is_asked_and_every_price_stands(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    addresses = {key: value for key, value in simulated.settings.items() if key.endswith("url")}
    carrier = desk.carrier(*services, tools=tools, **addresses)

    said = known(desk, carrier, tools)

    assert simulated.calls == []
    assert notes(said["OFFICE"]) == [
        "no pick-up point is looked up without client_id, client_secret, gateway_client_id, gateway_client_secret"
    ]
    assert {rate.cost.minor for rate in said.values()} == {605}


def test_the_note_names_the_very_credentials_that_are_missing(desk: Any, simulated: Any, services: Any) -> None:
    keys = {**simulated.settings, "gateway_client_id": "", "gateway_client_secret": None}

    said = desk.ask(desk.carrier(*services, **keys))

    assert notes(said["OFFICE"]) == ["no pick-up point is looked up without gateway_client_id, gateway_client_secret"]


@pytest.mark.parametrize(("more", "to"), [({"pickup_points": False}, "08001"), ({}, "AD AD500")])
def test_nobody_is_asked_where_there_is_nothing_to_ask(
    desk: Any, simulated: Any, services: Any, more: dict[str, bool], to: str
) -> None:
    tools = desk.tools()
    zones = desk.write("zones.csv", "origin,destination,zone,note\nany,any,3,\n")
    carrier = desk.carrier(*services, tools=tools, zones=zones, **simulated.settings, **more)

    said = known(desk, carrier, tools, to=to)

    assert simulated.calls == []
    assert len(notes(said["OFFICE"])) == 1


def test_only_the_nearest_points_are_shown(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, points_shown=1, **simulated.settings)

    assert [point.id for point in known(desk, carrier, tools)["OFFICE"].pickup_points] == ["0800101"]


def test_a_restart_finds_the_lists_in_the_state_folder(
    desk: Any, simulated: Any, services: Any, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    tools = desk.tools(state=state)
    known(desk, desk.carrier(*services, tools=tools, **simulated.settings), tools)
    calls = len(simulated.calls)

    again = desk.tools(state=state)
    said = known(desk, desk.carrier(*services, tools=again, **simulated.settings), again)

    assert said["OFFICE"].pickup_points
    assert said["LOCKER"].pickup_points
    assert len(simulated.calls) == calls
