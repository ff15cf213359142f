"""A carrier whose tariff is a file: it looks rows up and adds their charges; it knows no format and no network."""

from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar, Final, NamedTuple

from portes.carrier import Abilities, CarrierSettings, Deadline
from portes.contract import (
    Answer,
    Failure,
    FailureKind,
    Money,
    Note,
    Outcome,
    ParcelLimits,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
    Source,
    Surcharge,
    TransitTime,
)
from portes.contract.bounds import DEAREST_RATE
from portes.contract.states import state_of
from portes.tables import (
    Candidates,
    Charge,
    FactNeededError,
    FeeRows,
    Lane,
    NoRow,
    PricedLoad,
    RateTable,
    Tariff,
    TariffPricer,
    Terms,
    ValueNeededError,
    percentage,
    weight_question,
)
from portes.toolbox import Tools
from portes_table.dated import TableOpener
from portes_table.editions import Editions
from portes_table.fee_tables import FeeTables, NotCarriedError
from portes_table.lines import Line, check_store
from portes_table.priceless import measured, no_measure, no_price
from portes_table.settings import TableService, TableSettings
from portes_table.weighing import Piece, Scale, cubic_rule

_TOO_LARGE: Final = "larger than the largest volume of the row"
_TOO_MUCH: Final = (
    RefusalKind.TOO_HEAVY,
    RefusalKind.TOO_LARGE,
    RefusalKind.VALUE_OUT_OF_RANGE,
    RefusalKind.OTHER,  # more units than the highest bracket of a table by units
)
_ONLY_TOGETHER: Final = (
    'each parcel alone has a price, but their sum is {}; write price_each = "parcel" if the carrier charges each'
    " parcel, else add rows for such shipments"
)
_ONLY_PACKED: Final = (
    "each unit alone has a price, but what is packed together is {}; write limits = {{ weight = … }} for the largest"
    " parcel that every place takes"
)
_TOO_DEAR: Final = (
    "by the table it costs more than any shipment does; look for a price, rate or factor that is too large"
)
_VALUE_NEEDED: Final = "the table charges by the declared value; state every item's value in {}"


class Route(NamedTuple):
    """Where a shipment comes from and goes to."""

    origin: str
    """Postal code; blank where it is not one of the table's country."""
    postal_code: str
    lane: Lane
    """The states; empty where the tariff does not ask for them."""


class TableCarrier:
    """Prices shipments by rate tables. Instant and thread-safe; the tables are read when it is made."""

    Settings: ClassVar[type[CarrierSettings]] = TableSettings
    ServiceSettings: ClassVar[type[Service]] = TableService

    def __init__(self, settings: TableSettings, services: Sequence[TableService], tools: Tools) -> None:
        store = tools.store
        check_store(settings, store)
        self._settings = settings
        self._country = settings.country or store.country
        self._currency = store.currency
        self._calendar = settings.calendar or store.calendar
        self._scale = Scale(settings, store.currency)
        self._pricer = TariffPricer(_tariff(settings, self._country, store.currency))
        self._extra_percent = int(settings.extra_percent * 1_000_000)
        self._each = settings.price_each == "parcel"
        # a bracket without service above the others may be all that parts a parcel of several units from its price
        self._too_much = (*_TOO_MUCH, RefusalKind.SERVICE_UNAVAILABLE) if self._each else _TOO_MUCH
        self._limited = settings.limits != ParcelLimits()
        self._codes = tuple(service.code for service in services if service.active)
        self._editions = editions = Editions(settings, services, TableOpener(tools.store, self._country))
        for name, one in editions.named:
            _tell(name, one.table, tools)
        self._rate = lru_cache(maxsize=8192)(self._make_rate)
        self.abilities = Abilities(
            services=tuple(services),
            countries=frozenset({self._country}),
            instant=True,
            batch=100,
            measure="parcels" if settings.price_each == "parcel" else "totals",
            dated=editions.dated or bool(settings.valid_from or settings.valid_to),
            price_source="table",
            time_source="table",
            limits=settings.limits,
            splits_at={code: self._scale.splits_at([*editions.tables_of(code)]) for code in self._codes},
            cubic=cubic_rule(settings),
            origins=settings.origins,
            version="+".join(sorted({one.mark for _, one in editions.named})),
        )

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:  # noqa: ARG002 — nothing waits
        """Answer each shipment with the services that it asks about."""
        return [self._answer(shipment) for shipment in shipments]

    def _answer(self, shipment: Shipment) -> Answer:
        outcomes = self._barred(shipment)
        if outcomes is None:
            pieces, route = self._scale.pieces(shipment), self._route(shipment)
            edition = self._editions.on(shipment.dispatch_date)
            asked = [line for line in edition.lines if shipment.asks(line.code)] if shipment.services else edition.lines
            outcomes = [self._by_evidence(line, edition.fees, route, pieces, shipment) for line in asked]
            outcomes += edition.failures(shipment.dispatch_date)
        if shipment.services:
            outcomes = [outcome for outcome in outcomes if shipment.asks(outcome.service)]
        return Answer.of(shipment, outcomes)

    def _route(self, shipment: Shipment) -> Route:
        """Where the goods come from and go to, as far as the table and its tariff ask."""
        here, there = shipment.origin.place, shipment.place
        lane = Lane()
        if self._pricer.needs_states:
            lane = Lane(state_of(here.country, here.postal_code), state_of(there.country, there.postal_code))
        return Route(here.postal_code if here.country == self._country else "", there.postal_code, lane)

    def _by_evidence(
        self, line: Line, fees: FeeTables, route: Route, pieces: Sequence[Piece], shipment: Shipment
    ) -> Outcome:
        """The outcome; a failure where only what is added up or packed together is too much.

        That says nothing about the goods: a parcel that holds one unit, or the mean unit of one with several, does.
        """
        outcome = self._outcome(line, fees, route, pieces)
        if not isinstance(outcome, Refusal) or outcome.kind not in self._too_much:
            return outcome
        alone = [self._outcome(line, fees, route, [self._scale.unit(parcel)]) for parcel in shipment.parcels]
        if any(isinstance(one, Refusal) for one in alone):
            return outcome
        hint = _ONLY_PACKED if self._each else _ONLY_TOGETHER
        return Failure(service=line.code, kind=FailureKind.INCOMPLETE, hint=hint.format(outcome.text))

    def _barred(self, shipment: Shipment) -> list[Outcome] | None:
        """One refusal or failure for every service, when the shipment is none for this table at all."""
        settings, day = self._settings, shipment.dispatch_date
        if shipment.place.country != self._country:
            return self._refused(RefusalKind.NOT_SERVED, f"the table is for {self._country} only")
        if (settings.valid_from and day < settings.valid_from) or (settings.valid_to and day > settings.valid_to):
            hint = f"the table is not valid on {day}; put one in that is, and change valid_from and valid_to"
            return [Failure(service=code, kind=FailureKind.INCOMPLETE, hint=hint) for code in self._codes]
        if settings.origins and shipment.origin.id not in settings.origins:
            return self._refused(RefusalKind.NOT_SERVED, f"the table has no prices from origin {shipment.origin.id}")
        if self._limited and (excess := next(filter(None, map(settings.limits.exceeded_by, shipment.parcels)), None)):
            return self._refused(excess.kind, "a parcel is beyond the limits set for this table")
        if self._limited and (excess := settings.limits.exceeded_by_count(shipment.pieces)):
            return self._refused(excess.kind, "these are more parcels than the limits set for this table")
        return None

    def _refused(self, kind: RefusalKind, text: str) -> list[Outcome]:
        return [Refusal(service=code, kind=kind, text=text) for code in self._codes]

    def _outcome(self, line: Line, fee_tables: FeeTables, route: Route, pieces: Sequence[Piece]) -> Outcome:
        charges: list[tuple[int, Charge]] = []
        days_min = days_max = 0
        for piece in pieces:
            measure = measured(piece, line.table.axis)
            if measure is None:
                return no_measure(line)
            found = line.find(route.postal_code, measure, route.origin)
            if isinstance(found, NoRow):
                return no_price(line, piece, found, route.origin)
            for row in found:
                if row.terms.max_volume and piece.volume > row.terms.max_volume:
                    return Refusal(service=line.code, kind=RefusalKind.TOO_LARGE, text=_TOO_LARGE)
            try:
                fees = fee_tables.finder(line.code, route.postal_code, route.origin, piece)
                charged, terms = self._dearest(found, piece, route.lane, fees)
            except (NotCarriedError, ValueNeededError, FactNeededError) as error:
                return self._unpriced(line, error)
            charges.append((piece.number, charged))
            days_min, days_max = max(days_min, terms.days_min), max(days_max, terms.days_max)
        parts = self._added_up(charges)
        if sum([amount for _, amount in parts]) > DEAREST_RATE:
            return Failure(service=line.code, kind=FailureKind.GARBLED, hint=_TOO_DEAR)
        return self._rate(line.code, line.version, parts, days_min, days_max)

    def _unpriced(self, line: Line, error: ValueError) -> Outcome:
        """What a charge that could not be worked out means: a refusal where a fee table says no, else a failure."""
        if isinstance(error, NotCarriedError):
            return Refusal(service=line.code, kind=RefusalKind.SERVICE_UNAVAILABLE, text=str(error))
        hint = _VALUE_NEEDED.format(self._currency) if isinstance(error, ValueNeededError) else str(error)
        return Failure(service=line.code, kind=FailureKind.INCOMPLETE, hint=hint)

    def _dearest(self, rows: Candidates, piece: Piece, lane: Lane, fees: FeeRows | None) -> tuple[Charge, Terms]:
        """What a piece costs by the dearest of its rows, and that row's terms; of equally dear ones the slowest."""
        load = PricedLoad(piece.weight, piece.value, piece.parcels, piece.units)
        if len(rows) == 1:
            return self._pricer.charge(rows[0], load, lane, fees), rows[0].terms
        charged = [(self._pricer.charge(row, load, lane, fees), row.terms) for row in rows]
        return max(charged, key=lambda one: (one[0].cost, one[1].days_max, one[1].days_min))

    def _added_up(self, charges: Sequence[tuple[int, Charge]]) -> tuple[tuple[str, int], ...]:
        """Every part of the price by name, the extra over all of it last."""
        (number, charged), *more = charges
        parts = charged.parts
        if number > 1 or more:
            parts = {name: number * amount for name, amount in parts.items()}
        for number, charged in more:
            for name, amount in charged.parts.items():
                parts[name] = parts.get(name, 0) + number * amount
        if self._extra_percent:
            extra = percentage(sum(parts.values()), self._extra_percent, self._settings.rounding)
            parts["extra"] = parts.get("extra", 0) + extra
        return tuple(parts.items())

    def _make_rate(
        self, code: str, version: str, parts: tuple[tuple[str, int], ...], days_min: int, days_max: int
    ) -> Rate:
        """A rate of these parts. Equal rates are one and the same object: tables repeat themselves."""
        surcharges = tuple(
            Surcharge(name=name, amount=Money(minor=amount, currency=self._currency))
            for name, amount in parts
            if amount or name == "base"
        )
        return Rate(
            service=code,
            cost=Money(minor=sum(amount for _, amount in parts), currency=self._currency),
            surcharges=surcharges,
            transit=TransitTime(min=days_min, max=days_max, calendar=self._calendar),
            source=Source.TABLE,
            notes=(Note(kind="table_version", text=version),) if version else (),
        )


def _tell(name: str, table: RateTable, tools: Tools) -> None:
    """Log what was understood in a certain way in a table, and what looks odd about it."""
    for note in table.summary.notes:
        tools.log_once(f"{name}: {note}")
    if question := weight_question(table.summary):
        tools.log_once(f"{name}: {question}")


def _tariff(settings: TableSettings, country: str, currency: str) -> Tariff:
    """The tariff of the settings; without one, rows alone, rounded as told."""
    if settings.tariff is None:
        return Tariff(component_rounding=settings.rounding, rounding=settings.rounding)
    return settings.tariff.made(country, currency, settings.rounding)
