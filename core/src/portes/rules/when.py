"""The table `when`: the one set of conditions that every rule of a store takes."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from portes.contract.bounds import HEAVIEST_PARCEL, LONGEST_SIDE, MOST_UNITS
from portes.rules.amounts import Amount
from portes.rules.lists import NumberList, RegionList, TypeList, Words
from portes.rules.seasons import SeasonList, WeekdayList

_Value = Annotated[Amount, Field(ge=0)]
_Weight = Annotated[int, Field(strict=True, ge=0, le=HEAVIEST_PARCEL)]
_Units = Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS)]
_Side = Annotated[int, Field(strict=True, ge=0, le=LONGEST_SIDE)]

MEASURES: Final = ("value", "weight", "units", "longest_side")
"""What a cart and a line are measured by; each has a key `…_from` and `…_to`, both ends with it."""


class When(BaseModel):
    """Where and when a rule applies: all keys that are there must agree, and one left out binds nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carriers: Words = Field((), description="Carriers by their key in the settings.")
    services: Words = Field((), description="Services by their code: `03298`, or `correios:03298` of one carrier.")
    delivery_types: TypeList = Field((), description="`normal`, `express`, `super_express`.")
    channels: Words = Field((), description="Channels that ask: `netshoes`, `native`.")
    storefronts: Words = Field((), description="Catalogue or shop codes of the channel that asks.")
    origins: NumberList = Field((), description="Origins by their `id`: where the shipment leaves from.")
    regions: RegionList = Field(
        (),
        description="Destinations: postal prefixes `69`, inclusive ranges `01000000..05999999`, states `BR-SP`, their "
        "parts `BR-SP/capital` and `BR-SP/interior`, those of all states `BR/capital`; `PT:1000..1999` in one country.",
    )
    tags: Words = Field((), description="Tags, one of which a line has; see `needs`.")
    skus: Words = Field((), description="SKUs, one of which a line has; see `needs`.")
    needs: Literal["any", "all"] = Field(
        "any", description="With `tags`, `skus` and `line_…`: whether one line that meets them all is enough."
    )
    value_from: _Value | None = Field(None, description="Least declared value of the cart, quantities counted.")
    value_to: _Value | None = Field(None, description="Most declared value of the cart, itself with it.")
    weight_from: _Weight | None = Field(None, description="Least grams of the cart's goods, all units together.")
    weight_to: _Weight | None = Field(None, description="Most grams of the cart's goods, itself with it.")
    units_from: _Units | None = Field(None, description="Least number of units in the cart.")
    units_to: _Units | None = Field(None, description="Most units in the cart, itself with it.")
    longest_side_from: _Side | None = Field(None, description="Least mm of the longest side of any unit in the cart.")
    longest_side_to: _Side | None = Field(None, description="Most mm of the longest side of any unit, itself with it.")
    line_value_from: _Value | None = Field(None, description="Least declared value of a line, its quantity counted.")
    line_value_to: _Value | None = Field(None, description="Most declared value of a line, itself with it.")
    line_weight_from: _Weight | None = Field(None, description="Least grams of a line, all its units together.")
    line_weight_to: _Weight | None = Field(None, description="Most grams of a line, itself with it.")
    line_units_from: _Units | None = Field(None, description="Least units of a line.")
    line_units_to: _Units | None = Field(None, description="Most units of a line, itself with it.")
    line_longest_side_from: _Side | None = Field(None, description="Least mm of the longest side of a line's unit.")
    line_longest_side_to: _Side | None = Field(None, description="Most mm of a line's longest side, itself with it.")
    date_from: date | None = Field(None, description="The first day of asking, in the store's time zone.")
    date_to: date | None = Field(None, description="The last day of asking, itself with it.")
    seasons: SeasonList = Field(
        (), description="Times of every year, both ends with it: `11-20..12-24`, `12-20..01-06`."
    )
    weekdays: WeekdayList = Field((), description="Weekdays of asking: `mon` to `sun`.")
    notes: Words = Field((), description="Kinds of notes, one of which a carrier's rate has: `risk_area`.")

    @property
    def named(self) -> Mapping[str, Any]:
        """The conditions that are there, by their key."""
        keys = (key for key in type(self).model_fields if key != "needs")
        return {key: value for key in keys if (value := getattr(self, key)) not in {None, ()}}


class Binding(NamedTuple):
    """One set of conditions of a rule, and what its keys are called in the rule's table."""

    when: When
    prefix: str = "when."
    """Before each key: empty for keys that stand in the rule's own table."""
    names: Mapping[str, str] = {}
    """Keys that have another name there: `threshold` for `value_from`."""
    either: bool = False
    """Whether, with SKUs and tags, a line that meets one of both takes part."""

    def key(self, name: str) -> str:
        """What a condition is called in the rule's table: `when.value_from`, `threshold`."""
        return self.prefix + self.names.get(name, name)
