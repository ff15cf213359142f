"""Can be closed once."""

from gallery.ledger.source import Ledger


class Saboteur(Ledger):
    closings = 0

    def close(self) -> None:
        self.closings += 1
        if self.closings == 2:
            raise RuntimeError("it is closed")
