"""Lists as rules' settings write them: names, regions, types; one that is there is not empty."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field

from portes.contract import DeliveryType
from portes.contract.base import ShopNumber
from portes.rules.regions import Region

Some = TypeVar("Some", bound=Sequence[object])


def not_empty(named: Some) -> Some:
    """The list itself. Raises `ValueError` for one without anything in it."""
    if not named:
        raise ValueError("is an empty list; name at least one, or remove the key where it is optional")
    return named


Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], AfterValidator(not_empty)]
"""A settings field that lists names."""

RegionList = Annotated[tuple[Region, ...], AfterValidator(not_empty)]
"""A settings field that lists regions."""

TypeList = Annotated[tuple[DeliveryType, ...], AfterValidator(not_empty)]
"""A settings field that lists delivery types."""

NumberList = Annotated[tuple[ShopNumber, ...], AfterValidator(not_empty)]
"""A settings field that lists the numbers of origins."""
