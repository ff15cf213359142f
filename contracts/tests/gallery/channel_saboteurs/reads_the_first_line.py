"""Asks about the first thing on the till."""

from collections.abc import Mapping
from typing import Any

from gallery.till.channel import Till

from portes.contract import QuoteRequest


class Saboteur(Till):
    def question(self, values: Mapping[str, Any]) -> QuoteRequest:
        return super().question({**values, "lines": values["lines"][:1]})
