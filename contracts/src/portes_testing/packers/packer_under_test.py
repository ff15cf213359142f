"""A packer as a store finds it, and what it makes of every task."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from portes.errors import SettingsError, pass_interrupt
from portes.packing.protocol import PackedParcel, Packer, PackingTask
from portes.registry import PACKERS, Registry
from portes_testing.harness.errors import BrokenContractError, require
from portes_testing.harness.steps import OutOfStepsError, counted_steps
from portes_testing.packers.case import PackerCase
from portes_testing.packers.tasks import NamedTask, tasks

MOST_STEPS: Final = 2_000_000
"""Steps of the interpreter for one task, ten times what is reasonable: about a second, and a shopper waits."""


@dataclass(frozen=True, slots=True)
class Packing:
    """What a packer made of a task, and how many steps it took."""

    words: str
    """The task, for a message."""
    task: PackingTask
    packed: tuple[PackedParcel, ...]
    steps: int


@dataclass(eq=False)
class PackerUnderTest:
    """One packer, with which a check packs as many tasks as it likes."""

    case: PackerCase

    @cached_property
    def plugin(self) -> Packer:
        """The packer, as its entry point names it."""
        try:
            packer = Registry().find(PACKERS, self.case.name).value
        except SettingsError as problem:
            raise BrokenContractError(f"no store can use the packer: {problem}") from None
        require(callable(packer), f"its entry point names {packer!r}, which is no function of a task")
        return packer

    @cached_property
    def packings(self) -> Sequence[Packing]:
        """What it makes of every task, packed once for all checks."""
        return [self.pack(named) for named in tasks()]

    def pack(self, named: NamedTask) -> Packing:
        """What it makes of a task; what it raises or gives back besides packed parcels breaks the contract."""
        packer = self.plugin
        try:
            with counted_steps(MOST_STEPS) as steps:
                packed = packer(named.task)
        except OutOfStepsError as error:
            raise BrokenContractError(f"{named.words}: after millions of steps it is at {error.where()}") from None
        except BaseException as error:
            pass_interrupt(error)
            raise BrokenContractError(f"{named.words}: {type(error).__name__} escaped from it: {error}") from error
        return Packing(named.words, named.task, _parcels(packed, named.words), steps.taken)


def _parcels(packed: object, words: str) -> tuple[PackedParcel, ...]:
    given = tuple(packed) if isinstance(packed, list | tuple) else (packed,)
    strange = next((each for each in given if type(each) is not PackedParcel), None)
    require(strange is None, f"{words}: it gave back {type(strange).__name__} in place of a list of packed parcels")
    require(given, f"{words}: it gave back no parcel")
    return given


__all__ = ["MOST_STEPS", "PackerUnderTest", "Packing"]
