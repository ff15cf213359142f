"""Why Correios does not work, rung by rung from the host to quotes from every origin; it knows no wire."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from portes.carrier import Deadline, Finding, Severity
from portes.contract import (
    Answer,
    Dimensions,
    Failure,
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
from portes.toolbox import Saying, Tools
from portes_correios_br.api import Access, Api
from portes_correios_br.blame import ORIGIN_UNKNOWN
from portes_correios_br.codes import NOT_ON_THE_CARD
from portes_correios_br.memory import LIFE, CodeMemory
from portes_correios_br.services import Product
from portes_correios_br.settings import CorreiosSettings
from portes_correios_br.tokens import PRICES, TIMES, account_of, apis_of

FROM, TO = "70002900", "05311900"
"""The lane that Correios' own manual asks about; from FROM where the store has no origin in Brazil."""
SOON: Final = timedelta(days=14)
"""How long before its end an access code is warned of."""

Quote = Callable[[Sequence[Shipment], Sequence[Product], Deadline], Sequence[Answer]]
Told = Iterator[Finding]


class Diagnosis:
    """One climb. The first rung on which nothing holds is the last one."""

    def __init__(
        self, settings: CorreiosSettings, api: Api, products: Sequence[Product], quote: Quote, tools: Tools
    ) -> None:
        self._settings = settings
        self._api = api
        self._products = products
        self._quote = quote
        self._tools = tools
        self._cards = tuple(dict.fromkeys(product.card for product in products))
        self._accesses: dict[str, Access] = {}
        self._unlisted: dict[str, str] = {}
        """By posting card: APIs that its list lacks."""
        self._wishes: dict[tuple[str, str], dict[str, None]] = {}
        """What only the account manager can do, by its saying and posting card, with the products concerned."""

    def climb(self, deadline: Deadline) -> Told:
        """Say each finding as soon as it is known, up to the rung that breaks or to the top."""
        yield from self._code_age()
        rungs = (self._host_and_login, self._posting_cards, self._apis, self._services)
        for rung in rungs:
            broken = False
            for finding in rung(deadline):
                yield finding
                broken = broken or finding.severity is Severity.ERROR
            if broken and not self._accesses:
                break
        yield from self._for_the_account_manager()

    def _code_age(self) -> Told:
        made = self._settings.code_made_on
        if made is None:
            return
        today, ends = self._tools.today(), made + LIFE
        words = {"made": made, "ends": ends, "days": (ends - today).days}
        if made > today:
            yield _finding("code_age", "future", words, Severity.WARNING)
        elif ends <= today:
            yield _finding("code_age", "ended", words, Severity.WARNING)  # whether it has, the login says
        elif ends - today <= SOON:
            yield _finding("code_age", "ends_soon", words, Severity.WARNING)

    def _host_and_login(self, deadline: Deadline) -> Told:
        host = {"host": self._api.host}
        try:
            self._api.check_login(deadline)
        except RejectedCredentialsError as problem:
            yield _finding("host", "ok", host)
            refused = self._refused_login(problem)
            yield refused
            if refused.severity is Severity.ERROR and self._tools.store.state is None:
                yield _finding("memory", "none", {}, Severity.WARNING)
        except RejectedRequestError as problem:
            yield _finding("host", "ok", host)
            yield _finding("login", "odd", host, Severity.ERROR, problem.hint)
        except ThrottledError as problem:
            yield _finding("host", "throttled", host, Severity.ERROR, problem.hint)
        except GarbledError as problem:
            yield _finding("host", "strange", host, Severity.ERROR, problem.hint)
        except CarrierError as problem:
            yield _finding("host", "unreachable", host, Severity.ERROR, problem.hint)
        else:
            yield _finding("host", "ok", host)
            yield _finding("login", "ok", host)

    def _refused_login(self, problem: CarrierError) -> Finding:
        """Login or access code are refused: why, as far as what is remembered of the code can tell."""
        histories = [self._api.history(card) for card in ("", *self._cards)]
        memory = CodeMemory(histories, self._tools.clock.now(), self._tools.store.timezone)
        severity = Severity.WARNING if memory.is_bridged else Severity.ERROR
        return _finding("login", memory.end, memory.words, severity, problem.hint)

    def _posting_cards(self, deadline: Deadline) -> Told:
        for card in self._cards:
            try:
                access = self._api.access(card, deadline)
            except CarrierError as problem:
                refused = isinstance(problem, RejectedCredentialsError)
                if refused:
                    self._wish("card", card)
                words = {"card": card[-4:]}
                yield _finding("posting_card", "refused" if refused else "failed", words, Severity.ERROR, problem.hint)
            else:
                yield self._belonging(access)

    def _belonging(self, access: Access) -> Finding:
        account, wanted = account_of(access.token), self._settings.contract_number
        words = {"card": access.card[-4:], "contract": account.contract_number, "wanted": wanted}
        if wanted and wanted != account.contract_number:
            return _finding("posting_card", "foreign", words, Severity.ERROR)
        self._accesses[access.card] = access
        return _finding("posting_card", "ok", words, evidence=f"DR {account.region}")

    def _apis(self, _deadline: Deadline) -> Told:
        """A missing API only warns: Correios' list is not always whole, and GTW-012 decides."""
        for card, access in self._accesses.items():
            listed = apis_of(access.token)
            missing = " & ".join(str(api) for api in (PRICES, TIMES) if api not in listed)
            evidence = " ".join(map(str, sorted(listed)))
            words = {"card": card[-4:], "apis": missing}
            if missing:
                self._unlisted[card] = missing
                yield _finding("apis", "missing", words, Severity.WARNING, evidence)
            else:
                yield _finding("apis", "ok", words, evidence=evidence)

    def _services(self, deadline: Deadline) -> Told:
        """Every service of a card that holds, from every origin; an origin that does not exist is told once."""
        products = [each for each in self._products if each.card in self._accesses]
        for origin in self._origins():
            (answer,) = self._quote([_small_box(origin, self._tools.today())], products, deadline)
            by_code = {part.service: part for part in answer.outcomes}
            parts = [by_code[each.code] for each in products]
            unknown = ORIGIN_UNKNOWN.format(origin.place.postal_code)
            hints = [part.hint for part in parts if isinstance(part, Failure) and unknown in part.hint]
            if hints:
                words = {"id": origin.id, "origin": origin.place.postal_code}
                yield _finding("origin", "unknown", words, Severity.ERROR, hints[0])
            yield from (self._quoted(part, origin) for part in parts if getattr(part, "hint", "") not in hints)

    def _origins(self) -> Sequence[Origin]:
        own = [origin for origin in self._tools.store.origins if origin.place.country == "BR"]
        return own or [Origin(id=1, place=Place(country="BR", postal_code=FROM), calendar="BR")]

    def _quoted(self, part: Outcome, origin: Origin) -> Finding:
        card = next(product.card for product in self._products if product.code == part.service)
        words = {
            "service": part.service,
            "id": origin.id,
            "origin": origin.place.postal_code,
            "destination": TO,
            "card": card[-4:],
        }
        if isinstance(part, Rate):
            return _finding("service", "ok", words, evidence=f"{part.cost}, {part.transit.max} d")
        if isinstance(part, Refusal):
            evidence = " ".join(word for word in (str(part.kind), part.code, part.text) if word)
            return _finding("service", "refused", words, Severity.WARNING, evidence)
        end = "failed"
        if part.kind is FailureKind.REJECTED_CREDENTIALS:
            end = "credentials"
            self._wish("apis", card)
        elif NOT_ON_THE_CARD in part.hint:
            end = "not_on_card"
            self._wish("products", card, part.service)
        return _finding("service", end, words, Severity.ERROR, f"{part.kind}: {part.hint}")

    def _wish(self, end: str, card: str, product: str = "") -> None:
        self._wishes.setdefault((end, card), {})[product] = None

    def _for_the_account_manager(self) -> Told:
        """The sentences to send to who can put things on a contract, with everything that they need to know."""
        for (end, card), products in self._wishes.items():
            access = self._accesses.get(card)
            contract = account_of(access.token).contract_number if access else self._settings.contract_number
            words = {
                "card": card,
                "contract": contract or "…",
                "user": self._settings.user,
                "apis": self._unlisted.get(card, f"{PRICES} & {TIMES}"),
                "products": ", ".join(products),
            }
            yield _finding("account_manager", end, words, Severity.WARNING)


def _small_box(origin: Origin, today: date) -> Shipment:
    """A box that every product takes, worth what every product may declare."""
    size = Dimensions(length=200, width=150, height=40)
    parcel = Parcel(weight=250, size=size, value=Money(minor=50_00, currency="BRL"))
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
