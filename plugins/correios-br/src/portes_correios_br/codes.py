"""Correios' error codes and statuses, each with what it means to us; it knows no question and no connection.

Correios publishes no list. What stands here was seen in its documents or in public clients; any other code is a
failure that tells code and text, because only a known no may be shown as a no.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

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
from portes_correios_br.services import No

REFUSALS: Final = {
    "ERP-005": RefusalKind.NOT_SERVED,  # the CEP does not exist
    "ERP-013": RefusalKind.VALUE_OUT_OF_RANGE,  # the declared value
    "PRZ-008": RefusalKind.SERVICE_UNAVAILABLE,  # not on this lane
    "CON-011": RefusalKind.SERVICE_UNAVAILABLE,  # not on this posting card
}
"""Codes that are a no; all others are for us, or nobody, to mend."""

EXPIRED: Final = "GTW-008"
"""Says "not valid for this environment", and means as often that the token has expired."""
RESTRICTED: Final = "GTW-012"
"""The API is not on the contract, or the token not for it."""
BASIC_WANTED: Final = "GTW-014"
"""A token call that shows a token instead of login and access code."""

NOT_ON_THE_CONTRACT: Final = "services 38202 (prices) and 38210 (deadlines) are not on the contract"
_TOKEN_STATUSES: Final = frozenset({401, 403, 412})
_LONGEST: Final = 320
"""Characters of an error text that are looked at for its code."""
_CODE: Final = re.compile(r"\s*([A-Z]{3}-\d{3})\b\s*:?\s*(.*)", re.DOTALL)


class TokenRejectedError(RejectedCredentialsError):
    """A token was not accepted; another one may be."""


def coded(text: str) -> tuple[str, str]:
    """A code and its text: `ERP-005: CEP inexistente.` → (`ERP-005`, `CEP inexistente.`); the code may be empty."""
    match = _CODE.fullmatch(text[:_LONGEST])
    code, words = (match[1], match[2]) if match else ("", text)
    return code, discreet(words)


def complaint(text: str) -> No | CarrierError:
    """What an error text of one entry means."""
    code, words = coded(text)
    if code in REFUSALS:
        return No(REFUSALS[code], code, words)
    if code == RESTRICTED:
        return RejectedCredentialsError(NOT_ON_THE_CONTRACT)
    return RejectedRequestError(_said(code, words))


def whole_call(received: HttpResponse, entries: int) -> No | CarrierError:
    """What an answer means that is no list of entries, to so many questions."""
    said = list(_complaints(read_json(received)))
    code, words = said[0] if said else ("", "")
    if any(each == RESTRICTED for each, _ in said):
        return RejectedCredentialsError(NOT_ON_THE_CONTRACT)
    if code in REFUSALS and entries == 1 and received.status < 500:
        return No(REFUSALS[code], code, words)
    if received.status in _TOKEN_STATUSES or any(each == EXPIRED for each, _ in said):
        return TokenRejectedError(
            f"Correios accepts no token of this posting card ({_said(code, words, received.status)})"
        )
    return by_status(received) or _odd(received, code, words)


def first_complaint(received: HttpResponse) -> tuple[str, str]:
    """Code and text of what Correios says is wrong; both may be empty."""
    return next(_complaints(read_json(received)), ("", ""))


def by_status(received: HttpResponse) -> CarrierError | None:
    """What a status means by itself; None where the body decides."""
    hint, throttled = f"Correios answers {received.status}", "Correios allows no more calls now"
    problem = status_error(received.status, hint, throttled=throttled, retry_after=received.retry_after)
    return problem if isinstance(problem, ThrottledError | UnreachableError) else None


def _odd(received: HttpResponse, code: str, words: str) -> CarrierError:
    if code or words or received.status > 400:
        return RejectedRequestError(_said(code, words, received.status))
    return GarbledError(f"Correios answers {received.status} with a body that it does not document")


def _said(code: str, words: str, status: int = 0) -> str:
    told = ": ".join(part for part in (code, words) if part) or "without a word"
    return f"Correios answers {status} {told}" if status else f"Correios answers {told}"


def _complaints(body: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 — any JSON
    if not isinstance(body, dict):
        return
    listed = body.get("msgs")
    texts = [*(listed if isinstance(listed, list) else [listed]), body.get("msg")]
    yield from (coded(text) for text in texts if isinstance(text, str) and text.strip())


__all__ = [
    "BASIC_WANTED",
    "EXPIRED",
    "NOT_ON_THE_CONTRACT",
    "REFUSALS",
    "RESTRICTED",
    "TokenRejectedError",
    "by_status",
    "coded",
    "complaint",
    "first_complaint",
    "whole_call",
]
