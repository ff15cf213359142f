"""Countries, postal codes and the origins goods leave from."""

from datetime import date, time
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from portes.contract.base import Days, Noun, ShopNumber, ShortText, TimeOfDay
from portes.contract.countries import FORM, country_fault
from portes.contract.postal import postal_form
from portes.contract.timing import CalendarName
from portes.errors import Problem, RequestError


def _known(code: str) -> str:
    fault = country_fault(code)
    if fault:
        raise ValueError("; ".join(fault))
    return code


Country = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"pattern": FORM})]
"""A code of ISO 3166-1 alpha-2: `BR`, `ES`."""

_EXAMPLES: Final = {"BR": "01512651", "ES": "28013", "AD": "AD500", "PT": "1100148"}
_ANYWHERE: Final = "10001"
_WEEK: Final = 7


class Place(Noun):
    """A country and a postal code in its canonical text: leading zeros kept, no separators."""

    country: Country
    """ISO 3166-1 alpha-2: `BR`, `ES`."""
    postal_code: ShortText
    """`01512651` in BR, `28013` in ES, `AD500` in AD, `1100` or `1100148` in PT; letters and digits elsewhere."""

    @field_validator("postal_code")
    @classmethod
    def _has_its_country_s_form(cls, code: str, place: ValidationInfo) -> str:
        country = place.data.get("country")
        if country is not None and not (form := postal_form(country)).code.fullmatch(code):
            msg = f"a postal code of {country} is {form.words}"
            raise ValueError(msg)
        return code

    @classmethod
    def example(cls, country: str) -> Self:
        """A place of a country, for examples and for what must be looked at without a real one."""
        return cls(country=country, postal_code=_EXAMPLES.get(country, _ANYWHERE))

    @classmethod
    def parse(cls, text: str, country: str) -> Self:
        """Read a postal code as people write it (`01512-651`, `AD 500`).

        Raises `RequestError` naming the text and the form that its country uses.
        """
        fault = country_fault(country)
        if fault:
            raise RequestError(Problem("country", country, *fault))
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

    id: ShopNumber
    """The shop's own number, told to marketplaces."""
    place: Place
    handling_days: Days = 0
    """Business days from order to hand-over."""
    cut_off: TimeOfDay = time(23, 59, 59)
    """Local time after which today counts as tomorrow."""
    cut_offs: Annotated[tuple[TimeOfDay, ...], Field(max_length=_WEEK)] = ()
    """That of each weekday from Monday on, seven in all; empty where `cut_off` holds on every day."""
    timezone: ShortText = ""
    """Whose clock is meant by local: `America/Manaus`; empty for the store's."""
    calendar: CalendarName
    """Whose business days count here: `BR-SP`."""

    def cut_off_on(self, day: date) -> time:
        """The cut-off of a day."""
        return self.cut_offs[day.weekday()] if self.cut_offs else self.cut_off

    def model_post_init(self, _context: object, /) -> None:
        """Check once, when it is made: a validator would run again each time it is put into another noun."""
        if self.cut_offs and len(self.cut_offs) != _WEEK:
            msg = f"{len(self.cut_offs)} cut-offs are not those of a week, which has {_WEEK} days"
            raise ValueError(msg)
