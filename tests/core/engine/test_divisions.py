"""Every way in which lines may leave their origins, tried out by hand, against what a store answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from hypothesis import given, note
from hypothesis import strategies as st
from shop import EXPRESS, NORMAL, failure, item, member, open_quoter, origin, policy, rate, request, service

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Failure, Quote, Rate, Refusal, RefusalKind, Shipment, Verdict
from portes.engine.policy import Member, Policy
from portes.rules.protocol import Occasion

TYPES = {"n": NORMAL, "e": EXPRESS}
MOST_WAYS = 1500
Stock = Mapping[int, int | None]
Parts = Mapping[int, int]
"""Units of one line by the origin that they leave."""
Load = Mapping[int, int]
"""Units by line that leave an origin together."""


@dataclass(frozen=True)
class Fetcher:
    """A carrier: the lanes that it goes, and of each set of lines the most units that it takes together from there."""

    origins: frozenset[int]
    lanes: frozenset[tuple[str, int]]
    """Services and origins."""
    most: Mapping[tuple[str, int, frozenset[int]], int]
    """Below zero where it fails."""
    fewest: int = 0
    """Units from which the store's rules let it be asked."""

    def outcome(self, code: str, number: int, load: Load) -> str:
        """What it says of a load: `takes`, `refuses`, `closed` or `fails`."""
        if (code, number) not in self.lanes:
            return "closed"
        most = self.most[code, number, frozenset(load)]
        return "fails" if most < 0 else "takes" if sum(load.values()) <= most else "refuses"

    def hears(self, number: int, load: Load) -> bool:
        """Whether it is asked about a load at an origin."""
        return number in self.origins and sum(load.values()) >= self.fewest


@dataclass(frozen=True)
class Shelf:
    """Lines, where their units lie, and who fetches there."""

    wanted: Sequence[int]
    stocks: Sequence[Stock]
    fetchers: Sequence[Fetcher]
    together: bool
    split: bool

    def parts(self, line: int) -> Sequence[Parts]:
        """Every way in which one line may leave its origins."""
        wanted, stock = self.wanted[line], self.stocks[line]
        whole = [{number: wanted} for number, units in stock.items() if units is None or units >= wanted]
        if whole or not self.split:
            return whole
        divisions = product(*[range((units or 0) + 1) for units in stock.values()])
        numbers = list(stock)
        return [
            {number: units for number, units in zip(numbers, each, strict=True) if units}
            for each in divisions
            if sum(each) == wanted
        ]

    def ways(self, lines: Sequence[int]) -> Iterator[Mapping[int, Load]]:
        """Every way in which some lines may leave together: what leaves each origin."""
        for each in product(*map(self.parts, lines)):
            loads: dict[int, dict[int, int]] = {}
            for line, parts in zip(lines, each, strict=True):
                for number, units in parts.items():
                    loads.setdefault(number, {})[line] = units
            yield loads

    def types(self, words: set[str]) -> set[str]:
        """The types of which some way exists for all lines, each of its loads answered with one of these words."""
        lines = range(len(self.wanted))
        groups = [[*lines]] if self.together else [[line] for line in lines]
        return {
            code for code in TYPES if all(any(self._goes(code, way, words) for way in self.ways(g)) for g in groups)
        }

    def _goes(self, code: str, way: Mapping[int, Load], words: set[str]) -> bool:
        return all(
            any(one.hears(number, load) and one.outcome(code, number, load) in words for one in self.fetchers)
            for number, load in way.items()
        )


@st.composite
def shelves(draw: st.DrawFn, *, fail: bool = False, rules: bool = False) -> Shelf:
    """Few lines that many origins have some of, and carriers that seldom take all; in half of them lines are split."""
    count, lines = draw(st.sampled_from([2, 3, 3, 4])), draw(st.sampled_from([1, 1, 2, 3]))
    origins, split = range(1, count + 1), draw(st.booleans())
    wanted = [draw(st.integers(2, 5) if split else st.integers(1, 2)) for _ in range(lines)]
    stocks = []
    for each in wanted:
        some = st.integers(1, each - 1) if split and draw(st.booleans()) else st.sampled_from([None, each, each, 0])
        stocks.append({number: draw(some) for number in draw(st.permutations(origins))})
    sets = [frozenset(line for line in range(lines) if bits & 1 << line) for bits in range(1, 1 << lines)]
    bounds = st.sampled_from([0, 1, 2, 2, 3, 4, 99, *([-1, -1] if fail else [])])
    fetchers = []
    for _ in range(draw(st.sampled_from([1, 1, 2]))):
        keys = [(code, number, own) for code in TYPES for number in origins for own in sets]
        most = dict(zip(keys, draw(st.lists(bounds, min_size=len(keys), max_size=len(keys))), strict=True))
        lanes = frozenset((code, number) for code in TYPES for number in origins)
        closed = draw(st.one_of(st.just([]), st.lists(st.sampled_from(sorted(lanes)), unique=True)))
        fetched = draw(st.one_of(st.just([*origins]), st.lists(st.sampled_from(origins), unique=True, min_size=1)))
        fewest = draw(st.integers(0, 3)) if rules else 0
        fetchers.append(Fetcher(frozenset(fetched), lanes.difference(closed), most, fewest))
    return Shelf(wanted, stocks, fetchers, draw(st.booleans()), split)


@st.composite
def parted(draw: st.DrawFn) -> Shelf:
    """Two lines that no origin has enough of, and one carrier that goes everywhere and takes some of each set."""
    origins = range(1, draw(st.sampled_from([2, 3, 3])) + 1)
    wanted = [draw(st.integers(3, 5)) for _ in range(2)]
    stocks = [{number: draw(st.integers(1, each - 1)) for number in origins} for each in wanted]
    sets = [frozenset(own) for own in ([0], [1], [0, 1])]
    most = {(code, number, own): draw(st.integers(0, 6)) for code in TYPES for number in origins for own in sets}
    lanes = frozenset((code, number) for code in TYPES for number in origins)
    return Shelf(wanted, stocks, [Fetcher(frozenset(origins), lanes, most)], together=True, split=True)


def is_small(shelf: Shelf) -> bool:
    """Whether its ways can be gone through; each line has one."""
    counts = [len(shelf.parts(line)) for line in range(len(shelf.wanted))]
    return 0 < prod(counts) <= MOST_WAYS


def load_of(shipment: Shipment) -> Load:
    """Units by line; each parcel holds one unit, and no two lines weigh the same."""
    load: dict[int, int] = {}
    for parcel in shipment.parcels:
        (line,) = parcel.lines
        load[line] = load.get(line, 0) + parcel.count
    return load


Told = tuple[int, Load, Mapping[str, str]]
"""An origin, what was to leave it, and what was said of each type that was asked about."""


def is_known(code: str, number: int, load: Load, told: Sequence[Told]) -> bool:
    """Whether as much or less of the same lines was refused."""
    return any(
        said.get(code) == "refuses" and at == number and own.keys() == load.keys() and fits(own, load)
        for at, own, said in told
    )


def fits(less: Load, more: Load) -> bool:
    return all(units <= more[line] for line, units in less.items())


def told_of(shop: Policy, fetcher: Fetcher) -> Sequence[Told]:
    """All that the first carrier of a shop was asked and said, in order."""
    shipments = shop.members[0].carrier.asked  # type: ignore[attr-defined] # scripted
    told = []
    for shipment in shipments:
        number, load = shipment.origin.id, load_of(shipment)
        codes = [code for code in TYPES if shipment.asks(code)]
        told.append((number, load, {code: fetcher.outcome(code, number, load) for code in codes}))
    return told


def carrier_of(key: str, fetcher: Fetcher) -> Member:
    def says(shipment: Shipment) -> list[Rate | Refusal | Failure]:
        return [said(code, shipment) for code in TYPES]

    def said(code: str, shipment: Shipment) -> Rate | Refusal | Failure:
        word = fetcher.outcome(code, shipment.origin.id, load_of(shipment))
        if word == "takes":
            return rate(code)
        if word == "fails":
            return failure(code)
        kind = RefusalKind.NOT_SERVED if word == "closed" else RefusalKind.TOO_HEAVY
        return Refusal(service=code, kind=kind)

    services = [service(code, delivery) for code, delivery in TYPES.items()]
    return member(key, says, *services, origins=tuple(sorted(fetcher.origins)))


def store_of(shelf: Shelf, most_origins: int, **more: str) -> Policy:
    entries = {
        f"s{line}": CatalogueEntry(origins=tuple(stock), units=tuple(stock.values()))
        for line, stock in enumerate(shelf.stocks)
    }

    def may_be_asked(key: str, occasion: Occasion) -> bool:
        assert occasion.items is not None
        return sum(one.quantity for one in occasion.items) >= shelf.fetchers[int(key)].fewest

    count = len(shelf.stocks[0])
    shop = policy(
        *[carrier_of(str(key), fetcher) for key, fetcher in enumerate(shelf.fetchers)],
        origins=[origin(number) for number in range(1, count + 1)],
        catalogue=Catalogue(entries),
        lines="together" if shelf.together else "each",
        split_lines=shelf.split,
        plan_rules=[may_be_asked] if any(one.fewest for one in shelf.fetchers) else [],
        **more,
    )
    return replace(shop, settings=shop.settings.model_copy(update={"most_origins": most_origins}))


def asked(shelf: Shelf, shop: Policy) -> Quote:
    lines = [item(f"s{line}", wanted, 500 + line) for line, wanted in enumerate(shelf.wanted)]
    with open_quoter(shop) as quoter:
        quote = quoter.quote(request(*lines))
    note(f"{quote.verdict}: {[(gap.failure.hint) for line in quote.lines for gap in line.failures]}")
    return quote


def offered(quote: Quote) -> set[str]:
    return {offer.rate.service for line in quote.lines for offer in line.offers}


@given(shelf=shelves().filter(is_small))
def test_with_origins_enough_what_is_served_is_what_some_way_serves(shelf: Shelf) -> None:
    quote, truth = asked(shelf, store_of(shelf, 10_000)), shelf.types({"takes"})

    assert quote.verdict is (Verdict.SERVED if truth else Verdict.NOT_SERVED)
    assert (offered(quote), quote.uncertain) == (truth, ())


@given(shelf=parted().filter(is_small))
def test_lines_in_parts_that_go_together_leave_in_whatever_division_serves_them(shelf: Shelf) -> None:
    """Nothing is asked about again of which each type that is asked about is known to be refused."""
    shop, truth = store_of(shelf, 10_000), shelf.types({"takes"})
    quote = asked(shelf, shop)
    told = told_of(shop, shelf.fetchers[0])

    assert (offered(quote), quote.uncertain) == (truth, ())
    for count, (number, load, said) in enumerate(told):
        assert not all(is_known(code, number, load, told[:count]) for code in said), (number, load)


@given(shelf=shelves().filter(is_small), most=st.integers(1, 4))
def test_not_served_is_said_only_where_no_way_serves_however_few_origins_are_tried(shelf: Shelf, most: int) -> None:
    quote, truth = asked(shelf, store_of(shelf, most)), shelf.types({"takes"})
    hints = [gap.failure.hint for line in quote.lines for gap in line.failures]

    assert offered(quote) <= truth <= offered(quote) | {kind.value[0] for kind in quote.uncertain}
    assert quote.verdict is not Verdict.UNKNOWN or all(f"most_origins is {most}" in hint for hint in hints)


@given(shelf=shelves(fail=True).filter(is_small))
def test_a_failure_makes_unknown_what_some_way_might_serve_and_nothing_else(shelf: Shelf) -> None:
    quote, might = asked(shelf, store_of(shelf, 10_000)), shelf.types({"takes", "fails"})

    assert offered(quote) <= shelf.types({"takes"})
    assert (quote.verdict is Verdict.NOT_SERVED) is not bool(might)
    assert offered(quote) | {kind.value[0] for kind in quote.uncertain} == might


@given(shelf=shelves(fail=True).filter(is_small))
def test_a_store_that_goes_on_after_failures_says_no_only_where_no_way_might_serve(shelf: Shelf) -> None:
    quote, might = asked(shelf, store_of(shelf, 10_000, next_origin_after="failure")), shelf.types({"takes", "fails"})

    assert offered(quote) <= shelf.types({"takes"})
    assert might <= offered(quote) | {kind.value[0] for kind in quote.uncertain}


@given(shelf=shelves(rules=True).filter(is_small), most=st.sampled_from([3, 10]))
def test_rules_that_have_others_asked_about_more_units_make_no_false_no(shelf: Shelf, most: int) -> None:
    quote, truth = asked(shelf, store_of(shelf, most)), shelf.types({"takes"})

    assert offered(quote) <= truth <= offered(quote) | {kind.value[0] for kind in quote.uncertain}
