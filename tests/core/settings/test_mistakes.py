"""An operator's mistakes that look like something: each is refused, and the fix keeps the meaning."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr
from store_text import CARRIER, ORIGIN, STORE, WHOLE, problems_of

from portes.carrier import CarrierSettings
from portes.contract.places import Country
from portes.errors import SettingsError
from portes.redaction import MASK
from portes.settings import draft_store, plugin_settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"


@pytest.mark.parametrize("written", ["14", "1400", "14.30", '"1400"', "true", "2026-12-24"])
def test_a_cut_off_that_is_no_time_of_day_is_refused(folder: Path, written: str) -> None:
    (problem,) = problems_of(folder, STORE + ORIGIN + f"cut_off = {written}\n" + CARRIER).values()

    assert (problem.where, problem.cause) == ("origins.0.cut_off", "is not a time of day")
    assert problem.fix == 'write a time of day, such as "14:00"'


@pytest.mark.parametrize("written", ['"14:00Z"', '"14:00-03:00"'])
def test_a_cut_off_with_a_time_zone_is_refused(folder: Path, written: str) -> None:
    (problem,) = problems_of(folder, STORE + ORIGIN + f"cut_off = {written}\n" + CARRIER).values()

    assert (problem.where, problem.cause) == ("origins.0.cut_off", "has a time zone")
    assert problem.fix == 'write the local time alone, such as "14:00"'


@pytest.mark.parametrize("written", ["1798070400", '"1798070400"', "20261224", "true"])
def test_a_closed_day_that_is_a_number_is_refused(folder: Path, written: str) -> None:
    (problem,) = problems_of(folder, STORE + f"closed_days = [{written}]\n" + ORIGIN + CARRIER).values()

    assert (problem.where, problem.cause) == ("store.closed_days.0", "is not a day")
    assert problem.fix == "write a day without quotes, such as 2026-12-24"


class Lax(CarrierSettings):
    """A stranger's settings, with pydantic's own types."""

    day: date | None = None
    hour: time = time(0)
    moment: datetime | None = None
    span: timedelta | None = None
    count: int = 0
    ratio: float = 0.0
    exact: Decimal = Decimal(0)
    flag: bool = False
    either: int | bool = 0
    country: Country = "BR"


def told(folder: Path, **table: object) -> tuple[str, str]:
    with pytest.raises(SettingsError) as raised:
        plugin_settings(Lax, table, "x", folder / "portes.toml", {"NUMBER": "1798070400"})
    (problem,) = raised.value.problems
    return problem.where, problem.cause


@pytest.mark.parametrize("value", [14, 14.5, "1798070400", "${NUMBER}"])
@pytest.mark.parametrize(
    ("key", "cause"),
    [
        ("day", "is not a day"),
        ("hour", "is not a time of day"),
        ("moment", "is not a day with its time"),
        ("span", "is not a span of time"),
    ],
)
def test_a_number_is_no_time_in_any_settings(folder: Path, key: str, value: object, cause: str) -> None:
    assert told(folder, **{key: value}) == (f"x.{key}", cause)


@pytest.mark.parametrize("key", ["count", "ratio", "exact"])
def test_a_truth_value_is_no_number_in_any_settings(folder: Path, key: str) -> None:
    assert told(folder, **{key: True}) == (f"x.{key}", "is true or false, and a number is wanted")


def test_what_was_meant_passes_in_any_settings(folder: Path) -> None:
    table = {
        "day": date(2026, 12, 24),
        "hour": "14:00",
        "moment": "2026-12-24T14:00:00",
        "span": "PT5M",
        "count": "${N}",
        "flag": True,
        "either": True,
    }
    made = plugin_settings(Lax, table, "x", folder / "portes.toml", {"N": "3"})

    assert (made.day, made.hour, made.span, made.count) == (date(2026, 12, 24), time(14), timedelta(minutes=5), 3)
    assert (made.moment, made.flag, made.either) == (datetime(2026, 12, 24, 14), True, True)  # noqa: DTZ001 — local


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("origins.0.handling_days", "[[origins]]\nid = 1\npostal_code = '01001000'\nhandling_days = 99999\n"),
        ("store.pre_sale_days", "pre_sale_days = 20261224\n" + ORIGIN),
    ],
)
def test_days_that_lead_beyond_every_calendar_are_refused(folder: Path, key: str, line: str) -> None:
    (problem,) = problems_of(folder, STORE + line + CARRIER).values()

    assert (problem.where, problem.cause, problem.fix) == (key, "is too large", "write 365 or less")


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("UK", "write GB: UK is no code of ISO 3166-1"),
        ("IC", "write ES: IC is no code of ISO 3166-1"),
        ("EA", "write ES: EA is no code of ISO 3166-1"),
        ("EL", "write GR: EL is no code of ISO 3166-1"),
        ("es", "write ES"),
        ("uk", "write GB: UK is no code of ISO 3166-1"),
        ("ESP", "write the two letters of ISO 3166-1, such as BR or ES"),
        ("ZZ", "write the two letters of ISO 3166-1, such as BR or ES"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER E}S", "write the two letters of ISO 3166-1, such as BR or ES"),
    ],
)
def test_a_country_that_is_none_is_refused_with_the_code_that_is_meant(folder: Path, written: str, fix: str) -> None:
    found = problems_of(folder, WHOLE.replace('"BR"', f'"{written}"'))
    at_origin = problems_of(folder, STORE + ORIGIN + f'country = "{written}"\n' + CARRIER)

    for problem in (found["store.country"], at_origin["origins.0.country"]):
        assert (problem.value, problem.cause, problem.fix) == (written, "is no country code", fix)
    assert list(at_origin) == ["origins.0.country"]
    with pytest.raises(SettingsError, match="country: is no country code"):
        plugin_settings(Lax, {"country": written}, "x", folder / "portes.toml", {})


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("R$", "write BRL"),
        ("€", "write EUR"),
        ("brl", "write BRL"),
        ("real", "write the three letters of ISO 4217, such as BRL or EUR"),
    ],
)
def test_a_currency_that_is_none_is_refused_with_the_code_that_is_meant(folder: Path, written: str, fix: str) -> None:
    (problem,) = problems_of(folder, WHOLE.replace('"BRL"', f'"{written}"')).values()

    assert (problem.where, problem.value, problem.cause, problem.fix) == (
        "store.currency",
        written,
        "is no currency",
        fix,
    )


@pytest.mark.parametrize(
    ("text", "cause", "fix"),
    [
        ("BR-SP ", "ends with a space", "remove the space"),
        ("\u00a0BR-SP", "begins with a space", "remove the space"),
        ("BR-SP\\n", "ends with a line break", "write it alone on one line"),
    ],
)
def test_a_space_around_a_text_is_refused_and_not_taken_for_a_part_of_it(
    folder: Path, text: str, cause: str, fix: str
) -> None:
    for where, broken in (
        ("store.calendar", WHOLE.replace("BR-SP", text)),
        ("carriers.road.name", WHOLE.replace("id = 7", f'id = 7\nname = "{text}"')),
    ):
        (problem,) = problems_of(folder, broken).values()
        assert (problem.where, problem.cause, problem.fix) == (where, cause, fix)


def test_a_path_of_windows_is_refused_where_its_backslashes_became_something_else(folder: Path) -> None:
    (problem,) = problems_of(folder, STORE + 'catalogue = "C:\\tabelas\\novas.csv"\n' + ORIGIN + CARRIER).values()

    assert (problem.where, problem.value) == ("store.catalogue", "C:\\tabelas\\novas.csv")
    assert problem.cause == "holds a tab, a line break or another sign that cannot be printed"
    assert problem.fix == "write / in place of \\ in double quotes"


def test_a_text_of_nothing_but_a_tab_may_be_meant(folder: Path) -> None:
    class Spread(CarrierSettings):
        separator: str

    made = plugin_settings(Spread, {"separator": "\t"}, "x", folder / "portes.toml", {})

    assert made.separator == "\t"


@pytest.mark.parametrize("key", ["value", "word"])
def test_a_secret_s_key_at_the_wrong_level_shows_no_value(folder: Path, key: str) -> None:
    class Inner(CarrierSettings):
        value: SecretStr | None = None
        words: tuple[SecretStr, ...] = ()

    class Outer(CarrierSettings):
        inner: Inner = Inner()

    with pytest.raises(SettingsError) as raised:
        plugin_settings(Outer, {key: "BASIC hunter2"}, "x", folder / "portes.toml", {})

    (problem,) = raised.value.problems
    assert (problem.where, problem.value) == (f"x.{key}", MASK)


@pytest.mark.parametrize(
    ("country", "code", "calendar", "meant"),
    [
        ("BR", "01001000", "MG", "BR-MG"),
        ("BR", "01001000", "SC", "BR-SC"),
        ("ES", "28013", "MD", "ES-MD"),
        ("ES", "28013", "CN", "ES-CN"),
        ("ES", "28013", "BR-SP", "ES"),
        ("BR", "01001000", "SP", "BR-SP"),
        ("BR", "01001000", "br_sp", "BR-SP"),
        ("ES", "28013", "CT", "ES-CT"),
        ("ES", "28013", "AN", "ES-AN"),
        ("ES", "28013", "Canarias", "ES, or a region of it such as ES-AN"),
        ("BR", "01001000", "", "BR, or a region of it such as BR-AC"),
    ],
)
def test_a_calendar_of_another_country_or_of_none_is_refused_with_the_one_that_is_meant(
    folder: Path, country: str, code: str, calendar: str, meant: str
) -> None:
    store = STORE.replace('"BR"', f'"{country}"')
    origin = ORIGIN.replace("01001-000", code)
    at_store = problems_of(folder, store.replace("BR-SP", calendar) + origin + CARRIER)
    at_origin = problems_of(folder, store.replace("BR-SP", country) + origin + f'calendar = "{calendar}"\n' + CARRIER)

    for where, found in (("store.calendar", at_store), ("origins.0.calendar", at_origin)):
        assert list(found) == [where]
        assert (found[where].value, found[where].fix) == (calendar, f"write {meant}")
        assert found[where].cause in {f"is a calendar of another country than {country}", "is no calendar we know"}


def test_an_origin_in_another_country_needs_a_calendar_of_its_own(folder: Path) -> None:
    store = STORE.replace('"BR"', '"ES"').replace("BR-SP", "ES-MD")
    origin = ORIGIN.replace("01001-000", "AD500") + 'country = "AD"\n'

    (problem,) = problems_of(folder, store + origin + CARRIER).values()

    assert (problem.where, problem.value, problem.fix) == ("origins.0.calendar", "ES-MD", 'add calendar = "AD"')
    assert problems_of(folder, store + origin + 'calendar = "AD"\n' + CARRIER) == {}


def test_a_wrong_origin_is_still_an_origin_for_those_who_name_it(folder: Path) -> None:
    file = folder / "portes.toml"
    file.write_text(STORE + ORIGIN.replace("01001-000", "0100-000") + ORIGIN.replace("= 1", "= 2") + CARRIER)

    draft = draft_store(file, {})

    assert [problem.where for problem in draft.problems] == ["origins.0.postal_code"]
    assert [origin.id for origin in draft.origins] == [1, 2]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Europe/Canarias", "Atlantic/Canary"),
        ("america/sao paulo", "America/Sao_Paulo"),
        ("UTC-3", "America/Sao_Paulo or Europe/Madrid"),
        ("Brasilia", "America/Sao_Paulo or Europe/Madrid"),
    ],
)
def test_a_time_zone_is_never_proposed_for_the_likeness_of_another_clock(
    folder: Path, written: str, meant: str
) -> None:
    found = problems_of(folder, WHOLE.replace("America/Sao_Paulo", written))

    assert found["store.timezone"].fix == f"write one such as {meant}"


def test_the_keys_of_a_store_without_its_heading_are_sent_below_it_in_their_order(folder: Path) -> None:
    found = problems_of(folder, WHOLE.replace("[store]", ""))

    assert list(found)[:4] == ["country", "currency", "timezone", "calendar"]
    assert {found[key].fix for key in list(found)[:4]} == {"write it below the heading [store]"}


@pytest.mark.parametrize(
    ("old", "new", "where", "fix"),
    [
        ("[store]", "[[store]]", "store", "write [store], with one bracket, and only once"),
        (
            "[[carriers.road.services]]",
            "[carriers.road.services]",
            "carriers.road.services",
            "write [[carriers.road.services]], with two brackets, above each of them",
        ),
        (
            "[[carriers.road.services]]",
            "[[carriers.road.cache]]",
            "carriers.road.cache",
            "write [carriers.road.cache], with one bracket, and only once",
        ),
        ("[[origins]]", "closed_days = {}\n[[origins]]", "store.closed_days", "write a list: [ … ]"),
    ],
)
def test_a_heading_with_a_bracket_too_few_or_too_many_is_refused_with_the_right_one(
    folder: Path, old: str, new: str, where: str, fix: str
) -> None:
    assert problems_of(folder, WHOLE.replace(old, new))[where].fix == fix


def test_a_name_among_numbers_is_told_with_its_name_and_not_with_what_stands_there(folder: Path) -> None:
    class Numbered(CarrierSettings):
        branches: dict[int, str]

    with pytest.raises(SettingsError) as raised:
        plugin_settings(Numbered, {"branches": {"MG": "27"}}, "x", folder / "portes.toml", {})

    (problem,) = raised.value.problems
    assert (problem.where, problem.value, problem.cause) == ("x.branches.MG", "MG", "is not a whole number")
