"""Is made anew as another class each time."""

from gallery.leaflet.reader import Leaflet


class _Made(type):
    def __call__(cls, *args: object) -> Leaflet:
        return type.__call__(type("Made", (Leaflet,), {}), *args)  # type: ignore[no-any-return]  # any class's


class Saboteur(Leaflet, metaclass=_Made):
    pass
