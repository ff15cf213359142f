"""Netshoes and Zattini ("API de Frete"): the channel, what travels on its wire, and its settings."""

from portes.channels.netshoes.channel import Netshoes, carrier_word
from portes.channels.netshoes.wire import check_reply

__all__ = ["Netshoes", "carrier_word", "check_reply"]
