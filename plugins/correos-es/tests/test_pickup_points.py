"""Pick-up points: fetched where no quote waits, kept for days, and never able to change or block a price."""

import stat
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from portes.carrier import Deadline
from portes.contract import FailureKind, PickupKind, PickupPoint, Place, Rate, RefusalKind
from portes.errors import UnreachableError
from portes_correos_es.pickup import EMPTY_KEPT, Points
from portes_correos_es.point_storage import Kept, PointStorage
from portes_correos_es.settings import CorreosSettings

OFFICE = PickupPoint(id="0800101", kind=PickupKind.OFFICE, name="SUC. EJEMPLO 1", distance=350)
CODE = Place(country="ES", postal_code="08001")
SETTINGS = CorreosSettings.model_validate(
    {
        "sample_tariff": "canarias-2023",
        "client_id": "id",
        "client_secret": "secret",
        "gateway_client_id": "id",
        "gateway_client_secret": "secret",
    }
)

Ask = Callable[[PickupKind, str, Deadline], tuple[PickupPoint, ...]]


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
    assert ["distance=20000" in query for query in queries] == [False, True]


def test_without_a_point_nearby_the_rate_says_so(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, **simulated.settings)

    said = known(desk, carrier, tools, to="22001")

    assert notes(said["LOCKER"]) == ["Correos lists no locker near 22001"]


def test_what_has_no_point_can_be_hidden(desk: Any, simulated: Any, services: Any) -> None:
    """Nobody near is a fact; nobody knows is none, and must not look like one."""
    tools = desk.tools()
    carrier = desk.carrier(*services, tools=tools, without_points="hide", **simulated.settings)

    unknown = desk.ask(carrier, to="22001")
    said = known(desk, carrier, tools, to="22001")

    assert isinstance(unknown["HOME"], Rate)
    assert unknown["LOCKER"].kind is FailureKind.INCOMPLETE
    assert said["LOCKER"].kind is RefusalKind.SERVICE_UNAVAILABLE
    assert said["LOCKER"].text == "Correos lists no locker near 22001"
    assert isinstance(said["OFFICE"], Rate)


def test_without_credentials_nobody_is_asked_and_every_price_stands(desk: Any, simulated: Any, services: Any) -> None:
    tools = desk.tools()
    addresses = {key: value for key, value in simulated.settings.items() if key.endswith("url")}
    carrier = desk.carrier(*services, tools=tools, **addresses)

    said = known(desk, carrier, tools)

    assert simulated.calls == []
    assert notes(said["OFFICE"]) == ["without credentials of Correos ID no pick-up point is looked up"]
    assert {rate.cost.minor for rate in said.values()} == {605}


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


class Answering:
    """Stands for Correos: gives the lists that a test puts in, one after the other."""

    def __init__(self, *answers: tuple[PickupPoint, ...] | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, kind: PickupKind, postal_code: str, deadline: Deadline) -> tuple[PickupPoint, ...]:
        self.asked.append(postal_code)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def points_of(desk: Any, ask: Ask, state: Path | None = None, **settings: Any) -> Points:
    tools = desk.tools(state=state)
    chosen = SETTINGS.model_copy(update=settings)
    return Points(chosen, tools, ask, PointStorage(state, "127.0.0.1:1", tools.log))


def near(points: Points) -> tuple[PickupPoint, ...] | None:
    points.near(PickupKind.OFFICE, CODE)
    settled(points.tools)
    return points.near(PickupKind.OFFICE, CODE)


def test_many_quotes_for_one_postal_code_ask_once(desk: Any) -> None:
    release = threading.Event()
    asked: list[str] = []

    def ask(kind: PickupKind, postal_code: str, deadline: Deadline) -> tuple[PickupPoint, ...]:
        asked.append(postal_code)
        release.wait(5)
        return (OFFICE,)

    points = points_of(desk, ask)
    threads = [threading.Thread(target=points.near, args=(PickupKind.OFFICE, CODE)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    release.set()
    settled(points.tools)

    assert asked == ["08001"]
    assert points.near(PickupKind.OFFICE, CODE) == (OFFICE,)


def test_an_empty_list_is_asked_for_again_after_a_day(desk: Any) -> None:
    ask = Answering((), (OFFICE,))
    points = points_of(desk, ask)

    assert near(points) == ()
    desk.clock.advance(EMPTY_KEPT - timedelta(seconds=1))
    assert near(points) == ()
    desk.clock.advance(timedelta(seconds=1))
    assert near(points) == (OFFICE,)
    assert ask.asked == ["08001"] * 2


def test_a_list_that_lasts_no_time_is_asked_for_each_time(desk: Any) -> None:
    ask = Answering((OFFICE,), (), (), ())
    points = points_of(desk, ask, points_days=0)

    assert near(points) == (OFFICE,)
    settled(points.tools)

    assert len(ask.asked) == 2


def test_a_failed_call_is_logged_once_with_its_kind(desk: Any) -> None:
    points = points_of(desk, Answering(UnreachableError("api1.correos.es: no connection could be opened")))

    with capture_logs() as logs:
        assert near(points) is None

    assert [(line["log_level"], line["kind"]) for line in logs] == [("warning", "unreachable")]


def test_a_kept_list_is_private_to_the_service_and_its_address(desk: Any, tmp_path: Path) -> None:
    near(points_of(desk, Answering((OFFICE,)), tmp_path / "state"))

    (file,) = (tmp_path / "state").rglob("*.json")
    assert file.relative_to(tmp_path / "state").as_posix() == "correos-es/127.0.0.1_1/office-08001.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_list_of_another_process_is_taken_while_it_is_young(desk: Any, tmp_path: Path) -> None:
    near(points_of(desk, Answering((OFFICE,)), tmp_path))
    other = Answering((OFFICE.model_copy(update={"id": "2"}),))

    assert near(points_of(desk, other, tmp_path)) == (OFFICE,)
    desk.clock.advance(timedelta(days=8))
    assert near(points_of(desk, other, tmp_path)) != (OFFICE,)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"points": [], "fetched": "yesterday"}'])
def test_a_kept_list_that_cannot_be_read_is_asked_for_again(desk: Any, tmp_path: Path, content: bytes) -> None:
    near(points_of(desk, Answering((OFFICE,)), tmp_path))
    (file,) = tmp_path.rglob("*.json")
    file.write_bytes(content)

    with capture_logs() as logs:
        assert near(points_of(desk, Answering((OFFICE,)), tmp_path)) == (OFFICE,)
    assert [line["event"] for line in logs] == ["a kept list of pick-up points cannot be read"]


def test_a_disk_that_takes_nothing_costs_no_list(desk: Any, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("no folder")

    with capture_logs() as logs:
        assert near(points_of(desk, Answering((OFFICE,)), state)) == (OFFICE,)
    assert "a list of pick-up points cannot be kept" in {line["event"] for line in logs}


def test_what_is_kept_is_what_is_read(desk: Any, tmp_path: Path) -> None:
    storage = PointStorage(tmp_path, "api1.correos.es", desk.tools().log)
    kept = Kept((OFFICE,), desk.clock.now())

    storage.write(PickupKind.OFFICE, "08001", kept)

    assert storage.read(PickupKind.OFFICE, "08001") == kept
    assert storage.read(PickupKind.LOCKER, "08001") is None
