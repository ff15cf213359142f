"""Looks at no deadline once it has begun."""

from threading import Event

from gallery.ledger.source import Ledger

from portes.carrier import Deadline


class Saboteur(Ledger):
    def pause(self, deadline: Deadline) -> None:
        if self.settings.pace:
            Event().wait(self.settings.pace)
