"""Jamef as a carrier: each shipment asked once for each transport, side by side; it knows no wire word."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar

from portes.carrier import Abilities, CarrierSettings, Deadline, Finding
from portes.contract import Answer, Service, Shipment
from portes.errors import CarrierError
from portes.toolbox import Tools
from portes_jamef.answers import Reading, Result
from portes_jamef.api import Api
from portes_jamef.diagnose import Doctor
from portes_jamef.services import COUNTRY, No, check_store, question
from portes_jamef.settings import JamefService, JamefSettings
from portes_jamef.wire import CURRENCY, NoOffer, Price, Question


class Jamef:
    """Prices a shipment by its totals, for the day on which it is collected. Thread-safe."""

    Settings: ClassVar[type[CarrierSettings]] = JamefSettings
    ServiceSettings: ClassVar[type[Service]] = JamefService

    def __init__(self, settings: JamefSettings, services: Sequence[JamefService], tools: Tools) -> None:
        fix = f'write currency = "{CURRENCY}", or ask Jamef for another store'
        tools.store.require_currency(CURRENCY, f"Jamef counts in {CURRENCY}", fix)
        check_store(settings, tools.store)
        self._settings = settings
        self._active = tuple(service for service in services if service.active)
        self._tools = tools
        self._api = Api(settings.url, settings.user, settings.secret, tools)
        self._reading = Reading(settings)
        self.abilities = Abilities(
            services=tuple(services), countries=frozenset({COUNTRY}), measure="totals", dated=True
        )

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Answer each shipment with the services that it asks about."""
        plans = [
            {each: question(shipment, each, self._settings) for each in self._active if shipment.asks(each.code)}
            for shipment in shipments
        ]
        replies = self._replies(
            [each for plan in plans for each in plan.values() if isinstance(each, Question)], deadline
        )
        return [self._answer(shipment, plan, replies) for shipment, plan in zip(shipments, plans, strict=True)]

    def warm(self, deadline: Deadline) -> None:
        """Log in before the first question. Raises a `CarrierError` when that cannot be done."""
        self._api.token(deadline)

    def diagnose(self, deadline: Deadline) -> Iterator[Finding]:
        """Climb from the settings to a price for each origin and service, and say each rung as soon as it is known."""
        return Doctor(self._settings, self._active, self._tools).findings(deadline)

    def _replies(
        self, questions: Sequence[Question], deadline: Deadline
    ) -> Mapping[Question, Price | NoOffer | CarrierError]:
        """What is said to each question; equal ones are asked once.

        They share the token that there is when they part, so that a login that fails is told as what it is to all.
        """
        asked = tuple(dict.fromkeys(questions))
        if not asked:
            return {}
        try:
            token = self._api.token(deadline)
        except CarrierError as problem:
            return dict.fromkeys(asked, problem)
        calls = [partial(self._api.quote, each, token, deadline) for each in asked]
        return dict(zip(asked, self._tools.gather(calls, deadline), strict=True))

    def _answer(
        self,
        shipment: Shipment,
        plan: Mapping[JamefService, Question | No | CarrierError],
        replies: Mapping[Question, Price | NoOffer | CarrierError],
    ) -> Answer:
        said: dict[str, Result] = {
            service.code: replies[each] if isinstance(each, Question) else each for service, each in plan.items()
        }
        return Answer.of(shipment, [self._reading.outcome(code, each, shipment) for code, each in said.items()])


__all__ = ["Jamef"]
