"""Keeps its password as text."""

from typing import Any

from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.settings import ParcelpostSettings
from pydantic import Field, SecretStr

from portes.carrier import CarrierSettings
from portes.toolbox import Tools


class PlainSettings(CarrierSettings):
    user: str = Field(description="The shop's login.")
    password: str = Field(description="The login's password.")
    base_url: str = Field("https://api.parcelpost.example/v2", description="Where Parcelpost answers.")


class Saboteur(Parcelpost):
    Settings: Any = PlainSettings

    def __init__(self, settings: PlainSettings, services: Any, tools: Tools) -> None:
        kept = ParcelpostSettings(user=settings.user, password=SecretStr(settings.password), base_url=settings.base_url)
        super().__init__(kept, services, tools)
