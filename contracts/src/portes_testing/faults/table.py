"""The table of faults: what happens on the wire, and what a carrier may make of it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Final

from portes.contract import FailureKind
from portes.toolbox.response import HttpResponse
from portes_testing.case import OutcomeKind
from portes_testing.faults import mutations
from portes_testing.faults.loopback import Pace, Reply
from portes_testing.faults.mutations import Mutant, Mutation

RETRY_AFTER: Final = 7
"""Seconds that a throttling answer asks for; the failure must pass them on."""

ELSEWHERE: Final = "/elsewhere"
"""Where a redirect leads; nobody may follow it, least of all with credentials."""


class Shows(Enum):
    """Whether a fault must be seen in the answer."""

    ALWAYS = "always"
    """At least one service fails because of it."""
    PERHAPS = "perhaps"
    """A carrier may also get over it."""
    AFTER_A_NEW_TOKEN_NEVER = "after a new token never"  # noqa: S105 — no password
    """A carrier with tokens fetches a new one and answers as if nothing had happened."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong with one recorded answer."""

    name: str
    happens: str
    """In words, for the report and the guide."""
    mutation: Mutation
    allowed: frozenset[OutcomeKind]
    """What services may come to, beside what they come to without the fault."""
    shows: Shows = Shows.ALWAYS
    once: bool = False
    """Whether only the first time."""
    waits: bool = False
    """Whether the carrier has to run out of time."""
    refused: bool = False
    """Whether nobody listens from this exchange on."""
    with_tokens: bool = True
    """Whether it is also done to the calls that fetch tokens."""
    changes_body: bool = False
    """Whether what it does hangs on the recorded body; others do the same to every answer."""
    of_transport: bool = False
    """Whether `tools.http` is what gets over it, on every path alike."""

    def done_to(self, received: HttpResponse, codes: Collection[str]) -> Mutant | None:
        """The answer with the fault; None where it has nothing to change."""
        return self.mutation(received, codes)


def _status(status: int, body: bytes = b"", **headers: str) -> Mutation:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _received, _codes: Mutant(Reply(status, named, body))


def _paced(pace: Pace) -> Mutation:
    return lambda received, _codes: Mutant(replace(mutations.replied(received), pace=pace))


_NO_ENTRY: Final = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_NOTHING: Final = frozenset[OutcomeKind]()
_LATE: Final = frozenset[OutcomeKind]({FailureKind.LATE})
_UNREACHABLE: Final = frozenset[OutcomeKind]({FailureKind.UNREACHABLE})
_GARBLED: Final = frozenset[OutcomeKind]({FailureKind.GARBLED})
_REJECTED: Final = frozenset[OutcomeKind]({FailureKind.REJECTED_CREDENTIALS})
_REQUEST: Final = frozenset[OutcomeKind]({FailureKind.REJECTED_REQUEST})
_THROTTLED: Final = frozenset[OutcomeKind]({FailureKind.THROTTLED})

FAULTS: Final = (
    Fault("refused", "nobody listens on the port", _paced(Pace.SHUT), _UNREACHABLE, refused=True),
    Fault("hang", "the answer never comes", _paced(Pace.HANG), _LATE, waits=True),
    Fault("drip", "the answer comes byte by byte, for half a minute", _paced(Pace.DRIP), _LATE, waits=True),
    Fault(
        "reset", "the connection is torn down in the middle of the body", _paced(Pace.RESET), _UNREACHABLE | _GARBLED
    ),
    Fault(
        "unauthorized_once",
        "401, once",
        _status(401),
        _REJECTED,
        Shows.AFTER_A_NEW_TOKEN_NEVER,
        once=True,
    ),
    Fault("unauthorized_always", "401, each time", _status(401), _REJECTED),
    Fault("forbidden", "403", _status(403, b"Forbidden", Content_Type="text/plain"), _REJECTED | _REQUEST),
    Fault("throttled", "429 with Retry-After", _status(429, Retry_After=str(RETRY_AFTER)), _THROTTLED),
    Fault("server_error", "500 with a plain text", _status(500, b"error", Content_Type="text/plain"), _UNREACHABLE),
    Fault("bad_gateway", "502 with a page of HTML", _status(502, _NO_ENTRY, Content_Type="text/html"), _UNREACHABLE),
    Fault("empty", "200 with an empty body", mutations.empty, _GARBLED),
    Fault("truncated", "half of the body, as if it were all", mutations.truncated, _GARBLED, changes_body=True),
    Fault("other_shape", "JSON of another shape", mutations.other_shape, _GARBLED, changes_body=True),
    Fault("wrong_types", "the right names, values of wrong types", mutations.wrong_types, _GARBLED, changes_body=True),
    Fault("huge", "a compressed answer of 64 MiB", mutations.huge, _GARBLED, changes_body=True),
    Fault("interim", "102 and 103 before the answer", mutations.interim, _NOTHING, Shows.PERHAPS, of_transport=True),
    Fault(
        "cut_compression", "a compressed answer without its end", mutations.cut_compression, _GARBLED, of_transport=True
    ),
    Fault("negative_chunk", "a chunk shorter than nothing", mutations.negative_chunk, _GARBLED, of_transport=True),
    Fault("deep", "a thousand lists within lists", mutations.deep, _GARBLED),
    Fault(
        "wrong_charset",
        "UTF-16 called a character set that does not exist",
        mutations.wrong_charset,
        _GARBLED,
        Shows.PERHAPS,
        changes_body=True,
    ),
    Fault(
        "redirect",
        "302 to another address",
        _status(302, Location=ELSEWHERE),
        _UNREACHABLE | _GARBLED | _REQUEST,
    ),
    Fault(
        "duplicate_entry",
        "one entry of a list twice",
        mutations.duplicate_entry,
        _GARBLED,
        Shows.PERHAPS,
        with_tokens=False,
        changes_body=True,
    ),
    Fault(
        "missing_entry",
        "one entry of a list not there",
        mutations.missing_entry,
        _GARBLED,
        Shows.PERHAPS,
        with_tokens=False,
        changes_body=True,
    ),
    Fault(
        "foreign_service",
        "a service that nobody asked for",
        mutations.foreign_service,
        _GARBLED,
        with_tokens=False,
        changes_body=True,
    ),
)
"""In the order of the guide."""


def faults_of(echo: str) -> tuple[Fault, ...]:
    """The faults for a carrier that sends numbers back in the field `echo`, or sends none where that is empty."""
    if not echo:
        return FAULTS
    mutation = partial(mutations.other_question, echo=echo)
    happens = "an answer with the number of another question"
    return (*FAULTS, Fault("other_question", happens, mutation, _GARBLED, changes_body=True))


def fault(name: str) -> Fault:
    """A fault by its name. Raises `KeyError`."""
    return {each.name: each for each in FAULTS}[name]


__all__ = ["ELSEWHERE", "FAULTS", "RETRY_AFTER", "Fault", "Shows", "fault", "faults_of"]
