"""What makes a question one that cannot be asked: each flaw with its field, its value and what to do; pure."""

from collections.abc import Iterable, Sequence

from portes.calendars import business_calendar
from portes.contract import QuoteRequest, RequestLine
from portes.engine.policy import Policy
from portes.errors import Problem, RequestError, SettingsError, TooMuchError, shown


def check(request: QuoteRequest, policy: Policy) -> None:
    """Refuse a question that cannot be asked: `RequestError` names each flaw, `TooMuchError` what is too much."""
    if len(request.lines) > policy.settings.max_lines:
        raise TooMuchError(_too_many("lines", len(request.lines), policy.settings.max_lines))
    units = sum([item.quantity for item in request.lines])
    if units > policy.settings.max_units:
        raise TooMuchError(_too_many("units", units, policy.settings.max_units))
    problems = [problem for position, item in enumerate(request.lines) for problem in _flaws(position, item, policy)]
    if request.currency != policy.settings.currency:
        problems.append(_foreign("currency", request.currency, policy))
    problems += _unknown_calendar(request.calendar)
    if problems:
        raise RequestError(problems)


def _too_many(what: str, count: int, limit: int) -> Problem:
    return Problem("lines", str(count), f"more than {limit} {what} in one question", "split the question")


def _foreign(where: str, currency: str, policy: Policy) -> Problem:
    return Problem(
        where, shown(currency), f"the store sells in {policy.settings.currency}", f"ask in {policy.settings.currency}"
    )


def _unknown_calendar(name: str | None) -> Sequence[Problem]:
    try:
        if name is not None:
            business_calendar(name)
    except SettingsError as error:
        return error.problems
    return ()


def _flaws(position: int, item: RequestLine, policy: Policy) -> Iterable[Problem]:
    zero = item.weight == 0 or (item.size is not None and not item.size.volume)
    if zero and not policy.settings.allow_zero_measures:
        yield from _zeros(position, item)
    if item.declared_value is not None and item.declared_value.currency != policy.settings.currency:
        yield _foreign(f"lines.{position}.declared_value", item.declared_value.currency, policy)


def _zeros(position: int, item: RequestLine) -> Iterable[Problem]:
    fix = "send a real measure, or set `allow_zero_measures` in the store"
    sides = {f"size.{side}": length for side, length in item.size or ()}
    for name, measure in {"weight": item.weight, **sides}.items():
        if measure == 0:
            cause = f"the {name.removeprefix('size.')} of {shown(item.sku)} is zero"
            yield Problem(f"lines.{position}.{name}", "0", cause, fix)
