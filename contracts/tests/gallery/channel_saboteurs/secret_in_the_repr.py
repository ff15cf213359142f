"""Shows what it was made of."""

from gallery.till.channel import Till


class Saboteur(Till):
    def __repr__(self) -> str:
        return f"Till({self.credentials[0].headers()})"
