"""The boxes that are shown of a cart are those that its carriers are asked about."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from shop import EXPRESS, MONDAY_MORNING, NORMAL, SAO_PAULO, item, member, policy, request, service

from portes.contract import Dimensions, Item, Parcel, ParcelLimits
from portes.engine.layouts import CarrierPacking, packings_of
from portes.engine.plan import Question, make_plan
from portes.engine.policy import MOST_PACKINGS, Member, Policy
from portes.packing import boxes, stack, totals
from portes.packing.merge import told
from portes.packing.protocol import Carton

Told = dict[tuple[str, str], set[Sequence[Parcel]]]
"""The parcels of each service, by its carrier's key and its code."""


def planned(store: Policy, *items: Item) -> tuple[Told, Told]:
    """What the carriers of a store are asked about a cart, fallbacks too, and what is shown of it."""
    plan = make_plan(request(*items), MONDAY_MORNING.astimezone(SAO_PAULO), store)
    return _asked(plan.questions), _shown([each for one in plan.consignments for each in packings_of(one, store)])


def _asked(questions: Sequence[Question]) -> Told:
    told_of: Told = {}
    for question in (each for one in questions for each in (one, *one.alternatives)):
        for code in question.member.asked(question.shipment):
            told_of.setdefault((question.member.key, code), set()).add(question.shipment.parcels)
    return told_of


def _shown(packings: Sequence[CarrierPacking]) -> Told:
    shown: Told = {}
    for packing in packings:
        parcels = tuple(told(packing.parcels))
        for key, codes in packing.carriers:
            for code in codes:
                shown.setdefault((key, code), set()).add(parcels)
    return shown


def limited(limits: Sequence[ParcelLimits], key: str = "a", **more: object) -> Member:
    """A carrier with a service for each of some limits, every other one express."""
    services = [service(f"s{number}", (NORMAL, EXPRESS)[number % 2]) for number in range(len(limits))]
    own = {f"s{number}": each for number, each in enumerate(limits)}
    return member(key, None, *services, abilities={"service_limits": own}, **more)


def test_a_service_with_parcels_of_its_own_is_shown_them_and_not_those_it_would_have_shared() -> None:
    narrow = [ParcelLimits(weight=11_000 - 100 * number) for number in range(MOST_PACKINGS - 1)]
    own = [ParcelLimits(weight=60_000, parcels=1), ParcelLimits(weight=12_000, parcels=9)]
    store = policy(limited([*narrow, *own], packer=totals.pack))
    asked, shown = planned(store, item("x", 5, weight=12_000))
    (big,) = shown["a", f"s{MOST_PACKINGS - 1}"]

    assert [(parcel.weight, parcel.count) for parcel in big] == [(60_000, 1)]
    assert shown == asked


SIDES = st.integers(40, 400)
ITEMS = st.builds(
    lambda number, quantity, weight, sides: item(
        f"sku-{number}", quantity, weight, size=Dimensions(length=sides[0], width=sides[1], height=sides[2])
    ),
    st.integers(0, 9),
    st.integers(1, 6),
    st.integers(100, 12_000),
    st.tuples(SIDES, SIDES, SIDES),
)
LIMITS = st.builds(
    ParcelLimits,
    weight=st.none() | st.sampled_from([5_000, 10_000, 12_000, 30_000]),
    longest_side=st.none() | st.sampled_from([300, 600, 1_000]),
    parcels=st.none() | st.integers(1, 4),
)
CARTON = Dimensions(length=450, width=400, height=400)


@given(
    st.lists(ITEMS, min_size=1, max_size=3),
    st.lists(LIMITS, min_size=1, max_size=MOST_PACKINGS + 2),
    st.lists(LIMITS, min_size=1, max_size=2),
    st.sampled_from([boxes.pack, stack.pack, totals.pack]),
)
def test_what_is_shown_of_any_cart_is_what_is_asked(
    items: list[Item], own: list[ParcelLimits], others: list[ParcelLimits], packer: object
) -> None:
    spare = limited(others, "b", packer=totals.pack, fallback_only=True)
    one = limited(own, packer=packer, fallback="b")
    store = policy(
        one, limited(own, "c", packer=packer), fallbacks={"b": spare}, cartons=(Carton("C", CARTON, CARTON),)
    )
    asked, shown = planned(store, *items)

    assert shown == asked
