"""The keys of an origin's working week: what they come to, and every mistake with its field, value and fix."""

from datetime import date, time
from pathlib import Path

import pytest
from store_text import CARRIER, ORIGIN, STORE, problems_of

from portes.calendars import WorkingWeek
from portes.errors import Problem
from portes.settings import draft_store

FALLBACK = CARRIER.replace("carriers.road", "carriers.spare").replace("id = 7", "id = 8\nfallback_only = true")
ROAD = '[[origins.collections]]\ncarriers = ["road"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"


def week(folder: Path, keys: str) -> WorkingWeek:
    """The working week of an origin with these keys."""
    file = folder / "portes.toml"
    file.write_text(STORE + "closed_days = [2026-12-31]\n" + ORIGIN + keys + CARRIER)
    draft = draft_store(file, {})
    assert draft.problems == ()
    (made,) = draft.origin_drafts
    assert made.week is not None
    return made.week


def only_problem(folder: Path, keys: str) -> Problem:
    (problem,) = problems_of(folder, STORE + ORIGIN + keys + "\n" + CARRIER + FALLBACK).values()
    return problem


def test_without_keys_an_origin_has_the_week_of_its_store(folder: Path) -> None:
    own = week(folder, "")

    assert (own.timezone.key, own.weekdays) == ("America/Sao_Paulo", frozenset(range(5)))
    assert own.fetched_by("road") is None
    assert not own.calendar.is_open(date(2026, 12, 31))


def test_open_days_closed_days_and_holidays_make_the_days_of_an_origin(folder: Path) -> None:
    own = week(
        folder,
        'open_days = ["sat", 2026-07-09]\nclosed_days = [2026-03-04, 2026-03-14]\nholidays = ["03-05", 2026-03-06]\n',
    )
    opened = [day for day in range(1, 16) if own.calendar.is_open(date(2026, 3, day))]

    assert opened == [2, 3, 7, 9, 10, 11, 12, 13]
    assert [own.calendar.is_open(date(2027, 3, day)) for day in (4, 5)] == [True, False]
    assert [own.calendar.is_open(date(year, 7, 9)) for year in (2026, 2027)] == [True, False]


def test_a_cut_off_by_weekday_leaves_the_others_what_other_says(folder: Path) -> None:
    origin = week(folder, 'open_days = ["sat"]\ncut_off = { sat = "11:00", other = "14:00" }\n').origin
    bare = week(folder, 'cut_off = { mon = "11:00" }\n').origin

    assert [origin.cut_off_on(date(2026, 3, day)) for day in (6, 7, 8)] == [time(14), time(11), time(14)]
    assert [bare.cut_off_on(date(2026, 3, day)) for day in (2, 3)] == [time(11), time(23, 59, 59)]


def test_a_carrier_that_is_named_has_its_own_collections_alone(folder: Path) -> None:
    own = week(
        folder,
        f'timezone = "America/Manaus"\n{ROAD}days = ["tue", "thu"]\ntimes = ["10:00"]\n'
        f'[[origins.collections]]\ntimes = ["16:00"]\n{ROAD}days = ["tue"]\ntimes = ["08:30", "10:00"]\n',
    )
    road, other = own.fetched_by("road"), own.fetched_by("anybody")

    assert road is not None
    assert road.times == ((), (time(8, 30), time(10)), (), (time(10),), (), (), ())
    assert other is not None
    assert other.times == (*[(time(16),)] * 5, (), ())
    assert own.timezone.key == "America/Manaus"


@pytest.mark.parametrize(
    ("keys", "where", "value", "cause", "fix"),
    [
        pytest.param(
            'open_days = ["saturday"]',
            "open_days.0",
            "saturday",
            "is neither a day nor one of mon, tue, wed, thu, fri, sat, sun",
            'did you mean sat? write "sat", or a day without quotes, such as 2026-12-24',
            id="an unknown weekday",
        ),
        pytest.param(
            'open_days = ["sat", "mon"]',
            "open_days.1",
            "mon",
            "is a day on which BR-SP works anyway",
            "remove it; to work on a holiday, write its day",
            id="a weekday that is open anyway",
        ),
        pytest.param(
            "open_days = [2026-12-24]\nclosed_days = [2026-12-24]",
            "open_days.0",
            "2026-12-24",
            "is closed by origins.0.closed_days",
            "remove it from one of the two",
            id="open and closed",
        ),
        pytest.param(
            "open_days = [2026-12-24]\nholidays = [2026-12-24]",
            "open_days.0",
            "2026-12-24",
            "is closed by origins.0.holidays",
            "remove it from one of the two",
            id="open and a holiday",
        ),
        pytest.param(
            'holidays = ["25-12"]',
            "holidays.0",
            "25-12",
            "is neither a day nor the month and day of every year",
            'write a day without quotes, such as 2026-01-25, or "01-25" for that of every year, the month first',
            id="the day before the month",
        ),
        pytest.param(
            'cut_off = { sat = "11:00" }',
            "cut_off.sat",
            "sat",
            "is a day on which nobody ever works here",
            'remove it, or write open_days = ["sat"]',
            id="a cut-off on a day that never is open",
        ),
        pytest.param(
            'cut_off = { mon = "11:00-03:00" }',
            "cut_off.mon",
            "11:00-03:00",
            "has a time zone",
            'write the local time alone, such as "14:00"',
            id="a cut-off with an offset",
        ),
        pytest.param(
            'cut_off = { monday = "11:00" }',
            "cut_off.monday",
            "11:00",
            "is an unknown key",
            "did you mean mon? known keys: mon, tue, wed, thu, fri, sat, sun, other",
            id="a cut-off of an unknown weekday",
        ),
        pytest.param(
            'timezone = "America/Manos"',
            "timezone",
            "America/Manos",
            "is no time zone we know",
            "write one such as America/Manaus",
            id="an unknown time zone",
        ),
        pytest.param(
            '[[origins.collections]]\ncarriers = ["rod"]\ntimes = ["16:00"]',
            "collections.0.carriers.0",
            "rod",
            "is no carrier of this store",
            "did you mean road?",
            id="a carrier that the store does not have",
        ),
        pytest.param(
            '[[origins.collections]]\ncarriers = ["spare"]\ntimes = ["16:00"]',
            "collections.0.carriers.0",
            "spare",
            "is a fallback: its parcels are fetched by the carrier that it stands in for",
            "name that carrier, or remove it",
            id="a fallback",
        ),
        pytest.param(
            ROAD + 'times = ["16:00Z"]',
            "collections.0.times.0",
            "16:00Z",
            "has a time zone",
            'write the local time alone, such as "14:00"',
            id="a time with an offset",
        ),
        pytest.param(
            ROAD + "times = []",
            "collections.0.times",
            "a list",
            "is empty",
            'write the times at which they fetch: ["16:00"]',
            id="no times",
        ),
        pytest.param(
            ROAD + 'days = ["mon", "segunda"]\ntimes = ["16:00"]',
            "collections.0.days.1",
            "segunda",
            "is not one of the choices",
            "write one of 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun'",
            id="an unknown weekday of a collection",
        ),
        pytest.param(
            ROAD + 'days = ["mon", "sun"]\ntimes = ["16:00"]',
            "collections.0.days.1",
            "sun",
            "is a day on which nobody ever works here",
            'remove it, or write open_days = ["sun"]',
            id="a collection on a day that never is open",
        ),
        pytest.param(
            "open_days = [2026-12-20]\n" + ROAD + 'days = ["sun"]\ntimes = ["16:00"]',
            "collections",
            "sun",
            "nothing is ever handed over to road: it is fetched on sun, and work is on mon, tue, wed, thu, fri",
            'add a day on which work is, or write the weekday in open_days, such as open_days = ["sun"]',
            id="an origin that never hands over to a carrier",
        ),
        pytest.param(
            '[origins.collections]\ntimes = ["16:00"]',
            "collections",
            "a table",
            "is not a list",
            "write [[origins.collections]], with two brackets, above each of them",
            id="a bracket too few",
        ),
    ],
)
def test_a_mistake_in_a_working_week_is_told_with_its_fix(
    folder: Path, keys: str, where: str, value: str, cause: str, fix: str
) -> None:
    problem = only_problem(folder, keys)

    assert (problem.where, problem.value) == (f"origins.0.{where}", value)
    assert (problem.cause, problem.fix) == (cause, fix)


def test_a_day_that_the_store_is_closed_cannot_be_open_at_an_origin(folder: Path) -> None:
    keys = "closed_days = [2026-12-24]\n" + ORIGIN + "open_days = [2026-12-24]\n"
    (problem,) = problems_of(folder, STORE + keys + CARRIER).values()

    assert (problem.where, problem.cause) == ("origins.0.open_days.0", "is closed by the store's closed_days")


def test_several_mistakes_of_a_week_are_told_at_once(folder: Path) -> None:
    keys = 'open_days = ["mon"]\ncut_off = { sun = "9:00" }\n' + ROAD + 'days = ["sat"]\ntimes = ["25:00"]\n'
    told = problems_of(folder, STORE + ORIGIN + keys + CARRIER)

    assert {"origins.0.cut_off.sun", "origins.0.collections.0.times.0"} <= told.keys()
