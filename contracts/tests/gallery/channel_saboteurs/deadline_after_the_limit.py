"""Takes longer than the till waits."""

from gallery.till.channel import Till


class Saboteur(Till):
    @property
    def deadline(self) -> float:
        return self.limit + 1
