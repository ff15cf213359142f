"""The checks of packers, plain functions that raise `BrokenContractError`; none knows pytest."""

from collections.abc import Callable, Iterator
from copy import deepcopy

from portes.contract import Item
from portes.packing.protocol import PackedParcel
from portes_testing.harness import purity
from portes_testing.harness.errors import require, require_none
from portes_testing.packers import layouts
from portes_testing.packers.packer_under_test import MOST_STEPS, PackerUnderTest, Packing
from portes_testing.packers.tasks import MANY, many_equal_units, tasks


def _told(under_test: PackerUnderTest, flaws: Callable[[Packing], Iterator[str]], what: str) -> None:
    """Raise with what is wrong with any packing, in the words of its task."""
    require_none((f"{each.words}: {flaw}" for each in under_test.packings for flaw in flaws(each)), what)


def found_by_its_entry_point(under_test: PackerUnderTest) -> None:
    """A store that names the packer finds it, and gets packed parcels from it."""
    require(under_test.pack(next(tasks())).packed, "it gives back no parcel for one unit")


def every_unit_is_placed_once(under_test: PackerUnderTest) -> None:
    """Each unit lies in one parcel, and nothing else does; a packer that places none has no layouts."""
    wrong = _misplaced if under_test.case.places else _placed
    _told(under_test, wrong, "goods are sent that nobody packed, or packed that nobody sends")


def _misplaced(packing: Packing) -> Iterator[str]:
    wanted = {line.position: line.item.quantity for line in packing.task.lines}
    placed = layouts.placed_units(packing.packed)
    for position in sorted(wanted.keys() | placed.keys()):
        if placed[position] != wanted.get(position, 0):
            yield f"{placed[position]} units of line {position} are placed, and there are {wanted.get(position, 0)}"


def _placed(packing: Packing) -> Iterator[str]:
    if layouts.placed_units(packing.packed):
        yield "the case says that it places nothing, and it has layouts"


def nothing_sticks_out(under_test: PackerUnderTest) -> None:
    """All goods lie within the inside of the carton, or the box that is told."""
    _told(under_test, _each(layouts.sticking_out), "the lid does not close")


def nothing_overlaps(under_test: PackerUnderTest) -> None:
    """No two goods take the same room."""
    _told(under_test, _each(layouts.overlapping), "nobody can pack that")


def _each(flaws: Callable[[PackedParcel], Iterator[str]]) -> Callable[[Packing], Iterator[str]]:
    return lambda packing: (flaw for one in packing.packed for flaw in flaws(one))


def units_lie_as_they_can(under_test: PackerUnderTest) -> None:
    """Goods keep their sizes, upright ones stand, and only what nests lies in one another."""
    _told(under_test, _strange, "goods are laid as they cannot lie")


def _strange(packing: Packing) -> Iterator[str]:
    items = layouts.items_of(packing.task)
    return (flaw for one in packing.packed for flaw in layouts.strange_units(one, items))


def what_ships_alone_shares_no_parcel(under_test: PackerUnderTest) -> None:
    """`ships_alone` keeps other lines out of a parcel, `own_box` other units and cartons; sums know of neither."""
    if under_test.case.places:
        _told(under_test, _sharing, "goods share a parcel that they are not to share")


def _sharing(packing: Packing) -> Iterator[str]:
    items = layouts.items_of(packing.task)
    for one in packing.packed:
        held = [items[line] for line in one.parcel.lines if line in items]
        yield from (flaw for item in held for flaw in _company(one, item, len(held)))


def _company(one: PackedParcel, item: Item, lines: int) -> Iterator[str]:
    if "ships_alone" in item.tags and lines > 1:
        yield f"{item.sku} ships alone, and lies among goods of {lines} lines"
    if "own_box" in item.tags and (one.parcel.units != 1 or one.carton or one.parcel.size.sides != item.size.sides):
        yield f"{item.sku} has its own box, and goes in another"


def limits_are_kept(under_test: PackerUnderTest) -> None:
    """A parcel of several units keeps to the carrier's limits; only a single unit may be beyond them."""
    _told(under_test, _beyond, "the carrier refuses what could have been sent in two parcels")


def _beyond(packing: Packing) -> Iterator[str]:
    sums = packing.task.limits.model_copy(update=dict.fromkeys(("longest_side", "sides", "sides_sum", "girth")))
    for one in packing.packed:
        limits = sums if one.parcel.volumes > 1 else packing.task.limits  # the box of several is of none of them
        excess = limits.exceeded_by(one.parcel)
        if excess and one.parcel.units != 1:
            yield f"{one.parcel.units} units in a parcel of {excess.reason}"


def cartons_are_the_stores(under_test: PackerUnderTest) -> None:
    """A carton is one of the task's, it is told by its outside, and its goods are no heavier than it bears."""
    _told(under_test, _miscartoned, "there is no such carton, or it breaks")


def _miscartoned(packing: Packing) -> Iterator[str]:
    for one in packing.packed:
        carton = one.carton
        if carton is None:
            continue
        if carton not in packing.task.cartons:
            yield f"carton {carton.code} is none of the task's"
        if one.parcel.size != carton.outside:
            yield f"carton {carton.code} is {carton.outside} outside, and {one.parcel.size} is told"
        if layouts.overloaded(one):
            goods = one.parcel.weight - carton.weight
            yield f"carton {carton.code} bears {carton.most_weight} g, and {goods} g are in it"


def weights_values_and_units_are_conserved(under_test: PackerUnderTest) -> None:
    """What the parcels tell adds up to the goods, and to the cartons that they go in."""
    _told(under_test, _unconserved, "a carrier is told of other goods than are sent")
    if under_test.case.places:
        _told(under_test, _mistold, "a carrier is told of other goods than are in the parcel")


def _mistold(packing: Packing) -> Iterator[str]:
    items = layouts.items_of(packing.task)
    if not any(_misplaced(packing)):  # another check's affair, and every sum would be wrong with it
        yield from (flaw for one in packing.packed for flaw in layouts.mistold(one, items))


def _unconserved(packing: Packing) -> Iterator[str]:
    items = [line.item for line in packing.task.lines]
    told = [(one.parcel, one.parcel.count) for one in packing.packed]
    cardboard = sum(one.carton.weight * one.parcel.count for one in packing.packed if one.carton)
    sums = {
        "g": (
            sum(parcel.weight * count for parcel, count in told),
            cardboard + sum(item.weight * item.quantity for item in items),
        ),
        "units": (sum((parcel.units or 0) * count for parcel, count in told), sum(item.quantity for item in items)),
    }
    if all(item.declared_value for item in items):
        sums["minor units"] = (
            sum(parcel.value.minor * count for parcel, count in told if parcel.value),
            sum(item.declared_value.minor * item.quantity for item in items if item.declared_value),
        )
    yield from (f"{says} {what} are told, and there are {is_}" for what, (says, is_) in sums.items() if says != is_)


def equal_parcels_are_counted(under_test: PackerUnderTest) -> None:
    """Equal parcels come once, with their count: what a carrier charges for each is asked once."""
    _told(under_test, _repeated, "equal parcels are to be one with their count")


def _repeated(packing: Packing) -> Iterator[str]:
    one_each = [(one.parcel.model_copy(update={"count": 1}), one.layout, one.carton) for one in packing.packed]
    seen = {repr(each) for each in one_each}
    if len(seen) < len(one_each):
        yield f"{len(one_each)} parcels, and {len(seen)} kinds of them"


def work_is_bounded(under_test: PackerUnderTest) -> None:
    """No cart, however mixed, takes more than so many steps: packing comes to an end while a shopper waits."""
    most = max(under_test.packings, key=lambda packing: packing.steps)
    require(most.steps <= MOST_STEPS, f"{most.words}: it takes {most.steps:,} steps")


def equal_units_are_not_gone_through(under_test: PackerUnderTest) -> None:
    """A million equal units take far fewer steps than there are units: they are counted."""
    for named in many_equal_units():
        steps = under_test.pack(named).steps
        require(steps < MANY // 4, f"{named.words} take {steps:,} steps: they are to be counted, not gone through")


def the_same_task_is_packed_the_same(under_test: PackerUnderTest) -> None:
    """A picture of a packing shows the parcels that the carrier was told, whenever it is drawn."""
    for before, first, second in zip(under_test.packings, tasks(), tasks(), strict=True):
        again = [under_test.pack(named).packed for named in (first, second)]  # twice, or one that alternates may pass
        require(again == [before.packed] * 2, f"{first.words}: it is packed otherwise another time")


def the_task_is_left_as_it_was(under_test: PackerUnderTest) -> None:
    """Other carriers are packed for with the same lines."""
    for named in tasks():
        before = deepcopy(named.task)
        under_test.pack(named)
        require(named.task == before, f"{named.words}: the task was changed in place")


def it_reads_no_clock(under_test: PackerUnderTest) -> None:
    """Work is bounded by steps: a busy machine packs as an idle one does."""
    _abstains(under_test, (purity.CLOCK,), "work is bounded by steps, never by time")


def it_asks_nobody(under_test: PackerUnderTest) -> None:
    """A packer is called for every question, and decides on its task."""
    kinds = (purity.FILES, purity.ENVIRONMENT, purity.CONNECTIONS, purity.THREADS)
    _abstains(under_test, kinds, "a packer decides on its task")


def _abstains(under_test: PackerUnderTest, kinds: tuple[tuple[str, ...], ...], why: str) -> None:
    packer = under_test.plugin
    require_none((use for kind in kinds for use in purity.uses_in_source(packer, kind)), why)
    with purity.observed_uses(packer) as seen:
        for named in tasks():
            under_test.pack(named)
    require_none((use for kind in kinds for use in seen[kind]), why)
