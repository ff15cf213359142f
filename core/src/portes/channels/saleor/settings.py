"""What an operator decides about Saleor, with the doubts of its pages beside each choice."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from portes.channels.cart import CartSettings
from portes.channels.credentials import CallerCredential
from portes.channels.reading import OneOrMore
from portes.contract.durations import Duration


class SaleorSettings(CartSettings):
    """The settings of the channel, `[channels.saleor]`."""

    public_keys: OneOrMore[Annotated[str, Field(min_length=1)]] | None = Field(
        default=None,
        description="The platform's public keys, by which the signature of each call is checked: what it shows at"
        " `/.well-known/jwks.json`, or a PEM, best as `file:PATH`; or a list of them while one replaces another."
        " Nothing is fetched: when the platform changes its key, its calls are refused until the file is renewed."
        " Needs `portes[saleor]`.",
    )
    auth: OneOrMore[CallerCredential] | None = Field(
        default=None,
        description="What a call must show besides, or in place of a signature: a table of kind `url_token`, `header`"
        " or `basic`, or a list of such tables, any of which opens. A webhook may send headers of your own, named"
        " `Authorization…` or `X-…`. Without it and `public_keys` the store does not start.",
    )
    domain: str | None = Field(
        default=None,
        description="What the header `Saleor-Domain` must say; a call of another instance is refused with 401.",
    )
    api_url: str | None = Field(
        default=None,
        description="What the header `Saleor-Api-Url` must say; a call of another instance is refused with 401. The"
        " platform's page of headers does not list it; its source sends it.",
    )
    limit: Duration = Field(
        default=18.0,
        gt=0,
        description="After how long the platform discards an answer: 2 s until the connection stands, and 18 s then.",
    )
    reserve: Duration = Field(
        default=1.0,
        ge=0,
        description="The part of `limit` kept for the way between the platform and here, and for our own work.",
    )
    sku: Literal["sku", "variant_id"] = Field(
        default="sku",
        description="Which field of a line is the SKU that the catalogue knows; a `sku` of null counts as the variant's"
        " id, which is a text such as `UHJvZHVjdFZhcmlhbnQ6Mzgx`.",
    )
    delivery_days: bool = Field(
        default=True,
        description="Whether the days of the promise are told. The page does not say of which kind they are; business"
        " days are told.",
    )

    @model_validator(mode="after")
    def _knows_its_caller(self) -> Self:
        if self.public_keys is None and self.auth is None:
            msg = (
                "neither public_keys nor auth is set, so anybody could ask; set public_keys,"
                " or auth to an address with a token"
            )
            raise ValueError(msg)
        return self
