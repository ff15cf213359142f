"""Lists of pick-up points: when each is asked for again, what an empty one is worth, and where all are kept."""

import json
import stat
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from portes.carrier import Deadline
from portes.contract import PickupKind, PickupPoint, Place
from portes.errors import UnreachableError
from portes_correos_es.pickup import Nearby, Points
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


def settled(tools: Any) -> None:
    assert tools.background.settle(Deadline(5))


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


def nearby(points: Points) -> Nearby:
    points.near(PickupKind.OFFICE, CODE)
    settled(points.tools)
    return points.near(PickupKind.OFFICE, CODE)


def near(points: Points) -> tuple[PickupPoint, ...]:
    return nearby(points).points


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
    assert points.near(PickupKind.OFFICE, CODE).points == (OFFICE,)


HALF_AN_HOUR = timedelta(minutes=30)


def test_an_empty_list_is_asked_for_again_after_half_an_hour(desk: Any) -> None:
    ask = Answering((), (OFFICE,))
    points = points_of(desk, ask)

    near(points)
    desk.clock.advance(HALF_AN_HOUR - timedelta(seconds=1))
    assert near(points) == ()
    assert len(ask.asked) == 1
    desk.clock.advance(timedelta(seconds=1))
    assert near(points) == (OFFICE,)


def test_that_there_is_no_point_is_a_fact_once_it_was_seen_twice_and_only_for_some_hours(desk: Any) -> None:
    points = points_of(desk, Answering((), (), (), ()))

    assert not nearby(points).settled
    desk.clock.advance(HALF_AN_HOUR)
    assert nearby(points).settled
    desk.clock.advance(timedelta(hours=6, seconds=-1))
    assert nearby(points).settled
    desk.clock.advance(timedelta(seconds=1))
    assert not points.near(PickupKind.OFFICE, CODE).settled


def test_points_between_two_empty_lists_make_the_second_the_first(desk: Any) -> None:
    points = points_of(desk, Answering((), (OFFICE,), (), ()), points_days=0)

    start, seen = desk.clock.now(), []
    for _ in range(4):
        points.near(PickupKind.OFFICE, CODE)
        settled(points.tools)
        seen.append(points._kept[PickupKind.OFFICE, "08001"].empty_since)
        desk.clock.advance(HALF_AN_HOUR)

    assert [since and since - start for since in seen] == [timedelta(0), None, 2 * HALF_AN_HOUR, 2 * HALF_AN_HOUR]


def test_another_process_and_a_restart_know_since_when_there_was_no_point(desk: Any, tmp_path: Path) -> None:
    near(points_of(desk, Answering(()), tmp_path))
    desk.clock.advance(HALF_AN_HOUR)

    assert nearby(points_of(desk, Answering(()), tmp_path)).settled


def test_an_empty_list_kept_by_a_version_before_counts_as_not_seen(desk: Any, tmp_path: Path) -> None:
    near(points_of(desk, Answering(()), tmp_path))
    (file,) = tmp_path.rglob("*.json")
    points, fetched, _ = json.loads(file.read_text())
    file.write_text(json.dumps([points, fetched]))
    desk.clock.advance(HALF_AN_HOUR)

    assert not nearby(points_of(desk, Answering(()), tmp_path)).settled


def test_a_list_that_lasts_no_time_is_asked_for_each_time(desk: Any) -> None:
    ask = Answering((OFFICE,), (), (), ())
    points = points_of(desk, ask, points_days=0)

    assert near(points) == (OFFICE,)
    settled(points.tools)

    assert len(ask.asked) == 2


def test_a_failed_call_is_logged_once_with_its_kind(desk: Any) -> None:
    points = points_of(desk, Answering(UnreachableError("api1.correos.es: no connection could be opened")))

    with capture_logs() as logs:
        assert near(points) == ()

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


def test_a_link_in_place_of_the_folder_is_neither_read_nor_written_through_and_told_once(
    desk: Any, tmp_path: Path
) -> None:
    tools = desk.tools(state=tmp_path)
    theirs, kept = tmp_path / "theirs", Kept((OFFICE,), tools.clock.now())
    PointStorage(theirs, "127.0.0.1:1", tools.log).write(PickupKind.OFFICE, "08001", kept)
    (theirs / "correos-es").chmod(0o755)
    before = sorted(theirs.rglob("*"))
    (tmp_path / "correos-es").symlink_to(theirs / "correos-es" / "127.0.0.1_1")
    (tmp_path / "host").mkdir()
    (tmp_path / "host" / "correos-es").mkdir(mode=0o700)
    (tmp_path / "host" / "correos-es" / "127.0.0.1_1").symlink_to(theirs / "correos-es" / "127.0.0.1_1")

    with capture_logs() as log:
        for state in (tmp_path, tmp_path / "host"):
            storage = PointStorage(state, "127.0.0.1:1", tools.log)
            assert storage.read(PickupKind.OFFICE, "08001") is None
            for code in ("08002", "08003"):
                storage.write(PickupKind.OFFICE, code, kept)

    assert sorted(theirs.rglob("*")) == before
    assert stat.S_IMODE((theirs / "correos-es").stat().st_mode) == 0o755
    assert [line["event"] for line in log].count("a list of pick-up points cannot be kept") == 2


@pytest.mark.parametrize("content", ["[" * 100_000, '[[], "1e999", null]', "[null, null]", "7", "{}"])
def test_whatever_stands_in_a_kept_list_it_is_asked_for_again(desk: Any, tmp_path: Path, content: str) -> None:
    storage = PointStorage(tmp_path, "127.0.0.1:1", desk.tools(state=tmp_path).log)
    folder = tmp_path / "correos-es" / "127.0.0.1_1"
    folder.mkdir(parents=True)
    (folder / f"{PickupKind.OFFICE}-08001.json").write_text(content)

    assert storage.read(PickupKind.OFFICE, "08001") is None
