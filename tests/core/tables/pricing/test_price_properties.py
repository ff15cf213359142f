"""Any price against an oracle in fractions, written from the definitions and not from the code."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from portes.contract.rounding import Rounding
from portes.tables import Component, Fee, FoundRow, Lane, Per, PricedLoad, Tariff, TariffPricer, Tax, Terms, Tier

MILLION = 10**6
NAMES = [
    "base",
    "excess_weight",
    "ad_valorem",
    "risk_management",
    "toll",
    "dispatch",
    "restricted_traffic",
    "own",
    "extra",
]
SHARES = st.sampled_from([0, 100_000, 316_000, 3_000_000, 10_000_000, 33_333_333])
AMOUNTS = st.integers(0, 500 * 10**8)
ROUNDINGS: st.SearchStrategy[Rounding] = st.sampled_from(["up", "half_up", "down"])
UNITS = st.sampled_from([1, 1000, MILLION, 5 * MILLION, 100 * MILLION])
PERS: st.SearchStrategy[Per] = st.sampled_from(["shipment", "parcel", "kg", "started_kg", "100_kg", "started_100_kg"])


def rounded(amount: Fraction, rounding: Rounding, unit: int) -> Fraction:
    many = amount / unit
    return unit * Fraction({"up": ceil, "down": floor, "half_up": lambda x: floor(x + Fraction(1, 2))}[rounding](many))


def count(per: str, weight: Fraction, parcels: int) -> Fraction:
    kilograms = weight / MILLION
    return {
        "shipment": Fraction(1),
        "parcel": Fraction(parcels),
        "kg": kilograms,
        "started_kg": Fraction(ceil(kilograms)),
        "100_kg": kilograms / 100,
        "started_100_kg": Fraction(ceil(kilograms / 100)),
    }[per]


def charge_of(component: Component, stated: Fee | None, loaded: PricedLoad, before: Mapping[str, Fraction]) -> Fraction:
    """What a component comes to, before it is rounded."""
    value, weight = Fraction(loaded.value or 0), Fraction(loaded.weight)
    of = component.of or ("value" if component.name in ("base", "ad_valorem", "risk_management") else "freight")
    base = value * MILLION if of == "value" else sum(before.values() if of == "freight" else (before[n] for n in of))
    amount, per, share = (stated or component)[1:4]
    measure = value if component.tiers_by == "value" else weight
    if component.marginal:
        floor_, slices = Fraction(0), Fraction(0)
        for tier in component.tiers:
            within = max(Fraction(0), min(measure, Fraction(tier.up_to)) - floor_)
            slices += within * MILLION * Fraction(tier.percent or 0, 100 * MILLION)
            floor_ = Fraction(tier.up_to)
        whole = slices
    else:
        for tier in component.tiers:
            if measure <= tier.up_to:
                if (tier.amount, tier.percent) != (None, None):
                    amount, per, share = tier.amount or 0, component.per, tier.percent or 0
                break
        both = amount * count(per, weight, loaded.parcels), Fraction(base) * share / (100 * MILLION)
        whole = max(both) if stated and stated.larger else sum(both, Fraction(0))
    whole = max(whole, Fraction(component.least), Fraction(stated.least if stated else 0))
    return whole if component.most is None else min(whole, Fraction(component.most))


def oracle(tariff: Tariff, found: FoundRow, loaded: PricedLoad) -> tuple[dict[str, Fraction], Fraction]:
    """The net parts, and the cost, both in millionths of a minor unit."""
    terms, fees = found.terms, {fee.name: fee for fee in found.terms.fees}
    components = {component.name: component for component in tariff.components}
    parts: dict[str, Fraction] = {}
    for name in NAMES:
        component = components.get(name, Component(name))
        over = max(Fraction(0), Fraction(loaded.weight - found.extra_from))
        if terms.extra_step:
            over = Fraction(ceil(over / terms.extra_step) * terms.extra_step)
        if name == "base":
            amount = Fraction(found.price)
        elif name == "excess_weight":
            amount = over / MILLION * terms.extra_per_kg
        elif name in fees or component.charges:
            amount = charge_of(component, fees.get(name), loaded, parts)
        else:
            amount = Fraction(0)
        how = component.rounding or tariff.component_rounding, component.unit or tariff.component_unit
        parts[name] = rounded(Fraction(amount), *how)
        if name == "base" and name in fees:
            parts[name] += rounded(charge_of(component, fees[name], loaded, {}), *how)
    counted = sum((amount for name, amount in parts.items() if name not in tariff.outside_least), Fraction(0))
    missing = max(Fraction(0), max(tariff.least_freight, terms.minimum) - counted)
    parts["minimum"] = rounded(missing, tariff.component_rounding, tariff.component_unit)
    rate = Fraction(terms.tax if terms.tax >= 0 else tariff.tax.rates.get(("*", "*"), 0), 100 * MILLION)
    total = sum(parts.values(), Fraction(0)) / (1 - rate)
    if rate and not tariff.tax.whole:
        total = Fraction(0)
        for name, amount in parts.items():
            component = components.get(name, Component(name))
            how = component.rounding or tariff.component_rounding, component.unit or tariff.component_unit
            total += rounded(amount / (1 - rate), *how)
    return parts, rounded(total, tariff.rounding, tariff.step)


@st.composite
def tiers(draw: st.DrawFn, *, marginal: bool, top: int) -> tuple[Tier, ...]:
    ends = sorted(draw(st.sets(st.integers(1, top), max_size=3)))
    if not ends:
        return ()
    amounts = st.none() if marginal else st.one_of(st.none(), AMOUNTS)
    shares = SHARES if marginal else st.one_of(st.none(), SHARES)
    return tuple(Tier(end, draw(amounts), draw(shares)) for end in (*ends, 10**15))


@st.composite
def components(draw: st.DrawFn, name: str) -> Component:
    marginal = name == "ad_valorem" and draw(st.booleans())
    by = "value" if marginal else draw(st.sampled_from(["value", "weight"]))
    drawn = draw(tiers(marginal=marginal, top=10**7 if by == "value" else 10**9))
    earlier = tuple(draw(st.sets(st.sampled_from(NAMES[: NAMES.index(name)]), min_size=1)))
    least = draw(st.one_of(st.just(0), AMOUNTS))
    return Component(
        name=name,
        amount=draw(AMOUNTS),
        per=draw(PERS),
        percent=draw(SHARES),
        of="value" if marginal else draw(st.sampled_from(["value", "freight", earlier])),
        least=least,
        most=draw(st.one_of(st.none(), st.integers(least, least + 10**10))),
        tiers=drawn,
        tiers_by=by,  # type: ignore[arg-type]
        marginal=marginal and bool(drawn),
        rounding=draw(st.one_of(st.none(), ROUNDINGS)),
        unit=draw(st.one_of(st.none(), UNITS)),
    )


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    named = draw(st.sets(st.sampled_from(NAMES[2:])))
    tax = Tax("inside", {("*", "*"): draw(st.sampled_from([0, 7, 12, 18])) * MILLION}, whole=draw(st.booleans()))
    return Tariff(
        components=tuple(draw(components(name)) for name in sorted(named)),
        least_freight=draw(st.one_of(st.just(0), AMOUNTS)),
        outside_least=tuple(draw(st.sets(st.sampled_from(NAMES[2:7])))),
        tax=tax,
        component_rounding=draw(ROUNDINGS),
        component_unit=draw(UNITS),
        rounding=draw(ROUNDINGS),
        step=draw(st.sampled_from([MILLION, 5 * MILLION, 100 * MILLION])),
    )


@st.composite
def rows(draw: st.DrawFn) -> FoundRow:
    stated = draw(st.sets(st.sampled_from(["base", *NAMES[2:7]])))
    fees = tuple(
        Fee(name, draw(AMOUNTS), draw(PERS), draw(SHARES), draw(AMOUNTS), draw(st.booleans()))
        for name in sorted(stated)
    )
    terms = Terms(
        days_min=1,
        days_max=1,
        extra_per_kg=draw(st.integers(0, 10**9)),
        extra_step=draw(st.sampled_from([0, MILLION, 500_000])),
        minimum=draw(st.one_of(st.just(0), AMOUNTS)),
        fees=fees,
        tax=draw(st.sampled_from([-1, 0, 7_000_000, 12_500_000])),
    )
    return FoundRow(draw(AMOUNTS), draw(st.integers(0, 10**9)), terms)


LOADS = st.builds(PricedLoad, st.integers(1, 10**9), st.integers(0, 10**8), st.integers(1, 5))


@given(tariffs(), rows(), LOADS)
def test_a_price_is_what_its_definitions_say_in_exact_fractions(
    tariff: Tariff, found: FoundRow, loaded: PricedLoad
) -> None:
    _, cost = oracle(tariff, found, loaded)

    assert TariffPricer(tariff).charge(found, loaded).cost * MILLION == cost


@given(tariffs(), rows(), LOADS)
def test_parts_are_never_negative_and_are_net_parts_tax_and_rounding(
    tariff: Tariff, found: FoundRow, loaded: PricedLoad
) -> None:
    net, _ = oracle(tariff, found, loaded)

    charge = TariffPricer(tariff).charge(found, loaded, Lane("SC", "PR"))
    given_back = charge.parts.get("rounding", 0)

    assert min(charge.amounts) >= 0
    assert sum(charge.parts.values()) == charge.cost
    taxed_apart = tariff.tax.whole or "tax" in charge.parts
    if taxed_apart and given_back:
        assert {name: charge.parts.get(name, 0) for name in net} == {
            name: rounded(amount, "half_up", MILLION) / MILLION for name, amount in net.items()
        }


PLAIN = Tariff(
    components=(
        Component("ad_valorem", tiers=(Tier(1383_23, 437_000_000), Tier()), percent=316_000),
        Component("risk_management", tiers=(Tier(10**6, percent=100_000), Tier(percent=230_000)), least=155_000_000),
        Component("toll", 6 * 10**8, "started_100_kg"),
        Component("restricted_traffic", percent=10_000_000, of=("base", "toll"), least=20 * 10**8),
    ),
    least_freight=40 * 10**8,
    tax=Tax("inside", {("*", "*"): 12 * MILLION}),
)


@given(LOADS, st.integers(0, 10**7), st.integers(0, 10**6), st.sampled_from([0, MILLION]))
def test_more_weight_or_value_never_costs_less_where_no_tier_falls(
    loaded: PricedLoad, heavier: int, dearer: int, step: int
) -> None:
    terms = Terms(days_min=1, days_max=1, extra_per_kg=86_500_000, extra_step=step)
    found, pricer = FoundRow(86_60 * MILLION, 10**8, terms), TariffPricer(PLAIN)
    more = loaded._replace(weight=loaded.weight + heavier, value=(loaded.value or 0) + dearer)

    assert pricer.charge(found, more).cost >= pricer.charge(found, loaded).cost
