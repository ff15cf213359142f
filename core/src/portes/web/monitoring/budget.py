"""Which answers a marketplace must have discarded, why, and through whom; it counts nothing and knows no channel."""

from collections.abc import Iterator
from typing import Final

from portes.contract import Quote

GOOD: Final = ""
"""The marketplace could use the answer."""
LATE: Final = "late"
"""It was right, and came after the channel's limit."""
UNKNOWN: Final = "unknown"
"""A failure of a carrier decided, or a rule or packer failed: 503 on purpose."""
CONTINGENCY: Final = "contingency"
"""Something could be offered, and the channel sent the marketplace to its own table all the same."""
INVALID: Final = "invalid"
"""The reply would have broken the channel's rules, or the question cannot be meant as it is read: 503 and an alarm."""
TURNED_AWAY: Final = "turned_away"
"""More calls came than can be answered in time: an early 503."""
UNAUTHORIZED: Final = "unauthorized"
BAD_REQUEST: Final = "bad_request"
"""The question could not be read, or was too large."""
GONE: Final = "gone"
"""The caller hung up before the answer, or was cut off."""
CRASHED: Final = "crashed"
"""A fault of ours."""

CAUSES: Final = (
    LATE, UNKNOWN, CONTINGENCY, INVALID, TURNED_AWAY, UNAUTHORIZED, BAD_REQUEST, GONE, CRASHED,
)  # fmt: skip
"""Every cause there is."""

GONE_STATUS: Final = 499
"""What log and metrics say of a caller who hung up, or was cut off; nobody gets to see it."""

ANSWERED: Final = "answered"
"""The verdict of a call that a channel replied to without a quote: it asked for stock alone, or for a check."""

_BY_STATUS: Final = {401: UNAUTHORIZED, 500: CRASHED}
_ON_PURPOSE: Final = {"unknown": UNKNOWN, "served": CONTINGENCY, "not_served": CONTINGENCY, "turned_away": TURNED_AWAY}


def discard_cause(
    status: int,
    verdict: str,
    *,
    in_time: bool,
    alarm: bool = False,
    is_answer: bool | None = None,
    is_refusal: bool = False,
) -> str:
    """The cause for which the marketplace discarded an answer; empty when it was of use.

    `is_answer` says whether the marketplace takes the status for one; by default those below 400 are. `is_refusal` says
    that the asker has to mend the question, by whatever status its marketplace knows that.
    """
    if status == GONE_STATUS:
        return GONE
    if status < 400 if is_answer is None else is_answer:
        return GOOD if in_time else LATE
    if alarm:
        return INVALID
    if verdict in _ON_PURPOSE:
        return _ON_PURPOSE[verdict]
    if is_refusal:
        return UNAUTHORIZED if status == 401 else BAD_REQUEST
    return _BY_STATUS.get(status, BAD_REQUEST if 400 <= status < 500 else CRASHED)


_OF_CARRIERS: Final = frozenset({LATE, UNKNOWN, CONTINGENCY, GONE})
"""Causes that a failure may be behind; for the others nobody is to blame but us and the asker."""


def carrier_faults(quote: Quote, cause: str) -> Iterator[tuple[str, str]]:
    """Carrier and kind of each failure to blame for an answer that was discarded for this cause, each once.

    A failure without an origin is none of a carrier's: nobody was asked, for the catalogue lacked something.
    """
    if cause not in _OF_CARRIERS:
        return
    failed = [one for line in quote.lines for one in line.failures if one.origin_id]
    yield from dict.fromkeys((one.carrier, one.failure.kind.value) for one in failed)
