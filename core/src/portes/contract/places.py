"""Countries, postal codes and the origins goods leave from."""

import re
from datetime import time
from typing import Annotated, Final, Self

from pydantic import Field

from portes.contract.base import Natural, Noun, Positive, TimeOfDay
from portes.contract.postal import postal_form
from portes.contract.timing import CalendarName
from portes.errors import Problem, RequestError

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""An ISO 3166-1 alpha-2 code: `BR`, `ES`."""

_COUNTRY: Final = re.compile(r"[A-Z]{2}")


class Place(Noun):
    """A country and a postal code in its canonical text: leading zeros kept, no separators."""

    country: Country
    """ISO 3166-1 alpha-2: `BR`, `ES`."""
    postal_code: str
    """`01512651` in BR, `28013` in ES, `AD500` in AD, `1100` or `1100148` in PT; letters and digits elsewhere."""

    def model_post_init(self, _context: object, /) -> None:
        """Check once, when it is made: a validator would run again each time it is put into another noun."""
        form = postal_form(self.country)
        if not form.code.fullmatch(self.postal_code):
            msg = f"a postal code of {self.country} is {form.words}"
            raise ValueError(msg)

    @classmethod
    def parse(cls, text: str, country: str) -> Self:
        """Read a postal code as people write it (`01512-651`, `AD 500`).

        Raises `RequestError` naming the text and the form that its country uses.
        """
        if not _COUNTRY.fullmatch(country):
            raise RequestError(Problem("country", country, "is no country code", "write two letters such as BR"))
        form = postal_form(country)
        try:
            code = form.read(text)
        except ValueError:
            code = ""
        if not form.code.fullmatch(code):
            restored = form.restored(text)
            lost = f"; {restored} if its leading zero was lost" if restored else ""
            raise RequestError(
                Problem("postal_code", text, f"is no postal code of {country}", f"write {form.words}{lost}")
            )
        return cls(country=country, postal_code=code)


class Origin(Noun):
    """Where parcels leave from, and how long they take to leave."""

    id: Positive
    """The shop's own number, told to marketplaces."""
    place: Place
    handling_days: Natural = 0
    """Business days from order to hand-over."""
    cut_off: TimeOfDay = time(23, 59, 59)
    """Local time after which today counts as tomorrow."""
    calendar: CalendarName
    """Whose business days count here: `BR-SP`."""
