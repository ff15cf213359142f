"""A store's memory over a restart: what is taken up again, what is not, and what is told of a broken file."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shop import FrozenClock, Says, ScriptedCarrier, brl, member, policy, rate, refusal, request
from structlog.testing import capture_logs

from portes.contract import DeliveryType, Note, Quote, Source, Verdict
from portes.engine.cache_file import CACHE_FILE, CacheFile, cache_scope
from portes.engine.policy import Policy
from portes.engine.quoter import Quoter
from portes.settings import CacheTtl

TTL = CacheTtl(fresh=100.0, stale_while_revalidate=200.0, stale_if_error=1000.0, refusals=50.0)


class Machine:
    """One worker after another, each with a monotonic clock that begins anew; all read the clock on the wall."""

    def __init__(self, state: Path) -> None:
        self.path = state / CACHE_FILE
        self.moment = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
        self.carrier: ScriptedCarrier
        self.cache: Mapping[str, Any] = {}

    def policy(self, says: Says | None = None, **more: object) -> Policy:
        asked = member("a", says, instant=False, ttl=TTL, **more)
        assert isinstance(asked.carrier, ScriptedCarrier)
        self.carrier = asked.carrier
        return policy(asked, **self.cache)

    def ask(self, *times: str, says: Says | None = None, boot: float = 0.0, **more: object) -> list[Quote]:
        """Start a worker, ask it one question for each postal code, and stop it."""
        clock = FrozenClock(self.moment, boot)
        quoter = Quoter(self.policy(says, **more), clock=clock)
        memory = CacheFile(self.path, quoter.cache, cache_scope(quoter.policy), clock)
        memory.load()
        quotes = [quoter.quote(request(to=code)) for code in times or ("01512651",)]
        assert quoter.idle(5.0)
        quoter.close()
        memory.close()
        return quotes

    def later(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "state")


@pytest.fixture
def told() -> Iterator[Sequence[Mapping[str, object]]]:
    with capture_logs() as events:
        yield events


def source(quote: Quote) -> tuple[Source, int]:
    (offer,) = quote.lines[0].offers
    return offer.rate.source, offer.rate.age


def test_an_answer_is_known_after_a_restart_with_its_age_on_the_wall(machine: Machine) -> None:
    machine.ask(boot=5000.0)
    machine.later(40)

    (quote,) = machine.ask(boot=3.0)

    assert source(quote) == (Source.CACHE, 40)
    assert machine.carrier.calls == 0


def test_an_answer_keeps_its_first_moment_over_many_restarts(machine: Machine) -> None:
    machine.ask()
    machine.later(40)
    machine.ask()
    machine.later(40)

    (quote,) = machine.ask()

    assert source(quote) == (Source.CACHE, 80)


def test_a_refusal_is_known_after_a_restart_too(machine: Machine) -> None:
    machine.ask(says=lambda _: [refusal()])
    machine.later(40)

    (quote,) = machine.ask()

    assert quote.verdict is Verdict.NOT_SERVED
    assert machine.carrier.calls == 0


def test_what_was_said_in_the_future_of_a_clock_that_was_set_back_is_asked_again(machine: Machine) -> None:
    machine.ask()
    machine.later(-3600)

    machine.ask()

    assert machine.carrier.calls == 1


def test_an_answer_to_other_settings_or_another_tariff_is_not_used(machine: Machine) -> None:
    machine.ask(fingerprint="of monday")

    machine.ask(fingerprint="of tuesday", says=lambda _: [rate(cost=1234)])

    assert machine.carrier.calls == 1


def test_what_nobody_can_use_any_more_leaves_the_file(machine: Machine) -> None:
    machine.ask("01512651")
    machine.later(1001)

    machine.ask("02012651")

    assert len(questions(machine.path)) == 1


def questions(path: Path) -> list[str]:
    base = sqlite3.connect(path)
    try:
        return [json.loads(row[0])[4] for row in base.execute("SELECT question FROM outcomes ORDER BY question")]
    finally:
        base.close()


def test_the_file_is_the_owners_alone(machine: Machine) -> None:
    machine.ask()

    assert machine.path.stat().st_mode & 0o777 == 0o600
    assert machine.path.parent.stat().st_mode & 0o777 == 0o700


def test_workers_add_to_one_file_and_the_youngest_answer_wins(machine: Machine) -> None:
    workers = []
    for cost, seconds in ((2000, 30), (1000, 60)):
        clock = FrozenClock(machine.moment + timedelta(seconds=60 - seconds), float(cost))
        quoter = Quoter(machine.policy(costing(cost)), clock=clock)
        workers.append((quoter, CacheFile(machine.path, quoter.cache, cache_scope(quoter.policy), clock)))
        quoter.quote(request())
        clock.moment += timedelta(seconds=seconds)
        clock.seconds += seconds
    machine.later(60)
    for quoter, memory in workers:
        quoter.close()
        memory.close()

    (quote,) = machine.ask()

    assert source(quote) == (Source.CACHE, 30)
    assert quote.lines[0].offers[0].price == brl(2000)


def costing(cost: int) -> Says:
    return lambda _: [rate(cost=cost)]


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be one" * 40, b"SQLite format 3\0torn"])
def test_a_file_that_is_no_database_is_told_and_begun_anew(
    machine: Machine, told: Sequence[Mapping[str, object]], content: bytes
) -> None:
    machine.path.parent.mkdir()
    machine.path.write_bytes(content)

    (quote,) = machine.ask()

    assert quote.verdict is Verdict.SERVED
    assert "the kept cache is unreadable and begun anew" in {event["event"] for event in told}
    assert questions(machine.path) == ["01512651"]


def test_an_entry_that_cannot_be_understood_is_told_and_the_carrier_asked(
    machine: Machine, told: Sequence[Mapping[str, object]]
) -> None:
    machine.ask()
    base = sqlite3.connect(machine.path)
    base.execute("UPDATE outcomes SET outcome = '{\"price\": 1}'")
    base.commit()
    base.close()

    machine.ask()

    assert machine.carrier.calls == 1
    assert [event["event"] for event in told] == ["part of the kept cache is not used"]


def test_a_file_of_another_version_is_begun_anew(machine: Machine) -> None:
    machine.ask("01512651")
    base = sqlite3.connect(machine.path)
    base.execute("PRAGMA user_version = 7")
    base.close()

    machine.ask("02012651")

    assert questions(machine.path) == ["02012651"]


def test_a_file_that_is_locked_costs_no_answer_and_is_written_later(
    machine: Machine, told: Sequence[Mapping[str, object]]
) -> None:
    machine.ask("01512651")
    clock = FrozenClock(machine.moment)
    quoter = Quoter(machine.policy(), clock=clock)
    memory = CacheFile(machine.path, quoter.cache, cache_scope(quoter.policy), clock)
    quoter.quote(request(to="02012651"))
    base = sqlite3.connect(machine.path)
    base.execute("BEGIN EXCLUSIVE")

    memory.save()
    base.close()

    assert [event["event"] for event in told] == ["the cache is not kept"]
    memory.close()
    quoter.close()
    assert questions(machine.path) == ["01512651", "02012651"]


def test_a_file_that_cannot_be_written_is_logged_once_and_written_when_it_can_be(
    machine: Machine, told: Sequence[Mapping[str, object]], tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    theirs.touch(mode=0o644)
    machine.path.parent.mkdir()
    machine.path.symlink_to(theirs)

    machine.ask("01512651")
    machine.ask("01512651")
    assert (theirs.read_bytes(), theirs.stat().st_mode & 0o777) == (b"", 0o644)
    machine.path.unlink()
    machine.ask("01512651")

    events = [event["event"] for event in told]
    assert (events.count("the cache is not kept"), events.count("the cache is kept again")) == (1, 1)
    assert questions(machine.path) == ["01512651"]


def test_the_log_tells_what_the_database_says_and_nothing_of_what_was_to_be_written(
    machine: Machine, told: Sequence[Mapping[str, object]]
) -> None:
    machine.ask("01512651")
    with closing(sqlite3.connect(machine.path)) as base:
        base.execute("CREATE TRIGGER full BEFORE INSERT ON outcomes BEGIN SELECT RAISE(FAIL, 'no room'); END")

    machine.ask("02012651")

    assert [(event["event"], event["cause"]) for event in told] == [("the cache is not kept", "no room")]


def test_the_youngest_answers_are_taken_up_where_memory_has_no_room_for_all(machine: Machine) -> None:
    machine.ask("01012651", "02012651")
    machine.later(10)
    machine.ask("03012651")
    clock = FrozenClock(machine.moment)
    small = Quoter(policy(member("a", instant=False, ttl=TTL), cache_size=1), clock=clock)

    CacheFile(machine.path, small.cache, cache_scope(small.policy), clock).load()

    assert [key[4] for key, _ in small.cache.entries()] == ["03012651"]
    small.close()


def test_delivery_types_are_read_back_as_they_were(machine: Machine) -> None:
    (before,) = machine.ask()

    (after,) = machine.ask()

    assert {offer.delivery for offer in after.lines[0].offers} == {DeliveryType.NORMAL}
    assert after.lines[0].offers[0].price == before.lines[0].offers[0].price


def test_no_more_is_kept_than_memory_has_room_for_and_the_youngest_stay(machine: Machine) -> None:
    codes = [f"0{number}000000" for number in range(8)]
    machine.cache = {"cache_size": 3}
    for code in codes:
        machine.ask(code)
        machine.later(1)

    with closing(sqlite3.connect(machine.path)) as base:
        kept = [json.loads(question) for (question,) in base.execute("SELECT question FROM outcomes ORDER BY said")]

    assert [question[4] for question in kept] == codes[-3:]


def test_the_file_too_keeps_the_youngest_that_memory_has_bytes_for(machine: Machine) -> None:
    notes = tuple(Note(kind="notice", text=f"{number:0600}") for number in range(100))
    machine.cache = {"cache_bytes": 1_048_576}
    for number in range(18):
        machine.ask(f"015120{number:02}", says=lambda _: [rate("n", notes=notes)])
        machine.later(1)

    with closing(sqlite3.connect(machine.path)) as base:
        kept = base.execute("SELECT question, length(outcome) FROM outcomes ORDER BY said").fetchall()
    assert 800_000 < sum(size for _, size in kept) <= 1_048_576
    assert "01512017" in kept[-1][0]
    assert "01512000" not in kept[0][0]


def test_an_answer_that_cannot_be_written_costs_the_others_nothing(
    machine: Machine, told: Sequence[Mapping[str, object]]
) -> None:
    outcomes = [rate(), rate().model_copy(update={"notes": (object(),)}), rate()]
    machine.ask("01512000", "01512001", "01512002", says=lambda _: [outcomes.pop()])

    assert [line["event"] for line in told] == ["an answer is not kept"]
    machine.ask("01512000", "01512002")
    assert machine.carrier.calls == 0
