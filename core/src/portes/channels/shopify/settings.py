"""What an operator decides about Shopify and Recharge, with the doubts of their pages beside each choice."""

from typing import Literal

from pydantic import Field

from portes.channels.cart import CartSettings
from portes.channels.credentials import HeaderName
from portes.channels.signatures import SignedSettings
from portes.contract.durations import Duration


class CarrierServiceSettings(SignedSettings, CartSettings):
    """Settings of a channel that is asked in the shape of a carrier service."""

    limit: Duration = Field(
        default=10.0,
        gt=0,
        description="After how long the platform discards an answer: 10 s for up to 1500 calls a minute between your"
        " app and the shop, 5 s up to 3000, 3 s above.",
    )
    reserve: Duration = Field(
        default=1.0,
        ge=0,
        description="The part of `limit` kept for the way between the platform and here, and for our own work.",
    )
    sku: Literal["sku", "variant_id", "product_id"] = Field(
        default="sku",
        description="Which field of an item is the SKU that the catalogue knows. An empty `sku`, which the platform"
        " sends for a product without one, counts as the variant's id.",
    )
    dates: bool = Field(
        default=True,
        description="Whether the dates of the promise are told: the day at noon UTC, so that it is the same day in the"
        " shop's own time zone.",
    )


class ShopifySettings(CarrierServiceSettings):
    """The settings of the channel, `[channels.shopify]`."""

    signature_header: HeaderName | None = Field(
        default="X-Shopify-Hmac-Sha256",
        description="The header with the signature. The page of the resource does not mention it; shops sign their"
        " calls to carrier services all the same.",
    )
    shop: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="The shop's own domain, `my-shop.myshopify.com`, as its calls have it in the header"
        " `X-Shopify-Shop-Domain`; a call of another shop is refused with 401. Set it where several shops have your"
        " app: they sign with one secret, so that a call of one would open the store of another.",
    )


class RechargeSettings(CarrierServiceSettings):
    """The settings of the channel, `[channels.recharge]`."""

    limit: Duration = Field(
        default=5.0,
        gt=0,
        description="After how long the platform discards an answer. That is not written; 5 s is half of what Shopify"
        " waits.",
    )
    signature_header: HeaderName | None = Field(
        default=None,
        description="The header with the signature, where you set `secret`. The platform's public page says that calls"
        " may be signed as Shopify's are, and not where the signature stands.",
    )
