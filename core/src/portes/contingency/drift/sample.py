"""Draws lanes as they are asked, and asks the store for them now."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from random import Random
from typing import Final, Generic, TypeVar

import orjson

from portes.clock import Clock
from portes.contingency.goods import Goods
from portes.contingency.opening import Waits, pace_of
from portes.contingency.pace import WaitingClock
from portes.contingency.recipe import CHANNEL
from portes.contingency.sampling import LanePoint
from portes.contract import Place, QuoteRequest
from portes.contract.bounds import HEAVIEST_UNIT
from portes.contract.postal import postal_form
from portes.engine.answered import QuoteRecord
from portes.engine.policy import Policy
from portes.engine.quoter import Quoter
from portes.errors import RequestError
from portes.receipts.codec import entry
from portes.receipts.offers import Json, OfferedQuote, offered_quote
from portes.rules.protocol import Phase
from portes.store import Store, of_phase
from portes.tables import NO_LIMIT, Row

Drawn = TypeVar("Drawn")

_MILLIGRAMS: Final = 1000
_KILOGRAM: Final = 1_000_000
"""Milligrams."""


class Reservoir(Generic[Drawn]):
    """So many things of a stream, each as likely as any other, the same for the same stream (Vitter's algorithm R)."""

    def __init__(self, size: int) -> None:
        self.drawn: list[Drawn] = []
        self._size = size
        self._seen = 0
        self._random = Random(0)  # noqa: S311 — a draw that can be repeated, and no secret

    def offer(self, one: Drawn) -> None:
        """Have a thing take part in the draw."""
        self._seen += 1
        if len(self.drawn) < self._size:
            self.drawn.append(one)
        elif self._size and (place := self._random.randrange(self._seen)) < self._size:
            self.drawn[place] = one


def request_again(asked: Json) -> QuoteRequest:
    """A question of a receipt, to be put again on nobody's behalf. Raises `ValueError` for one that cannot be."""
    return QuoteRequest.model_validate_json(orjson.dumps({**asked, "channel": CHANNEL, "id": ""}))


def drawn_lanes(rows: Sequence[Row], number: int, country: str) -> Iterator[LanePoint]:
    """So many lanes somewhere in some rows, each row as often as any other, the same for the same rows.

    A bracket without an upper end is taken for one of a kilogram.
    """
    form, random = postal_form(country), Random(0)  # noqa: S311 — a draw that can be repeated, and no secret
    for row in islice(cycle(rows), number):
        code = form.text(random.randint(form.low(row.postal_from), form.high(row.postal_to)))
        heaviest = row.weight_to if row.weight_to < NO_LIMIT else row.weight_from + _KILOGRAM
        grams = random.randint(row.weight_from // _MILLIGRAMS + 1, max(heaviest // _MILLIGRAMS, 1))
        yield LanePoint(code, min(grams, HEAVIEST_UNIT))


def request_for(lane: LanePoint, policy: Policy, goods: Goods) -> QuoteRequest:
    """A question about a lane, for the goods that the table's weights stand for."""
    country, currency = policy.settings.country, policy.settings.currency
    return QuoteRequest(
        channel=CHANNEL,
        store=policy.store,
        destination=Place(country=country, postal_code=lane.postal_code),
        lines=(goods.item(lane.weight, currency),),
        currency=currency,
    )


def policy_of(store: Store, rules: Collection[str]) -> Policy:
    """A store's policy with those of its rules of the cart alone that are named, by name or place."""
    kept = [rule for rule in store.rules if {rule.settings.use, rule.where} & {*rules}]
    return replace(store.quoter.policy, cart_rules=of_phase(Phase.CART, kept))


class FreshAsker:
    """Asks a store's carriers at this moment: without its memory and its receipts; `close` it.

    What a rule of the cart makes free counts as free, so leave the rules out of the policy that are not to count.
    It has circuits and threads of its own, and the store's carriers with their tokens and connections.
    """

    def __init__(self, policy: Policy, clock: Clock | None = None) -> None:
        self._store = policy.store
        self._free_counts = bool(policy.cart_rules)
        self._records: list[QuoteRecord] = []
        self._quoter = Quoter(policy, clock=clock, record=self._records.append)

    def ask(self, request: QuoteRequest) -> OfferedQuote | None:
        """What is offered for a question; None for one that the store does not take any more."""
        try:
            self._quoter.quote(request)
        except RequestError:
            return None
        return offered_quote(entry(self._store, self._records.pop(), None).line, free_counts=self._free_counts)

    def close(self) -> None:
        """Take no more questions; calls under way end within their timeout."""
        self._quoter.close()


class FreshPace:
    """The turns of whole questions: at each carrier's bulk pace, outside its busy hours; instant ones need none."""

    def __init__(self, store: Store, clock: WaitingClock, waits: Waits, *, heed_hours: bool) -> None:
        """`waits` is told which carrier is left alone until when, in the store's time."""
        members = [member for member in store.members if not member.abilities.instant]
        self._paces = [pace_of(store, member, clock, waits, heed_hours=heed_hours) for member in members]

    def wait_for_turn(self) -> None:
        """Wait until every carrier may be asked once more. Raises `StoppedError`."""
        for pace in self._paces:
            pace.wait_for_turn()
