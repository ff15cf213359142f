"""Has a version that nobody can count on."""

from gallery.leaflet.reader import Leaflet


class Saboteur(Leaflet):
    version = 0
