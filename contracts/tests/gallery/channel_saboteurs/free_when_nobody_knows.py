"""Gives freight away where nobody could find out."""

from decimal import Decimal
from typing import Any

from gallery.till.channel import Till, TillReply

from portes.channels.protocol import ChannelReply
from portes.contract import Quote, Verdict


class Saboteur(Till):
    def write(self, quote: Quote, question: Any) -> ChannelReply:
        if quote.verdict is Verdict.UNKNOWN:
            return self.answer(quote, TillReply, {"offers": [{"name": "a", "price": Decimal(0), "days": 1}]})
        return super().write(quote, question)
