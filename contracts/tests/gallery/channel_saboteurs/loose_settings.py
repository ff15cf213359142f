"""Takes every key that somebody writes."""

from gallery.till.channel import Till, TillSettings
from pydantic import ConfigDict


class Saboteur(Till):
    class Settings(TillSettings):
        model_config = ConfigDict(frozen=True, extra="ignore")
