"""What an operator sets for Parcelpost; it knows no wire."""

from pydantic import Field, SecretStr

from portes.carrier import CarrierSettings


class ParcelpostSettings(CarrierSettings):
    """The keys of `[carriers.NAME.settings]`."""

    key: SecretStr = Field(description="The key that Parcelpost gave to the shop.")
    base_url: str = Field("https://api.parcelpost.example/v1", description="Where Parcelpost answers.")
