"""The gallery's sound format passes the whole suite, as anybody's would."""

from gallery.leaflet.case import leaflet_case

from portes_testing import FormatContract


class TestLeaflet(FormatContract):
    case = leaflet_case("leaflet")
