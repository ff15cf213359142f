"""The gallery's sound carrier passes the whole suite, as anybody's plugin would."""

from gallery.case import CASE

from portes_testing import CarrierContract


class TestParcelpost(CarrierContract):
    case = CASE
