"""What an operator sets for Parcelpost; it knows no wire."""

from pydantic import Field, SecretStr

from portes.carrier import CarrierSettings
from portes.contract import Service


class ParcelpostSettings(CarrierSettings):
    """The keys of `[carriers.NAME.settings]`."""

    user: str = Field(description="The shop's login.")
    password: SecretStr = Field(description="The login's password.")
    base_url: str = Field("https://api.parcelpost.example/v2", description="Where Parcelpost answers.")


class ParcelpostService(Service):
    """`[[carriers.NAME.services]]`: the engine's keys and one of our own."""

    insured: bool = Field(default=False, description="Whether parcels are insured at their declared value.")
