"""A small, sound carrier that is not real: the kit is tried out on it; it knows Parcelpost's two calls."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from gallery.parcelpost import wire
from gallery.parcelpost.settings import ParcelpostService, ParcelpostSettings

from portes.carrier import Abilities, Deadline, Finding, Severity
from portes.contract import Answer, Dimensions, Failure, Origin, Parcel, Place, Shipment
from portes.errors import CarrierError
from portes.toolbox import HttpResponse, Token, TokenKey, Tools

REFRESH_BEFORE = timedelta(minutes=5)
SHIPMENTS_A_CALL = 4
BRASILIA = Place(country="BR", postal_code="70002900")
SMALL_BOX = Parcel(weight=250, size=Dimensions(length=200, width=150, height=40), lines=(0,))


class Parcelpost:
    """Asks one `POST /quotes` a shipment, side by side."""

    Settings = ParcelpostSettings
    ServiceSettings = ParcelpostService

    def __init__(self, settings: ParcelpostSettings, services: Sequence[ParcelpostService], tools: Tools) -> None:
        self._settings = settings
        self._tools = tools
        self._url = settings.base_url.rstrip("/")
        self._active = tuple(service for service in services if service.active)
        self.abilities = Abilities(
            services=tuple(services), countries=frozenset({"BR"}), batch=SHIPMENTS_A_CALL, time_source="live"
        )

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Answer each shipment."""
        said = self._tools.gather([partial(self._answer, shipment, deadline) for shipment in shipments], deadline)
        return [
            self._failed(shipment, each) if isinstance(each, CarrierError) else each
            for shipment, each in zip(shipments, said, strict=True)
        ]

    def warm(self, deadline: Deadline) -> None:
        """Fetch the token before the first quote."""
        self._token(deadline)

    def diagnose(self, deadline: Deadline) -> Iterable[Finding]:
        """Log in, then ask about a small box from every origin of the store."""
        try:
            self._fetch(deadline)
        except CarrierError as problem:
            words = "Parcelpost gives no token.", "Look at user and password, or wait until Parcelpost is back."
            yield _trouble("login", f"{problem.kind}: {problem.hint}", *words)
            return
        yield _well("login", "Parcelpost accepts the login.")
        for origin in self._tools.store.origins:
            yield from self._asked_from(origin, deadline)

    def _asked_from(self, origin: Origin, deadline: Deadline) -> Iterator[Finding]:
        shipment = Shipment(
            id="doctor", parcels=(SMALL_BOX,), origin=origin, place=BRASILIA, dispatch_date=self._tools.today()
        )
        code = origin.place.postal_code
        try:
            entries = wire.read_entries(self._asked(wire.question(shipment, self._active), deadline))
        except CarrierError as problem:
            words = f"Parcelpost answers no question from {code}.", "Send this finding to Parcelpost's support."
            yield _trouble("request", f"{problem.kind}: {problem.hint}", *words)
            return
        for entry in entries:
            if entry.error in wire.OURS:
                check, cause, remedy = wire.OURS[entry.error]
                yield _trouble(check, entry.error, f"{entry.service} from {code}: {cause}", remedy)
            else:
                yield _well("quote", f"Parcelpost answers {entry.service} from {code}.")

    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        store, services = self._tools.store, self._named(shipment)
        received = self._asked(wire.question(shipment, services), deadline)
        return wire.read_quotes(received, shipment, services, store.currency, store.calendar)

    def _named(self, shipment: Shipment) -> tuple[ParcelpostService, ...]:
        return tuple(service for service in self._active if shipment.asks(service.code))

    def _asked(self, question: dict[str, object], deadline: Deadline) -> HttpResponse:
        token = self._token(deadline)
        received = self._post(question, token, deadline)
        if received.status != 401:
            return received
        self._tools.tokens.reject(self._key, token)
        return self._post(question, self._token(deadline), deadline)

    def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> HttpResponse:
        url = f"{self._url}/quotes"
        return self._tools.http.call("POST", url, json=question, bearer=token.value, deadline=deadline)

    @property
    def _key(self) -> TokenKey:
        return TokenKey(urlsplit(self._url).netloc, self._settings.user, self._settings.password)

    def _token(self, deadline: Deadline) -> Token:
        return self._tools.tokens.token(self._key, self._fetch, REFRESH_BEFORE, deadline)

    def _fetch(self, deadline: Deadline) -> Token:
        login = self._settings.user, self._settings.password.get_secret_value()
        received = self._tools.http.call("POST", f"{self._url}/token", basic=login, deadline=deadline)
        return wire.read_token(received, self._tools.clock.now())

    def _failed(self, shipment: Shipment, error: CarrierError) -> Answer:
        return Answer.of(shipment, [Failure.of(service.code, error) for service in self._named(shipment)])


def _well(check: str, cause: str) -> Finding:
    return Finding(check=check, severity=Severity.OK, cause={"en": cause})


def _trouble(check: str, evidence: str, cause: str, remedy: str) -> Finding:
    return Finding(check=check, severity=Severity.ERROR, cause={"en": cause}, evidence=evidence, remedy={"en": remedy})


__all__ = ["Parcelpost"]
