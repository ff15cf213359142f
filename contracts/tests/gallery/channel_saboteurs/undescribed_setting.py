"""Has a key that nobody can look up."""

from gallery.till.channel import Till, TillSettings


class Saboteur(Till):
    class Settings(TillSettings):
        colour: str = "blue"
