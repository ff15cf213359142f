"""Takes its test mode from the environment, on import."""

import os

from gallery.parcelpost.carrier import Parcelpost

TEST_MODE = os.environ.get("PARCELPOST_TEST_MODE", "") == "1"


class Saboteur(Parcelpost):
    pass
