"""Boxes, billed weight and time of packing random carts into one carton, beside py3dbp and a proven optimum.

An optimum is proven where volume or weight ask for as many boxes as are made, and for carts of ten units by
packingsolver3d, which is given a few seconds for each; it takes minutes for larger ones. Without a proof the boxes are
compared with those that volume and weight ask for. Boxes and billed weight are summed over the same carts in each row.
Then how many questions a carrier is asked by how many limits its services have, and how long an event loop is held by
planning the largest carts that are not planned beside it.
"""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import mean, median
from time import process_time
from zoneinfo import ZoneInfo

from benchmarks.report import Report

from portes.calendars import WorkingWeek
from portes.carrier import Abilities, Deadline
from portes.contract import (
    Answer,
    CubicRule,
    DeliveryType,
    Dimensions,
    Item,
    Origin,
    ParcelLimits,
    Place,
    QuoteRequest,
    Service,
    Shipment,
)
from portes.engine.large import INLINE, size_of
from portes.engine.plan import make_plan
from portes.engine.policy import Member, Policy
from portes.packing import boxes, stack, totals
from portes.packing.protocol import Carton, PackedLine, Packer, PackingTask
from portes.settings import CarrierSection, StoreSection

CARTS = int(os.environ.get("PORTES_BENCH_CARTS", "500"))
"""Of ten units; a tenth as many of forty, and a fiftieth of the others."""
PROOF = 3.0
"""Seconds in which an optimum is to be proven; the solver may take some more."""
SOLVED = 10
"""Units up to which it is asked at all."""
KILOGRAMS = 30
CUBIC = CubicRule(6000)
SIZES = ((400, 300, 300), (600, 400, 400), (500, 350, 250))
CARTONS = tuple(
    Carton(str(number), *(Dimensions(length=length, width=width, height=height),) * 2)
    for number, (length, width, height) in enumerate(SIZES)
)
LIMITS = (1, 2, 3, 4, 5, 8, 12)
"""How many different limits the services of one carrier have."""
MEMBERS = ((1, 1), (1, 4), (4, 1), (4, 4), (16, 1))
"""Carriers, each with limits of its own, and how many different ones its services have."""
TIMES = 3
"""How often each cart is planned; the best counts, for what else the machine does is nothing that a plan takes."""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEADINGS = ("packed by", "boxes", "billed kg", "median ms", "most ms")


@dataclass(frozen=True)
class Cart:
    """Units to be packed, and the inside of the one carton there is."""

    inside: tuple[int, int, int]
    items: tuple[Item, ...]

    @property
    def units(self) -> list[Item]:
        """The units one by one."""
        return [item for item in self.items for _ in range(item.quantity)]

    def task(self, *, boxed: bool) -> PackingTask:
        """What a packer is given."""
        size = _size(self.inside)
        lines = [PackedLine(position, item) for position, item in enumerate(self.items)]
        cartons = (Carton("one", size, size),) if boxed else ()
        return PackingTask(lines, ParcelLimits(weight=KILOGRAMS * 1000), cartons, CUBIC)


def run() -> Iterator[Report]:
    """Pack carts of 1, 10, 40 and 200 units, then ten thousand equal ones; then plan carts for several limits."""
    for units, carts in ((1, CARTS // 50), (10, CARTS), (40, CARTS // 10), (200, CARTS // 50)):
        chance = random.Random(units)
        yield _compared(units, [_cart(chance, units) for _ in range(max(3, carts))])
    equal = Cart(SIZES[0], (_item(0, (120, 50, 30), 100, 10_000),))
    rows = [_row(name, pack, [equal], boxed=boxed) for name, pack, boxed in PACKERS]
    yield Report("10,000 equal units", HEADINGS, rows, "Aim: never over 20 ms.")
    yield _questions()
    yield _on_the_loop()


PACKERS: Sequence[tuple[str, Packer, bool]] = (
    ("boxes", boxes.pack, True),
    ("stack, without cartons", stack.pack, False),
    ("totals, volumes told", totals.pack, True),
)


def _cart(chance: random.Random, units: int) -> Cart:
    """A cart of so many units, one to four of a kind, that each fit in any of the cartons."""
    items: list[Item] = []
    while units:
        quantity = min(units, 1 if chance.random() < 0.5 else chance.randint(1, 4))
        sides = (chance.randint(40, 220), chance.randint(40, 220), chance.randint(40, 220))
        items.append(_item(len(items), sides, chance.randint(50, 2500), quantity))
        units -= quantity
    return Cart(chance.choice(SIZES), tuple(items))


def _item(number: int, sides: tuple[int, int, int], weight: int, quantity: int) -> Item:
    return Item(sku=f"sku-{number}", quantity=quantity, weight=weight, size=_size(sides))


def _size(sides: tuple[int, int, int]) -> Dimensions:
    return Dimensions(length=sides[0], width=sides[1], height=sides[2])


def _compared(units: int, carts: Sequence[Cart]) -> Report:
    rows = [_row(name, pack, carts, boxed=boxed) for name, pack, boxed in PACKERS]
    rows += _by_py3dbp(carts[: max(3, len(carts) // 10)] if units > 10 else carts)
    remark = "Aim: median below 1 ms for 10 units, never over 20 ms; boxes within 10 % of the optimum."
    ours, least = [_boxes_of(cart) for cart in carts], [_least(cart) for cart in carts]
    best = [_optimum(cart, *bounds) for cart, *bounds in zip(carts, ours, least, strict=True)]
    needed = sum(bound if count is None else count for bound, count in zip(least, best, strict=True))
    proven = sum(count is not None for count in best)
    remark += (
        f"\n{sum(ours)} boxes where {needed} are needed at least ({sum(ours) / needed:.3f}); proven: {proven} carts."
    )
    return Report(f"{len(carts)} carts of {units} units", HEADINGS, rows, remark)


def _row(name: str, pack: Packer, carts: Sequence[Cart], *, boxed: bool) -> tuple[str, ...]:
    count, billed, spans = 0, 0, list[float]()
    for cart in carts:
        task = cart.task(boxed=boxed)
        begun = process_time()
        packed = pack(task)
        spans.append(1000 * (process_time() - begun))
        count += sum(one.parcel.volumes * one.parcel.count for one in packed)
        billed += sum(CUBIC.billed(one.parcel.weight, one.parcel.volume) * one.parcel.count for one in packed)
    return name, str(count), f"{billed / 1000:.0f}", f"{median(spans):.2f}", f"{max(spans):.1f}"


def _boxes_of(cart: Cart) -> int:
    return sum(one.parcel.count for one in boxes.pack(cart.task(boxed=True)))


def _least(cart: Cart) -> int:
    """The boxes that volume and weight alone ask for."""
    volume = sum(item.size.volume * item.quantity for item in cart.items)
    weight = sum(item.weight * item.quantity for item in cart.items)
    return max(1, -(-volume // _size(cart.inside).volume), -(-weight // (KILOGRAMS * 1000)))


def _optimum(cart: Cart, ours: int, least: int) -> int | None:
    """The least number of cartons, where it is proven; None without the solver, and where that takes too long."""
    if ours == least:
        return least
    if len(cart.units) > SOLVED:
        return None
    try:
        from packingsolver3d import (
            ALL_ROTATIONS,
            BinType,
            Instance,
            ItemType,
            Objective,
            Status,
            box,
        )
    except ImportError:
        return None
    length, width, height = cart.inside
    carton = BinType(x=length, y=width, z=height, cost=1, copies=len(cart.units), maximum_weight=KILOGRAMS * 1000)
    kinds = [
        ItemType(
            x=item.size.length,
            y=item.size.width,
            z=item.size.height,
            weight=item.weight,
            copies=item.quantity,
            rotations=ALL_ROTATIONS,
        )
        for item in cart.items
    ]
    solved = box.solve(
        Instance(bin_types=[carton], item_types=kinds, objective=Objective.BIN_PACKING), time_limit=PROOF
    )
    return int(solved.number_of_bins) if solved.status is Status.OPTIMAL else None


def _by_py3dbp(carts: Sequence[Cart]) -> list[tuple[str, ...]]:
    try:
        import py3dbp
    except ImportError:
        return []
    count, billed, spans = 0, 0, list[float]()
    for cart in carts:
        begun = process_time()
        packer = py3dbp.Packer()
        for number in range(len(cart.units)):
            packer.add_bin(py3dbp.Bin(f"{number}", *cart.inside, KILOGRAMS * 1000))
        for number, item in enumerate(cart.units):
            packer.add_item(py3dbp.Item(f"{number}", item.size.length, item.size.width, item.size.height, item.weight))
        packer.pack(bigger_first=True, distribute_items=True, number_of_decimals=0)
        spans.append(1000 * (process_time() - begun))
        used = [one for one in packer.bins if one.items]
        assert sum(len(one.items) for one in used) == len(cart.units)
        count += len(used)
        volume = _size(cart.inside).volume
        billed += sum(CUBIC.billed(int(one.get_total_weight()), volume) for one in used)
    name = "py3dbp" if len(carts) == CARTS else f"py3dbp, {len(carts)} carts"
    return [(name, str(count), f"{billed / 1000:.0f}", f"{median(spans):.2f}", f"{max(spans):.1f}")]


def _questions() -> Report:
    """How often a carrier is asked about a cart of ten units, by the number of limits that its services have."""
    chance = random.Random(10)
    carts = [_cart(chance, 10) for _ in range(max(3, CARTS // 10))]
    rows = []
    for limits in LIMITS:
        store = _store(1, limits)
        plans = [make_plan(_request(cart.items), NOON.astimezone(store.timezone), store) for cart in carts]
        asked = [sum(question.settled is None for question in plan.questions) for plan in plans]
        rows.append((str(limits), f"{mean(asked):.2f}", str(max(asked))))
    headings = ("different limits of services", "questions, mean", "most")
    return Report(f"questions to one carrier about {len(carts)} carts of 10 units", headings, rows)


def _on_the_loop() -> Report:
    """What it takes to plan the largest carts that an event loop plans itself; limits and three cartons, all cold."""
    rows = []
    for carriers, limits in MEMBERS:
        store = _store(carriers, limits)
        chance, spans, lines = random.Random(carriers * limits), list[float](), 0
        for _ in range(max(10, CARTS // 10)):
            request = _largest(chance, store)
            spans.append(min(_planned(request, store) for _ in range(TIMES)))
            lines = len(request.lines)
        rows.append((f"{carriers} of {limits}", str(lines), f"{median(spans):.2f}", f"{max(spans):.1f}"))
    headings = ("carriers of so many limits", "lines", "median ms", "most ms")
    remark = "Aim: never over 20 ms. What is larger is planned in a thread beside the loop."
    return Report("planning carts on the loop, one to four units a line", headings, rows, remark)


def _planned(request: QuoteRequest, store: Policy) -> float:
    begun = process_time()
    make_plan(request, NOON.astimezone(store.timezone), store)
    return 1000 * (process_time() - begun)


def _largest(chance: random.Random, store: Policy) -> QuoteRequest:
    """A cart of as many lines as a store's event loop plans itself."""
    items: list[Item] = []
    for number in range(INLINE):
        sides = chance.randint(40, 220), chance.randint(40, 220), chance.randint(40, 220)
        items.append(_item(number, sides, chance.randint(50, 2500), chance.randint(1, 4)))
    fitting = [lines for lines in range(1, INLINE + 1) if size_of(_request(items[:lines]), store) <= INLINE]
    return _request(items[: max(fitting)])


def _request(items: Sequence[Item]) -> QuoteRequest:
    place = Place(country="BR", postal_code="01512651")
    return QuoteRequest(destination=place, lines=tuple(items), currency="BRL", store="shop", channel="bench")


class _Silent:
    """A carrier that is planned for and never asked."""

    def __init__(self, limits: Sequence[ParcelLimits]) -> None:
        services = tuple(Service(code=str(number), delivery=DeliveryType.NORMAL) for number in range(len(limits)))
        own = {service.code: one for service, one in zip(services, limits, strict=True)}
        self.abilities = Abilities(services=services, service_limits=own, cubic=CUBIC, measure="parcels")

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        raise NotImplementedError


def _store(carriers: int, limits: int) -> Policy:
    """A store with three cartons, and with carriers whose services have so many limits, all of them different."""
    members = []
    for number in range(carriers):
        most = [30_000 - 27_000 * (number + carriers * step) // (carriers * limits) for step in range(limits)]
        carrier = _Silent([ParcelLimits(weight=grams) for grams in most])
        section = CarrierSection(use="silent", id=number + 1, name=f"Carrier {number}")
        members.append(Member(f"carrier{number}", section, carrier, boxes.pack))
    origin = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
    zone = ZoneInfo("America/Sao_Paulo")
    return Policy(
        store="shop",
        settings=StoreSection(country="BR", currency="BRL", timezone=zone.key, calendar="BR-SP", lines="together"),
        timezone=zone,
        origins=(origin,),
        weeks={1: WorkingWeek.of(origin, zone)},
        members=tuple(members),
        cartons=CARTONS,
    )


if __name__ == "__main__":
    for report in run():
        print(report)
