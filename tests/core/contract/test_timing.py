"""Laws of spans: business days of a named calendar, running forward."""

from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from portes.contract import LeadTime, TransitTime

days = st.integers(0, 400)
DAY = date(2026, 11, 23)


@given(days, days)
def test_a_span_runs_forward(one: int, other: int) -> None:
    first, last = sorted((one, other))

    for span in (partial(TransitTime, calendar="BR"), partial(LeadTime, calendar="BR", earliest=DAY, latest=DAY)):
        assert span(min=first, max=last).max == last
        if first < last:
            with pytest.raises(ValidationError, match=f"min {last} is more than max {first}"):
                span(min=last, max=first)


def test_a_promise_runs_forward() -> None:
    with pytest.raises(ValidationError, match="earliest 2026-11-24 is after latest 2026-11-23"):
        LeadTime(min=1, max=1, calendar="BR", earliest=DAY + timedelta(days=1), latest=DAY)


@pytest.mark.parametrize("bad", [-1, 1.0, True, "1", None])
def test_days_are_whole_and_never_negative(bad: object) -> None:
    with pytest.raises(ValidationError, match="min"):
        TransitTime.model_validate({"min": bad, "max": 9, "calendar": "BR"})


def test_a_span_says_whose_business_days_it_counts() -> None:
    with pytest.raises(ValidationError, match="calendar"):
        LeadTime.model_validate({"min": 1, "max": 2})


def test_a_promised_day_is_a_date_and_never_a_number() -> None:
    promised = TransitTime.model_validate({"min": 1, "max": 2, "calendar": "ES", "promised": "2026-11-23"}).promised
    assert str(promised) == "2026-11-23"

    with pytest.raises(ValidationError, match="a number is no date"):
        TransitTime.model_validate({"min": 1, "max": 2, "calendar": "ES", "promised": 20_000})
