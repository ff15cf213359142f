"""BigCommerce's shipping provider: its questions for rates, and its check of what the shop entered."""

from portes.channels.bigcommerce.channel import Bigcommerce

__all__ = ["Bigcommerce"]
