"""The calendar of a channel: in whose business days a marketplace counts what it is told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from shop import FrozenClock

from portes.channels.protocol import request_in
from portes.contract import LeadTime
from portes.store import check_store, open_store

BEFORE_SAO_JORGE = datetime(2026, 4, 22, 12, tzinfo=UTC)
"""The morning of the day before 23 April, a holiday of Rio de Janeiro alone."""
STORE = """
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"

[[origins]]
id = 1
postal_code = "01001000"

[carriers.table]
use = "table"
id = 1
[carriers.table.settings]
file = "table.csv"
calendar = "BR"
[[carriers.table.services]]
code = "n"
delivery = "normal"

[channels.netshoes]
auth = {{ kind = "header", value = "${{SECRET}}" }}
{calendar}
[channels.native]
keys = "${{SECRET}}"
{calendar}
"""


def written(folder: Path, calendar: str) -> Path:
    table = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\n"
    (folder / "table.csv").write_text(f"{table}n,00000000,99999999,0,30000,10.00,3,3\n", encoding="utf-8")
    file = folder / "portes.toml"
    file.write_text(STORE.format(calendar=f'calendar = "{calendar}"' if calendar else ""), encoding="utf-8")
    return file


def told(folder: Path, channel: str, calendar: str) -> LeadTime:
    file, clock = written(folder, calendar), FrozenClock(BEFORE_SAO_JORGE)
    with open_store(file, environ={"SECRET": "a-canary-of-ours"}, clock=clock) as store:
        asked = request_in(store.channels[channel].read(store.channels[channel].example()))
        return store.quote(asked).lines[0].offers[0].lead_time


@pytest.mark.parametrize("channel", ["netshoes", "native"])
@pytest.mark.parametrize(("calendar", "whose", "days"), [("", "BR", 3), ("BR-RJ", "BR-RJ", 2)])
def test_a_channel_is_told_the_days_of_its_own_calendar_and_else_those_of_the_country(
    tmp_path: Path, channel: str, calendar: str, whose: str, days: int
) -> None:
    lead_time = told(tmp_path, channel, calendar)

    assert (lead_time.calendar, lead_time.max, str(lead_time.latest)) == (whose, days, "2026-04-27")


@pytest.mark.parametrize(
    ("calendar", "fix"),
    [("MG", "write BR-MG"), ("ES-MD", "write BR"), ("BR-XX", "write one of BR-TO, BR-SP, BR-SE, BR-SC, BR-RS")],
)
def test_a_channel_that_counts_in_another_country_or_nowhere_is_refused_with_the_calendar_that_is_meant(
    tmp_path: Path, calendar: str, fix: str
) -> None:
    problems = check_store(written(tmp_path, calendar), environ={"SECRET": "a-canary-of-ours"})

    assert [(one.where, one.value, one.fix) for one in problems] == [
        (f"channels.{channel}.calendar", calendar, fix) for channel in ("netshoes", "native")
    ]
