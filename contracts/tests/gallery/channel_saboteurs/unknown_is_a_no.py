"""Says that it is not delivered there where nobody could find out."""

from typing import Any

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.contract import Quote, Verdict


class Saboteur(Till):
    def write(self, quote: Quote, question: Any) -> ChannelReply:
        return self.told(quote) if quote.verdict is Verdict.UNKNOWN else super().write(quote, question)
