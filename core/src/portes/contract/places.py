"""Countries, postal codes and the origins goods leave from; it knows no carrier's coverage."""

import re
from datetime import time
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from portes.contract._noun import Natural, Noun, Positive
from portes.errors import Problem, RequestError, shown

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""An ISO 3166-1 alpha-2 code: `BR`, `ES`."""

_ANY: Final = (re.compile(r"[A-Z0-9]{2,10}"), "letters and digits without separators")
_FORMS: Final = {
    "BR": (re.compile(r"\d{8}"), "8 digits without hyphen, such as 01512651"),
    "ES": (re.compile(r"(?:0[1-9]|[1-4]\d|5[0-2])\d{3}"), "5 digits from 01000 to 52999, such as 28013"),
    "AD": (re.compile(r"AD\d{3}"), "AD and 3 digits, such as AD500"),
    "PT": (re.compile(r"\d{4}(?:\d{3})?"), "4 or 7 digits without hyphen, such as 1100148"),
}
_SEPARATORS: Final = re.compile(r"[\s.\-]")


class Place(Noun):
    """A country and a postal code in its canonical text: leading zeros kept, no separators."""

    country: Country
    postal_code: str

    @model_validator(mode="after")
    def _has_the_form_of_its_country(self) -> Self:
        form, words = _FORMS.get(self.country, _ANY)
        if not form.fullmatch(self.postal_code):
            msg = f"a postal code of {self.country} is {words}"
            raise ValueError(msg)
        return self

    @classmethod
    def parse(cls, text: str, country: str) -> Self:
        """Read a postal code as people write it (`01512-651`, `AD 500`).

        Raises `RequestError` naming the text and the form that its country uses.
        """
        code = _SEPARATORS.sub("", text).upper()
        form, words = _FORMS.get(country, _ANY)
        if not form.fullmatch(code):
            problem = Problem("postal_code", shown(text), f"is no postal code of {country}", f"write {words}")
            raise RequestError(problem)
        return cls(country=country, postal_code=code)


class Origin(Noun):
    """Where parcels leave from, and how long they take to leave."""

    id: Positive
    """The shop's own number, told to marketplaces."""
    place: Place
    handling_days: Natural = 0
    """Business days from order to hand-over."""
    cut_off: time = time(23, 59, 59)
    """Local time after which today counts as tomorrow."""
    calendar: str
    """Name of the calendar whose business days count here: `BR-SP`."""
