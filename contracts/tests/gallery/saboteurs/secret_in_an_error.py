"""Tells the operator which password was wrong."""

from gallery.parcelpost.carrier import Parcelpost

from portes.carrier import Deadline
from portes.errors import RejectedCredentialsError
from portes.toolbox import Token


class Saboteur(Parcelpost):
    def _fetch(self, deadline: Deadline) -> Token:
        try:
            return super()._fetch(deadline)
        except RejectedCredentialsError:
            msg = f"the password {self._settings.password.get_secret_value()} is not accepted"
            raise RejectedCredentialsError(msg) from None
