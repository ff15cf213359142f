"""Reads its file when it is made, so that no store starts without it."""

from gallery.ledger.source import Ledger, LedgerSettings

from portes.catalogue import CatalogueFacts


class Saboteur(Ledger):
    def __init__(self, settings: LedgerSettings, facts: CatalogueFacts) -> None:
        super().__init__(settings, facts)
        self.size = self.file.stat().st_size
