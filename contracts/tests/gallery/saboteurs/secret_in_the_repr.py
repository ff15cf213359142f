"""Is easy to debug."""

from gallery.parcelpost.carrier import Parcelpost


class Saboteur(Parcelpost):
    def __repr__(self) -> str:
        return f"Parcelpost({self._settings.user}:{self._settings.password.get_secret_value()}@{self._url})"
