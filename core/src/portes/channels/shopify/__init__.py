"""Shopify's CarrierService, and Recharge, which asks in the same shape."""

from portes.channels.shopify.channel import Recharge, Shopify

__all__ = ["Recharge", "Shopify"]
