"""Correios' error codes and statuses, each with what it means to us; it knows no connection.

Correios publishes no list. What stands here was seen in its documents or in public clients; any other code is a
failure that tells code and text. Only a no about the goods, the destination or the lane may be shown as a no.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from portes.contract import RefusalKind
from portes.errors import (
    CarrierError,
    GarbledError,
    RejectedCredentialsError,
    RejectedRequestError,
    ThrottledError,
    UnreachableError,
)
from portes.toolbox import HttpResponse, discreet, read_json, status_error
from portes_correios_br.blame import blamed_place, blamed_value
from portes_correios_br.questions import Question
from portes_correios_br.services import No

NO_PLACE: Final = "ERP-005"
"""A CEP that does not exist: the destination's, or our own."""
NO_VALUE: Final = "ERP-013"
"""A declared value that is out of range, above or below."""
NOT_ON_THIS_LANE: Final = frozenset({"ERP-006", "ERP-007", "PRZ-008"})
"""Not carried from here to there. PRZ-008 was seen in one client; of the others only the meaning was handed down."""
NOT_ON_THE_CARD: Final = "CON-011"
"""The product is not on our posting card: our contract, and no fact about the lane."""
_NOS: Final = NOT_ON_THIS_LANE | {NO_PLACE, NO_VALUE}
"""Codes that can be a no; all others are for us, or nobody, to mend."""

EXPIRED: Final = "GTW-008"
"""Says "not valid for this environment", and means as often that the token has expired."""
RESTRICTED: Final = "GTW-012"
"""The API is not on the contract, or the token not for it."""
BASIC_WANTED: Final = "GTW-014"
"""A token call that shows a token instead of login and access code."""

NOT_ON_THE_CONTRACT: Final = "services 38202 (prices) and 38210 (deadlines) are not on the contract"
_ASK_FOR_PRODUCT: Final = "the product is not on this posting card: have it put on the contract, or switch it off"
_TOKEN_STATUSES: Final = frozenset({401, 403, 412})
_CODE: Final = re.compile(r"\b[A-Z]{3}-\d{3}\b")
_LEADING: Final = re.compile(r"\s*[A-Z]{3}-\d{3}\b\s*:?\s*")


class TokenRejectedError(RejectedCredentialsError):
    """A token that was not accepted; another one may be."""


class RejectedCallError(RejectedRequestError):
    """A whole call that was called malformed, for the sake of at least one of its questions."""


class Complaint(NamedTuple):
    """One error text of Correios."""

    code: str
    """Of several codes one that is no "no", because a fault beside a no is a fault; empty when there is none."""
    words: str
    """The text in one line, cut where it is long; without the code where that stands first."""
    whole: str
    """The text as it came."""


def complaint_of(text: str) -> Complaint:
    """An error text with its code: `ERP-005: CEP inexistente.` gives `ERP-005`, and the rest as its words."""
    codes = _CODE.findall(text)
    code = next((each for each in codes if each not in _NOS), codes[0] if codes else "")
    leading = text.lstrip().startswith(code) and code
    return Complaint(code, discreet(_LEADING.sub("", text, count=1) if leading else text), text)


def meaning(text: str, question: Question) -> No | CarrierError:
    """What the error text of one question's entry means."""
    complaint = complaint_of(text)
    if complaint.code == RESTRICTED:
        return RejectedCredentialsError(NOT_ON_THE_CONTRACT)
    return _no(complaint, question) or RejectedRequestError(_said(complaint) + _advice(complaint, question))


def whole_call(received: HttpResponse, questions: Sequence[Question]) -> No | CarrierError:
    """What an answer means that is no list of entries."""
    said = list(_complaints(read_json(received)))
    codes = {each.code for each in said}
    first = next((each for each in said if each.code not in _NOS), said[0] if said else Complaint("", "", ""))
    if RESTRICTED in codes:
        return RejectedCredentialsError(NOT_ON_THE_CONTRACT)
    no = _no(first, questions[0]) if len(questions) == 1 and received.status < 500 else None
    if no is not None:
        return no
    if EXPIRED in codes or (received.status in _TOKEN_STATUSES and not codes & {*_NOS, NOT_ON_THE_CARD}):
        return TokenRejectedError(f"Correios accepts no token of this posting card ({_said(first, received.status)})")
    return by_status(received) or _odd(received, first, questions)


def first_complaint(received: HttpResponse) -> Complaint:
    """What Correios says is wrong, first; its parts may be empty."""
    return next(_complaints(read_json(received)), Complaint("", "", ""))


def by_status(received: HttpResponse) -> CarrierError | None:
    """What a status means by itself; None where the body decides."""
    hint, throttled = f"Correios answers {received.status}", "Correios allows no more calls now"
    problem = status_error(received.status, hint, throttled=throttled, retry_after=received.retry_after)
    return problem if isinstance(problem, ThrottledError | UnreachableError) else None


def _no(complaint: Complaint, question: Question) -> No | None:
    """The no that a complaint is, if it is one about the goods, the destination or the lane."""
    kind = None
    if complaint.code in NOT_ON_THIS_LANE:
        kind = RefusalKind.SERVICE_UNAVAILABLE
    elif complaint.code == NO_PLACE and blamed_place(complaint.whole, question.lane).destination:
        kind = RefusalKind.NOT_SERVED
    elif complaint.code == NO_VALUE and blamed_value(complaint.whole, question.value).too_high:
        kind = RefusalKind.VALUE_OUT_OF_RANGE
    return No(kind, complaint.code, complaint.words) if kind else None


def _odd(received: HttpResponse, said: Complaint, questions: Sequence[Question]) -> CarrierError:
    if not said.code and not said.words and received.status <= 400:
        return GarbledError(f"Correios answers {received.status} with a body that it does not document")
    advice = _advice(said, questions[0]) if len(questions) == 1 else ""
    malformed = received.status == 400 or said.code
    return (RejectedCallError if malformed else RejectedRequestError)(_said(said, received.status) + advice)


def _advice(complaint: Complaint, question: Question) -> str:
    """What to do about a complaint of which we are the cause, to stand after it; empty where we do not know."""
    if complaint.code == NO_PLACE:
        return f"; {blamed_place(complaint.whole, question.lane).advice}"
    if complaint.code == NO_VALUE:
        return f"; {blamed_value(complaint.whole, question.value).advice}"
    return f"; {_ASK_FOR_PRODUCT}" if complaint.code == NOT_ON_THE_CARD else ""


def _said(complaint: Complaint, status: int = 0) -> str:
    code = "" if complaint.code in complaint.words else complaint.code
    told = ": ".join(part for part in (code, complaint.words) if part) or "without a word"
    return f"Correios answers {status} {told}" if status else f"Correios answers {told}"


def _complaints(body: Any) -> Iterator[Complaint]:  # noqa: ANN401 — any JSON
    if not isinstance(body, dict):
        return
    for name in ("msgs", "msg", "txErro"):
        found = body.get(name)
        texts = found if isinstance(found, list) else [found]
        yield from (complaint_of(text) for text in texts if isinstance(text, str) and text.strip())


__all__ = [
    "BASIC_WANTED",
    "EXPIRED",
    "NOT_ON_THE_CARD",
    "NOT_ON_THE_CONTRACT",
    "NOT_ON_THIS_LANE",
    "NO_PLACE",
    "NO_VALUE",
    "RESTRICTED",
    "Complaint",
    "RejectedCallError",
    "TokenRejectedError",
    "by_status",
    "complaint_of",
    "first_complaint",
    "meaning",
    "whole_call",
]
