"""Tells an amount of euros, and not that they are."""

from typing import Any

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.contract import Quote


class Saboteur(Till):
    def write(self, quote: Quote, question: Any) -> ChannelReply:
        return self.told(quote) if quote.currency != "BRL" else super().write(quote, question)
