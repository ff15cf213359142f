"""The settings of what a carrier charges beside its rows, and the tariff that they make; it prices nothing."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from portes.carrier import CarrierSettings
from portes.contract.bounds import HEAVIEST_PARCEL
from portes.contract.money import exponent
from portes.contract.rounding import Rounding
from portes.contract.states import states
from portes.errors import Problem, SettingsError
from portes.tables import NO_LIMIT, REGIONS, Component, Tariff, Tax, Tier, tariff_fault
from portes_table.files import TableFile

_MILLION: Final = 10**6
_LANE: Final = re.compile(r"([A-Z0-9]{2}|\*)-([A-Z0-9]{2}|\*)")
_OWN_NAME: Final = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
_BY_WEIGHT: Final = ("kg", "started_kg", "100_kg", "started_100_kg")
_NO_COMPONENTS: Final = {
    "minimum": "write least_freight in settings.tariff",
    "tax": "write settings.tariff.tax",
    "rounding": "write rounding, places or step in settings.tariff",
}
_ZERO: Final = Decimal(0)
_OF_FILES: Final = frozenset([*TableFile.model_fields, "add"]) - {"file", "stored"}
_STATED_IN_ROWS: Final = frozenset(["amount", "marginal", "per", "percent", "tiers"])

_Amount = Annotated[Decimal, Field(ge=0, le=40_000_000, decimal_places=8)]
_Percent = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=6)]
_State = Annotated[str, Field(pattern="^[A-Z0-9]{2}$")]
_Places = Annotated[int, Field(ge=0, le=8)]


class TierSettings(CarrierSettings):
    """One of a component's `tiers`: what it charges up to a declared value or a taxable weight."""

    up_to: Annotated[_Amount | None, Field(description="Declared value up to which it holds; none in the last.")] = None
    up_to_weight: Annotated[
        int | None, Field(gt=0, le=HEAVIEST_PARCEL, description="Taxable weight in grams, instead of the value.")
    ] = None
    amount: Annotated[_Amount | None, Field(description="What is charged for each `per` of the component.")] = None
    percent: Annotated[_Percent | None, Field(description="The percentage; neither: what the row says.")] = None


class ComponentSettings(TableFile):
    """`[[carriers.NAME.settings.tariff.components]]`: one named charge, or the fee table that says what it comes to."""

    name: Annotated[
        str, Field(max_length=40, pattern=_OWN_NAME, description="A surcharge of the glossary, or one of your own.")
    ]
    file: Annotated[
        str, Field(description="A fee table, from the store's folder: its rows say by place what is charged.")
    ] = ""
    add: Annotated[
        bool, Field(description="Charged beside others of its name; else the first table that has the place counts.")
    ] = False
    amount: Annotated[_Amount, Field(description="Charged for each `per`.")] = _ZERO
    per: Annotated[
        Literal["shipment", "parcel", "unit", "kg", "started_kg", "100_kg", "started_100_kg"],
        Field(description="What the amount is for; `unit` is each unit of goods."),
    ] = "shipment"
    percent: Annotated[_Percent, Field(description="Added to the amount: 0.30 is 0.30 %.")] = _ZERO
    of: Annotated[
        Literal["value", "freight"] | Annotated[tuple[str, ...], Field(min_length=1)] | None,
        Field(description='What the percentage is of: `"value"`, `"freight"` (all before it) or names of components.'),
    ] = None
    least: Annotated[_Amount, Field(description="The least that it comes to.")] = _ZERO
    most: Annotated[_Amount | None, Field(description="The most that it comes to.")] = None
    tiers: Annotated[
        tuple[TierSettings, ...], Field(description="What it charges by declared value or taxable weight.")
    ] = ()
    marginal: Annotated[bool, Field(description="Each tier charges the slice within it, not one tier the whole.")] = (
        False
    )
    states: Annotated[tuple[_State, ...], Field(description="States that it is charged to; none named: all.")] = ()
    regions: Annotated[
        tuple[Literal["N", "NE", "CO", "SE", "S"], ...],
        Field(description="Regions of Brazil that it is charged to, beside `states`."),
    ] = ()
    rounding: Annotated[Rounding | None, Field(description="How it is rounded; as the settings' `rounding`.")] = None
    places: Annotated[_Places | None, Field(description="Decimals it is rounded to; the `component_places`.")] = None

    @field_validator("name")
    @classmethod
    def _is_charged(cls, name: str) -> str:
        if name in _NO_COMPONENTS:
            raise ValueError(f"{name} follows from the other parts and is no component; {_NO_COMPONENTS[name]}")
        return name

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if fault := next(self._faults(), ""):
            raise ValueError(fault)
        return self

    def _faults(self) -> Iterator[str]:
        if self.name in ("base", "excess_weight") and (
            self.amount or self.percent or self.least or self.tiers or any(self.table)
        ):
            yield f"what {self.name} comes to stands in the table; leave only rounding and places here"
        if any(self.table) and (said := sorted(self.model_fields_set & _STATED_IN_ROWS)):
            yield f"what {self.name} comes to stands in the rows of its {self.table.key}; leave {', '.join(said)} out"
        if not any(self.table) and (said := sorted(self.model_fields_set & _OF_FILES)):
            yield f"{', '.join(said)} say how a file is read, and there is none; write file, or leave them out"
        if self.most is not None and self.most < self.least:
            yield "most is less than least; swap them"
        if self.tiers:
            yield from self._tier_faults()
        elif self.marginal:
            yield "marginal says how tiers charge, and there are none; leave it out"

    def _tier_faults(self) -> Iterator[str]:
        ends = [tier.up_to_weight if self.by_weight else tier.up_to for tier in self.tiers]
        if any(tier.up_to is not None and tier.up_to_weight is not None for tier in self.tiers) or None in ends[:-1]:
            yield "every tier but the last says where it ends; write up_to in all of them, or up_to_weight in all"
        elif ends[-1] is not None:
            yield "the last tier has an end; add one without, with amount = 0 where nothing is charged above"
        elif any(lower is not None and upper is not None and lower >= upper for lower, upper in pairwise(ends)):
            yield "tiers do not rise; write the lowest first, each once"
        if (
            self.marginal
            and self.by_weight
            and (self.per not in _BY_WEIGHT or any(tier.percent for tier in self.tiers))
        ):
            yield 'slices of weight charge amounts per weight; write per = "kg" and no percent'
        if (
            self.marginal
            and not self.by_weight
            and (any(tier.amount for tier in self.tiers) or self.of not in (None, "value"))
        ):
            yield 'slices of the value charge percentages of it; write of = "value" and no amount'

    @property
    def by_weight(self) -> bool:
        """Whether its tiers are of the taxable weight."""
        return any(tier.up_to_weight is not None for tier in self.tiers)


class TaxSettings(CarrierSettings):
    """`[carriers.NAME.settings.tariff.tax]`: the tax on the freight."""

    kind: Annotated[
        Literal["stated", "inside", "included", "none"],
        Field(
            description="`inside`: subtotal / (1 - rate); `included`: prices hold it; `none`; `stated`: inside where a"
            " row states its rate."
        ),
    ] = "stated"
    rates: dict[str, Annotated[Decimal, Field(ge=0, lt=100, decimal_places=6)]] = Field(
        default_factory=dict, description='Percent by lane, `"SC-PR" = "12"`; `*` stands for any state.'
    )
    interstate: Annotated[
        Literal["", "BR"], Field(description="`BR`: the general rates between states for lanes not in `rates`.")
    ] = ""
    whole: Annotated[
        bool,
        Field(description="The sum is taxed and `tax` a part of its own; false: every part is shown with its tax."),
    ] = True

    @field_validator("rates")
    @classmethod
    def _are_lanes(cls, rates: dict[str, Decimal]) -> dict[str, Decimal]:
        if wrong := next((lane for lane in rates if not _LANE.fullmatch(lane)), None):
            raise ValueError(f'{wrong!r} is no lane; write two states, such as "SC-PR", or * for any')
        return rates

    @model_validator(mode="after")
    def _is_used(self) -> Self:
        if self.kind != "inside" and (self.rates or self.interstate):
            msg = f'rates are used by kind = "inside" alone, and the kind is {self.kind!r}; write kind = "inside"'
            raise ValueError(msg)
        return self


class TariffSettings(CarrierSettings):
    """`[carriers.NAME.settings.tariff]`: what is charged beside the rows of the table."""

    components: Annotated[tuple[ComponentSettings, ...], Field(max_length=60, description="The named charges.")] = ()
    order: Annotated[tuple[str, ...], Field(description="Names in the order in which they are worked out.")] = ()
    least_freight: Annotated[_Amount, Field(description="The least that a shipment comes to, before tax.")] = _ZERO
    least_of: Annotated[
        tuple[str, ...] | None, Field(description="What counts towards the least freight; all before the minimum.")
    ] = None
    outside_least: Annotated[
        tuple[str, ...], Field(description="What does not count towards it, and is added on top.")
    ] = ()
    tax: Annotated[TaxSettings, Field(description="The tax on the freight.")] = TaxSettings()
    component_places: Annotated[
        _Places | None, Field(description="Decimals that every part is rounded to; those of the currency.")
    ] = None
    rounding: Annotated[
        Rounding | None, Field(description="How the cost is rounded at the end; as the settings' `rounding`.")
    ] = None
    places: Annotated[_Places | None, Field(description="Decimals of the cost; those of the currency.")] = None
    step: Annotated[_Amount | None, Field(gt=0, description="Instead of the places: 0.05, or 1 for whole units.")] = (
        None
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.places is not None and self.step is not None:
            msg = "give places or step, not both"
            raise ValueError(msg)
        if fault := tariff_fault(self._named()):
            raise ValueError(fault)
        return self

    def _named(self) -> Tariff:
        """The tariff as far as names and order go."""
        components = tuple(_component(at, one, 0) for at, one in enumerate(self.components))
        return Tariff(components, self.order, 0, self.least_of, self.outside_least)

    def made(self, country: str, currency: str, rounding: Rounding) -> Tariff:
        """The tariff in a country's states and a currency. Raises `SettingsError` for what is not of theirs."""
        places = exponent(currency)
        problems = [*self._strange_states(country), *self._strange_places(places)]
        if problems:
            raise SettingsError(problems)
        tax = self.tax
        lanes = {lane.partition("-")[::2]: _millionths(rate) for lane, rate in tax.rates.items()}
        return Tariff(
            components=tuple(_component(at, one, places) for at, one in enumerate(self.components)),
            order=self.order,
            least_freight=_minor(self.least_freight, places),
            least_of=self.least_of,
            outside_least=self.outside_least,
            tax=Tax(tax.kind, lanes, tax.interstate or None, tax.whole),
            component_rounding=rounding,
            component_unit=_unit(places if self.component_places is None else self.component_places, places),
            rounding=self.rounding or rounding,
            step=_minor(self.step, places)
            if self.step
            else _unit(places if self.places is None else self.places, places),
        )

    def _strange_states(self, country: str) -> Iterator[Problem]:
        known = [state.code for state in states(country)]
        for where, state in self._named_states():
            if not known:
                fix = "leave conditions by state and rates of tax by lane out"
                yield Problem(where, state, f"is a state of {country}, whose states nobody here knows", fix)
            elif state not in known:
                yield Problem(where, state, f"is no state of {country}", f"write one of {', '.join(known)}")

    def _named_states(self) -> Iterator[tuple[str, str]]:
        for at, component in enumerate(self.components):
            yield from ((f"settings.tariff.components.{at}.states", state) for state in component.states)
            yield from ((f"settings.tariff.components.{at}.regions", state) for state in _of_regions(component))
        for lane in self.tax.rates:
            yield from ((f"settings.tariff.tax.rates.{lane}", state) for state in lane.split("-") if state != "*")

    def _strange_places(self, places: int) -> Iterator[Problem]:
        wanted = {f"components.{at}.places": one.places for at, one in enumerate(self.components)}
        for key, number in {**wanted, "component_places": self.component_places}.items():
            if number is not None and number > places + 6:
                fix = f"write at most {places + 6}"
                yield Problem(f"settings.tariff.{key}", number, "is finer than amounts are kept", fix)
        if self.places is not None and self.places > places:
            fix = f"write at most {places}, the decimals of the currency"
            yield Problem("settings.tariff.places", self.places, "is finer than a cost can be", fix)
        if self.step is not None and _minor(self.step, places) % _MILLION:
            fix = f"write a multiple of {Decimal(1).scaleb(-places)}"
            yield Problem("settings.tariff.step", str(self.step), "is finer than a cost can be", fix)


def _component(at: int, one: ComponentSettings, places: int) -> Component:
    return Component(
        name=one.name,
        amount=_minor(one.amount, places),
        per=one.per,
        percent=_millionths(one.percent),
        of=one.of,
        least=_minor(one.least, places),
        most=None if one.most is None else _minor(one.most, places),
        tiers=_tiers(one.tiers, places),
        tiers_by="weight" if one.by_weight else "value",
        marginal=one.marginal,
        states=_of_regions(one).union(one.states),
        rounding=one.rounding,
        unit=None if one.places is None else _unit(one.places, places),
        table=at if any(one.table) else None,
        add=one.add,
    )


def _of_regions(one: ComponentSettings) -> frozenset[str]:
    return frozenset[str]().union(*map(REGIONS.__getitem__, one.regions))


def _tiers(tiers: Sequence[TierSettings], places: int) -> tuple[Tier, ...]:
    return tuple(
        Tier(
            _end(tier, places),
            None if tier.amount is None else _minor(tier.amount, places),
            None if tier.percent is None else _millionths(tier.percent),
        )
        for tier in tiers
    )


def _end(tier: TierSettings, places: int) -> int:
    """The upper end of a tier, in milligrams or minor units; a value between two of them ends at the lower one."""
    if tier.up_to_weight is not None:
        return tier.up_to_weight * 1000
    return NO_LIMIT if tier.up_to is None else _minor(tier.up_to, places) // _MILLION


def _minor(amount: Decimal, places: int) -> int:
    """An amount of money in millionths of a minor unit."""
    return int(amount.scaleb(places + 6))


def _millionths(percent: Decimal) -> int:
    return int(percent.scaleb(6))


def _unit(decimals: int, places: int) -> int:
    """What an amount of so many decimals is a multiple of, in millionths of the minor unit of a currency."""
    return int(10 ** (places + 6 - decimals))
