"""Has a table of which a key has no sentence."""

from gallery.till.channel import Till, TillSettings
from pydantic import BaseModel, Field


class Colours(BaseModel):
    """What the till looks like."""

    front: str = "blue"


class Saboteur(Till):
    class Settings(TillSettings):
        colours: Colours = Field(Colours(), description="What the till looks like.")
