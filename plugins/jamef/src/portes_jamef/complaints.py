"""What Jamef says is wrong, from whichever of its layers it comes, and what its status means; it knows no question."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from portes.errors import CarrierError, GarbledError
from portes.toolbox import HttpResponse, discreet, read_json, status_error
from portes_jamef.decorations import odd_fields

WELL: Final = frozenset({200, 201})
"""Both were seen for one and the same call."""
_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")


class Complaint(NamedTuple):
    """What an answer says beside its figures; what it does not say is empty."""

    status: int
    """Of HTTP; or the one in the body, where HTTP says that all is well and the body that it is not."""
    words: str
    correlation_id: str
    component: str
    """Which part of Jamef's own system failed: for logs, and for nobody else."""
    enveloped: bool
    """Whether the API itself said so, and not a gateway or another server before it."""
    errors: bool
    """Whether it lists errors, or says something that is no text."""
    odd: tuple[str, ...]
    """Fields that only decorate and are of another type than documented."""

    @property
    def told(self) -> str:
        """Status and words, as a person reads them."""
        said = "Jamef offers nothing" if self.status in WELL else f"Jamef answers {self.status}"
        return f"{said}{f': {self.words}' if self.words else ''}{self.reference}"

    @property
    def reference(self) -> str:
        """What Jamef's support asks for; empty where there is none."""
        return f" (idCorrelacao {self.correlation_id})" if self.correlation_id else ""


def complaint_of(received: HttpResponse) -> Complaint:
    """What an answer says of itself; every answer can be asked, also a good one."""
    body = read_json(received)
    fields: dict[str, Any] = body if isinstance(body, dict) else {}
    entries = [each for name in ("erros", "errors") for each in _listed(fields.get(name))]
    said = (fields.get("mensagem"), [each.get("detalhes") for each in entries], fields.get("error"))
    return Complaint(
        status=_status(received.status, fields),
        words=_joined(dict.fromkeys(_texts(said))),
        correlation_id=discreet(next(_texts(fields.get("idCorrelacao")), ""), 100),
        component=_joined(_texts([each.get("componenteFalho") for each in entries])),
        enveloped=any(fields.get(name) is not None for name in ("situacao", "idCorrelacao")),
        errors=bool(entries) or not isinstance(fields.get("mensagem", ""), str | None),
        odd=tuple(odd_fields(fields)),
    )


def problem_of(received: HttpResponse, complaint: Complaint) -> CarrierError | None:
    """What an answer's status means by itself; None where the body decides.

    401 and 403 mean the credentials here: who has a token to drop looks at 401 first.
    """
    problem = status_error(complaint.status, complaint.told, retry_after=received.retry_after)
    if problem is None and complaint.status not in WELL:
        return GarbledError(f"{complaint.told}, which it does not document")
    return problem


def whole(value: object) -> int | None:
    """A whole number, also one that is written as text or as `200.0`; None for anything else."""
    if type(value) is float and value.is_integer():
        return int(value)
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return int(value)
    return value if type(value) is int else None


def _status(status: int, fields: dict[str, Any]) -> int:
    """HTTP's, or the body's own where a gateway made an error look well."""
    own = whole(fields.get("situacao"))
    return own if status in WELL and own is not None and 400 <= own < 600 else status


def _listed(value: object) -> list[dict[str, Any]]:
    """The errors of a list, of which each should be an object; a bare text is its own detail."""
    listed = value if isinstance(value, list) else [value]
    return [each if isinstance(each, dict) else {"detalhes": each} for each in listed if each not in (None, "")]


def _texts(value: object) -> Iterator[str]:
    """Whatever texts stand where one should, however deep."""
    if isinstance(value, str):
        if clean := discreet(value):
            yield clean
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _joined(texts: Iterable[str]) -> str:
    return discreet("; ".join(texts))


__all__ = ["WELL", "Complaint", "complaint_of", "problem_of", "whole"]
