"""Has the statuses of its page in a list."""

from typing import Any, ClassVar

from gallery.till.channel import Till


class Saboteur(Till):
    statuses: ClassVar[Any] = tuple(Till.statuses.items())
