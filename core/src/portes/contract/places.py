"""Countries, postal codes and the origins goods leave from."""

import re
from datetime import time
from typing import Annotated, Final, NamedTuple, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from portes.contract.base import Natural, Noun, Positive, TimeOfDay
from portes.contract.countries import FORM, country_fault
from portes.contract.timing import CalendarName
from portes.errors import Problem, RequestError


def _known(code: str) -> str:
    fault = country_fault(code)
    if fault:
        raise ValueError("; ".join(fault))
    return code


Country = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"pattern": FORM})]
"""A code of ISO 3166-1 alpha-2: `BR`, `ES`."""

_SEPARATORS: Final = re.compile(r"[\s.-]")


class _Form(NamedTuple):
    code: re.Pattern[str]
    """The form of the canonical text."""
    written: re.Pattern[str]
    """What people write: separators only where they belong, so that `1512651.0` is no CEP."""
    what: str
    example: str

    @property
    def words(self) -> str:
        return f"{self.what}, such as {self.example}"


def _form(code: str, written: str, what: str, example: str) -> _Form:
    return _Form(re.compile(code), re.compile(written), what, example)


_ANY: Final = _form(
    r"[A-Z0-9]{2,10}", r"[A-Z0-9](?:[\s-]?[A-Z0-9]){1,9}", "letters and digits without separators", "10001"
)
_FORMS: Final = {
    "AD": _form(r"AD[0-9]{3}", r"AD[\s-]?[0-9]{3}", "AD and 3 digits", "AD500"),
    "BR": _form(r"[0-9]{8}", r"[0-9]{2}[\s.]?[0-9]{3}[\s-]?[0-9]{3}", "8 digits without hyphen", "01512651"),
    "ES": _form(r"(?:0[1-9]|[1-4][0-9]|5[0-2])[0-9]{3}", r"[0-9]{5}", "5 digits from 01000 to 52999", "28013"),
    "PT": _form(r"[0-9]{4}(?:[0-9]{3})?", r"[0-9]{4}(?:[\s-]?[0-9]{3})?", "4 or 7 digits without hyphen", "1100148"),
}


class Place(Noun):
    """A country and a postal code in its canonical text: leading zeros kept, no separators."""

    country: Country
    """ISO 3166-1 alpha-2: `BR`, `ES`."""
    postal_code: str
    """`01512651` in BR, `28013` in ES, `AD500` in AD, `1100` or `1100148` in PT; letters and digits elsewhere."""

    @field_validator("postal_code")
    @classmethod
    def _has_its_country_s_form(cls, code: str, place: ValidationInfo) -> str:
        form = _FORMS.get(place.data.get("country", ""))
        if "country" in place.data and not (form or _ANY).code.fullmatch(code):
            msg = f"a postal code of {place.data['country']} is {(form or _ANY).words}"
            raise ValueError(msg)
        return code

    @classmethod
    def example(cls, country: str) -> Self:
        """A place of a country, for examples and for what must be looked at without a real one."""
        return cls(country=country, postal_code=_FORMS.get(country, _ANY).example)

    @classmethod
    def parse(cls, text: str, country: str) -> Self:
        """Read a postal code as people write it (`01512-651`, `AD 500`).

        Raises `RequestError` naming the text and the form that its country uses.
        """
        fault = country_fault(country)
        if fault:
            raise RequestError(Problem("country", country, *fault))
        form = _FORMS.get(country, _ANY)
        written = text.strip().upper()
        code = _SEPARATORS.sub("", written)
        if not form.written.fullmatch(written) or not form.code.fullmatch(code):
            problem = Problem("postal_code", text, f"is no postal code of {country}", f"write {form.words}")
            raise RequestError(problem)
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
