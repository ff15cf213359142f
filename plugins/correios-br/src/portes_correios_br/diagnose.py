"""Why Correios does not work, rung by rung from the host to a quote; it knows no wire and no token cache."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from portes.carrier import Deadline, Finding, Severity
from portes.contract import (
    Answer,
    Dimensions,
    FailureKind,
    Money,
    Origin,
    Outcome,
    Parcel,
    Place,
    Rate,
    Refusal,
    Shipment,
)
from portes.errors import CarrierError, GarbledError, RejectedCredentialsError, RejectedRequestError, ThrottledError
from portes.toolbox import Saying
from portes_correios_br.api import Access, Api
from portes_correios_br.services import Product
from portes_correios_br.tokens import PRICES, TIMES, account_of, apis_of

FROM, TO = "70002900", "05311900"
"""The lane that Correios' own manual asks about."""
CARD_DIGITS: Final = 10

Quote = Callable[[Sequence[Shipment], Deadline], Sequence[Answer]]


class Diagnosis:
    """One climb. The first rung that breaks is the last one."""

    def __init__(self, api: Api, products: Sequence[Product], contract_number: str, quote: Quote) -> None:
        self._api = api
        self._products = products
        self._cards = tuple(dict.fromkeys(product.card for product in products))
        self._contract_number = contract_number
        self._quote = quote

    def climb(self, today: date, deadline: Deadline) -> Sequence[Finding]:
        """Every finding up to the rung that breaks, or to the top."""
        found: list[Finding] = []
        accesses: list[Access] = []
        rungs: tuple[Callable[[], Iterator[Finding]], ...] = (
            lambda: self._host_and_login(deadline),
            lambda: self._posting_cards(accesses, deadline),
            lambda: self._apis(accesses),
            lambda: self._services(today, deadline),
        )
        for rung in rungs:
            found += rung()
            if any(finding.severity is Severity.ERROR for finding in found):
                break
        return found

    def _host_and_login(self, deadline: Deadline) -> Iterator[Finding]:
        host = {"host": self._api.host}
        try:
            self._api.check_login(deadline)
        except (RejectedCredentialsError, RejectedRequestError) as problem:
            yield _finding("host", "ok", host)
            refused = isinstance(problem, RejectedCredentialsError)
            yield _finding("login", "refused" if refused else "odd", host, Severity.ERROR, problem.hint)
        except ThrottledError as problem:
            yield _finding("host", "throttled", host, Severity.ERROR, problem.hint)
        except GarbledError as problem:
            yield _finding("host", "strange", host, Severity.ERROR, problem.hint)
        except CarrierError as problem:
            yield _finding("host", "unreachable", host, Severity.ERROR, problem.hint)
        else:
            yield _finding("host", "ok", host)
            yield _finding("login", "ok", host)

    def _posting_cards(self, accesses: list[Access], deadline: Deadline) -> Iterator[Finding]:
        for card in self._cards:
            words = {"card": card[-4:], "digits": len(card)}
            if len(card) != CARD_DIGITS:
                yield _finding("posting_card", "digits", words, Severity.ERROR)
                continue
            try:
                access = self._api.access(card, deadline)
            except CarrierError as problem:
                end = "refused" if isinstance(problem, RejectedCredentialsError) else "failed"
                yield _finding("posting_card", end, words, Severity.ERROR, problem.hint)
            else:
                accesses.append(access)
                yield self._belonging(access)

    def _belonging(self, access: Access) -> Finding:
        account, wanted = account_of(access.token), self._contract_number
        words = {"card": access.card[-4:], "contract": account.contract_number, "wanted": wanted}
        if wanted and wanted != account.contract_number:
            return _finding("posting_card", "foreign", words, Severity.ERROR)
        return _finding("posting_card", "ok", words, evidence=f"DR {account.region}")

    def _apis(self, accesses: Sequence[Access]) -> Iterator[Finding]:
        """A missing API only warns: Correios' list is not always whole, and GTW-012 decides."""
        for access in accesses:
            listed = apis_of(access.token)
            missing = [str(api) for api in (PRICES, TIMES) if api not in listed]
            evidence = " ".join(map(str, sorted(listed)))
            words = {"card": access.card[-4:], "apis": " & ".join(missing)}
            if missing:
                yield _finding("apis", "missing", words, Severity.WARNING, evidence)
            else:
                yield _finding("apis", "ok", words, evidence=evidence)

    def _services(self, today: date, deadline: Deadline) -> Iterator[Finding]:
        (answer,) = self._quote([_small_box(today)], deadline)
        by_code = {part.service: part for part in answer.outcomes}
        yield from (_quoted(by_code[product.code]) for product in self._products)


def _quoted(part: Outcome) -> Finding:
    words = {"service": part.service, "origin": FROM, "destination": TO}
    if isinstance(part, Rate):
        evidence = f"{part.cost}, {part.transit.max} d"
        return _finding("service", "ok", words, evidence=evidence)
    if isinstance(part, Refusal):
        evidence = " ".join(word for word in (str(part.kind), part.code, part.text) if word)
        return _finding("service", "refused", words, Severity.WARNING, evidence)
    end = "credentials" if part.kind is FailureKind.REJECTED_CREDENTIALS else "failed"
    return _finding("service", end, words, Severity.ERROR, f"{part.kind}: {part.hint}")


def _small_box(today: date) -> Shipment:
    """A box that every product takes, worth what every product may declare."""
    size = Dimensions(length=200, width=150, height=40)
    parcel = Parcel(weight=250, size=size, value=Money(minor=50_00, currency="BRL"))
    origin = Origin(id=1, place=Place(country="BR", postal_code=FROM), calendar="BR")
    place = Place(country="BR", postal_code=TO)
    return Shipment(id="doctor", parcels=(parcel,), origin=origin, place=place, dispatch_date=today)


@cache
def _sayings() -> Mapping[tuple[str, str], Saying]:
    """By the check and how it ended."""
    checks = tomllib.loads(files(__package__).joinpath("diagnosis.toml").read_text(encoding="utf-8"))
    return {(check, end): Saying(**texts) for check, ends in checks.items() for end, texts in ends.items()}


def _finding(
    check: str,
    end: str,
    words: Mapping[str, object],
    severity: Severity = Severity.OK,
    evidence: str = "",
) -> Finding:
    return _sayings()[check, end].finding(check, severity, words, evidence)


__all__ = ["Diagnosis"]
