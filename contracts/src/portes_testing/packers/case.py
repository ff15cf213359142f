"""What a packer declares about itself, once, for the whole suite."""

from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class PackerCase:
    """What the suite must know of a packer: its name, and whether it places goods."""

    name: str
    """The entry point's name in the group `portes.packers`."""
    places: bool = True
    """Whether it says where each unit lies; one that does not leaves every layout empty, and tells sums."""


__all__ = ["PackerCase"]
