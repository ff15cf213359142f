"""The turns of a carrier's calls, by a clock that only waiting moves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from bulk_shop import HandWoundClock

from portes.contingency.pace import Pace, StoppableClock, StoppedError
from portes.settings import BulkSection

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


MADRID = ZoneInfo("Europe/Madrid")


class Wire:
    """Counts what a carrier sends, and what a pace says that it waits for."""

    def __init__(self, clock: HandWoundClock, zone: ZoneInfo = SAO_PAULO, sent: int = 0, **bulk: object) -> None:
        self.sent = sent
        self.until: list[datetime] = []
        self.pace = Pace(BulkSection.model_validate(bulk), zone, clock, sent=lambda: self.sent, waits=self.until.append)

    def calls(self, turns: int, each: int = 1) -> None:
        for _ in range(turns):
            self.pace.wait_for_turn()
            self.sent += each


def test_calls_are_spread_evenly_over_a_minute() -> None:
    clock = HandWoundClock()
    Wire(clock, calls_a_minute=30).calls(31)

    assert clock.seconds == 60.0
    assert set(clock.waits) == {2.0}


def test_time_in_which_nobody_was_asked_is_not_made_up_for() -> None:
    clock = HandWoundClock()
    wire = Wire(clock, calls_a_minute=120)
    clock.seconds = 60.0
    wire.calls(5)

    assert clock.waits == [0.5] * 4


def test_calls_from_before_a_build_are_not_made_up_for_either() -> None:
    clock = HandWoundClock()
    Wire(clock, sent=500).calls(2)

    assert clock.seconds == 1.0


def test_a_call_that_is_three_over_the_network_takes_the_room_of_three() -> None:
    clock = HandWoundClock()
    wire = Wire(clock, calls_a_minute=60)
    wire.calls(11, each=3)

    assert clock.seconds == 30.0


def test_a_pace_is_halved_once_for_all_calls_that_were_throttled_together() -> None:
    clock = HandWoundClock()
    wire = Wire(clock, calls_a_minute=60)
    wire.calls(2)
    begun = clock.seconds
    clock.seconds += 1
    wire.pace.complained(begun)
    wire.pace.complained(begun)

    assert wire.pace.calls_a_minute == 30.0


def test_calls_that_were_begun_before_a_pace_was_halved_do_not_halve_it_again() -> None:
    clock = HandWoundClock(seconds=10.0)
    pace = Wire(clock, calls_a_minute=60).pace
    paces = []
    for begun in (9.0, 9.9, 10.0):  # the first one's throttling came at ten
        pace.complained(begun)
        paces.append(pace.calls_a_minute)

    assert paces == [30.0, 30.0, 15.0]


def test_however_often_it_is_throttled_a_carrier_is_asked_once_a_minute() -> None:
    pace = Wire(HandWoundClock(), calls_a_minute=60).pace
    for _ in range(20):
        pace.complained(0.0)

    assert pace.calls_a_minute == 1.0


def test_each_ten_quiet_minutes_double_a_pace_once_and_never_above_the_settings() -> None:
    clock = HandWoundClock()
    wire = Wire(clock, calls_a_minute=70)
    wire.pace.complained(0.0)
    clock.seconds = 1.0
    wire.pace.complained(1.0)
    paces = {}
    for moment in (600, 601, 1_200, 1_201, 1_801):
        clock.seconds = float(moment)
        wire.calls(1)
        paces[moment] = wire.pace.calls_a_minute

    assert paces == {600: 17.5, 601: 35.0, 1_200: 35.0, 1_201: 70.0, 1_801: 70.0}


def test_calls_of_turns_that_were_given_before_take_no_room_of_their_own() -> None:
    """Two threads have a turn each, and send their calls when others have had theirs."""
    clock = HandWoundClock()
    wire = Wire(clock, calls_a_minute=60)
    moments = []
    for sent in (0, 1, 2, 1):
        wire.pace.wait_for_turn()
        moments.append(clock.seconds)
        wire.sent += sent
    wire.pace.wait_for_turn()

    assert [*moments, clock.seconds] == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_turn_that_was_given_back_pays_for_no_call() -> None:
    clock = HandWoundClock()
    wire = Wire(clock, calls_a_minute=60)
    wire.pace.wait_for_turn()
    wire.pace.give_back()
    wire.calls(1, each=2)
    wire.pace.wait_for_turn()

    assert clock.seconds == 3.0  # the second call of the turn at one is paid for by that at two


def test_turns_that_others_calls_took_and_that_are_given_back_then_are_no_debt() -> None:
    clock = HandWoundClock()
    wire = Wire(clock, calls_a_minute=60)
    wire.pace.wait_for_turn()
    wire.calls(1, each=3)
    wire.pace.wait_for_turn()  # at three: one of these was more than two turns
    wire.pace.give_back()
    wire.pace.give_back()
    wire.calls(1)
    wire.pace.wait_for_turn()

    assert clock.seconds == 5.0


def test_a_carrier_is_left_alone_in_its_busy_hours_and_the_end_of_them_is_told() -> None:
    clock = HandWoundClock(datetime(2026, 3, 2, 12, 30, tzinfo=UTC))  # half past nine in São Paulo
    wire = Wire(clock, busy=["08:00-20:00"])
    wire.calls(1)

    assert wire.until == [datetime(2026, 3, 2, 20, tzinfo=SAO_PAULO)]
    assert clock.now().astimezone(SAO_PAULO) == datetime(2026, 3, 2, 20, tzinfo=SAO_PAULO)


@pytest.mark.parametrize("hour", [23, 3])
def test_busy_hours_may_go_on_past_midnight(hour: int) -> None:
    clock = HandWoundClock(datetime(2026, 3, 2, hour, tzinfo=SAO_PAULO).astimezone(UTC))
    Wire(clock, busy=["22:00-06:00"]).calls(1)

    assert clock.now().astimezone(SAO_PAULO).hour == 6
    assert timedelta(seconds=clock.seconds) == timedelta(hours=7 if hour == 23 else 3)


def test_hours_that_end_where_another_span_begins_are_waited_for_together() -> None:
    clock = HandWoundClock(datetime(2026, 3, 2, 9, tzinfo=SAO_PAULO).astimezone(UTC))
    Wire(clock, busy=["08:00-12:00", "12:00-18:00"]).calls(1)

    assert clock.now().astimezone(SAO_PAULO).hour == 18


@pytest.mark.parametrize(
    ("night", "busy", "shown", "hours"),
    [
        (datetime(2026, 3, 28, 23, tzinfo=MADRID), "22:00-08:00", "29 08:00", 8),  # clocks go from two to three
        (datetime(2026, 10, 24, 23, tzinfo=MADRID), "22:00-08:00", "25 08:00", 10),  # and from three to two
        (datetime(2026, 10, 25, 2, 30, tzinfo=MADRID, fold=1), "01:00-08:00", "25 08:00", 5.5),
        (datetime(2026, 3, 28, 23, tzinfo=MADRID), "22:00-02:30", "29 03:30", 3.5),  # half past two is left out
    ],
)
def test_the_hours_of_the_night_in_which_clocks_are_changed_end_when_clocks_say_so(
    night: datetime, busy: str, shown: str, hours: float
) -> None:
    clock = HandWoundClock(night.astimezone(UTC))
    wire = Wire(clock, MADRID, busy=[busy])
    wire.calls(1)

    assert f"{clock.now().astimezone(MADRID):%d %H:%M}" == shown
    assert (clock.seconds / 3_600, [f"{each:%d %H:%M}" for each in wire.until]) == (hours, [shown])


@pytest.mark.parametrize(
    ("begun", "over", "before_five"),
    [(datetime(2026, 3, 29, tzinfo=MADRID), "06:00", 4), (datetime(2026, 10, 25, tzinfo=MADRID), "04:00", 6)],
)
def test_the_end_of_calls_knows_the_night_in_which_clocks_are_changed(
    begun: datetime, over: str, before_five: int
) -> None:
    """It is busy from five on by the clocks, which is so many hours away."""
    free = Wire(HandWoundClock(begun.astimezone(UTC)), MADRID, calls_a_minute=1)
    busy = Wire(HandWoundClock(begun.astimezone(UTC)), MADRID, calls_a_minute=1, busy=["05:00-08:00"])

    assert f"{free.pace.end_of(300, seconds=0.0):%H:%M}" == over
    assert f"{busy.pace.end_of((before_five + 1) * 60, seconds=0.0):%H:%M}" == "09:00"


def test_hours_that_overlap_are_told_once() -> None:
    clock = HandWoundClock(datetime(2026, 3, 2, 11, tzinfo=SAO_PAULO).astimezone(UTC))
    wire = Wire(clock, busy=["08:00-12:00", "10:00-18:00"])
    wire.calls(1)

    assert [until.hour for until in wire.until] == [18]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SAO_PAULO)


@pytest.mark.parametrize(
    ("now", "calls", "busy", "end"),
    [
        (at(2, 9), 60, [], at(2, 10)),
        (at(2, 9), 60, ["08:00-20:00"], at(2, 21)),  # it is busy now
        (at(2, 6), 180, ["08:00-20:00"], at(2, 21)),  # two hours before it is, and one after
        (at(2, 6), 120, ["08:00-20:00"], at(2, 8)),
        (at(2, 21), 15 * 60, ["08:00-20:00"], at(3, 8) + timedelta(hours=12 + 4)),
        (at(2, 23), 120, ["22:00-06:00"], at(3, 8)),
        (at(2, 9), 60, ["10:00-11:00", "10:30-12:00"], at(2, 10)),
        (at(2, 9), 90, ["10:00-11:00", "10:30-12:00"], at(2, 12, 30)),
        (at(2, 9), 1_000_000, ["00:00-23:00"], None),  # sixteen thousand days
    ],
)
def test_the_end_of_calls_knows_the_pace_and_the_busy_hours_in_between(
    now: datetime, calls: int, busy: list[str], end: datetime | None
) -> None:
    wire = Wire(HandWoundClock(now.astimezone(UTC)), calls_a_minute=1, busy=busy)

    assert wire.pace.end_of(calls, seconds=0.0) == end


def test_the_end_of_calls_knows_a_halved_pace_and_calls_that_take_longer_than_their_turn() -> None:
    clock = HandWoundClock(at(2, 9).astimezone(UTC))
    wire = Wire(clock, calls_a_minute=60)
    slow = wire.pace.end_of(60, seconds=4.0)
    wire.pace.complained(0.0)

    assert slow == at(2, 9, 4)
    assert wire.pace.end_of(-1, seconds=4.0) == at(2, 9)
    assert wire.pace.end_of(60, seconds=0.0) == at(2, 9, 2)


def test_whoever_waits_for_a_turn_is_woken_when_the_build_is_ended() -> None:
    clock, waiting = StoppableClock(), Event()

    def wait() -> str:
        waiting.set()
        try:
            clock.wait(3_600)
        except StoppedError:
            return "woken"
        return "not waited"

    with ThreadPoolExecutor(1) as threads:
        woken = threads.submit(wait)
        assert waiting.wait(60)
        clock.stop()

    assert woken.result() == "woken"
    with pytest.raises(StoppedError):
        clock.wait(3_600)
