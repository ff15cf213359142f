"""Counts in the days of the store's country, whatever the settings say."""

from collections.abc import Mapping
from typing import Any

from gallery.till.channel import Till

from portes.contract import QuoteRequest


class Saboteur(Till):
    def question(self, values: Mapping[str, Any]) -> QuoteRequest:
        return super().question({**values, "calendar": None})
