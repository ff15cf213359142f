"""What Jamef says is wrong, from whichever of its layers it comes, and what that means to us; it knows no question."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from portes.errors import CarrierError, GarbledError
from portes.toolbox import HttpResponse, discreet, read_json, status_error

WELL: Final = frozenset({200, 201})
"""Both were seen for one and the same call."""


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

    @property
    def told(self) -> str:
        """Status and words, as a person reads them."""
        said = f"Jamef answers {self.status}{f': {self.words}' if self.words else ''}"
        return f"{said}{self.reference}"

    @property
    def reference(self) -> str:
        """What Jamef's support asks for; empty where there is none."""
        return f" (idCorrelacao {self.correlation_id})" if self.correlation_id else ""


def complaint_of(received: HttpResponse) -> Complaint:
    """What an answer says of itself; every answer can be asked, also a good one."""
    body = read_json(received)
    fields: dict[str, Any] = body if isinstance(body, dict) else {}
    entries = [each for name in ("erros", "errors") for each in _objects(fields.get(name))]
    said = (fields.get("mensagem"), *(each.get("detalhes") for each in entries), fields.get("error"))
    return Complaint(
        status=_status(received.status, fields),
        words=_joined(dict.fromkeys(_texts(said))),
        correlation_id=next(_texts([fields.get("idCorrelacao")]), "")[:100],
        component=_joined(_texts(each.get("componenteFalho") for each in entries)),
        enveloped="situacao" in fields or "idCorrelacao" in fields,
    )


def problem_of(received: HttpResponse, complaint: Complaint) -> CarrierError | None:
    """What an answer's status means by itself; None where the body decides.

    401 and 403 mean the credentials here: who has a token to drop looks at 401 first.
    """
    problem = status_error(complaint.status, complaint.told, retry_after=received.retry_after)
    if problem is None and complaint.status not in WELL:
        return GarbledError(f"{complaint.told}, which it does not document")
    return problem


def _status(status: int, fields: dict[str, Any]) -> int:
    """HTTP's, or the body's own where a gateway made an error look well."""
    own = fields.get("situacao")
    return own if status in WELL and type(own) is int and 400 <= own < 600 else status


def _objects(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def _texts(values: Any) -> Iterator[str]:  # noqa: ANN401 — whatever stands where a text should
    for value in values:
        if isinstance(value, str) and (clean := discreet(value)):
            yield clean


def _joined(texts: Iterable[str]) -> str:
    return discreet("; ".join(texts))


__all__ = ["WELL", "Complaint", "complaint_of", "problem_of"]
