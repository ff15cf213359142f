"""The tariff of Correos as a table format: so that a file is known for one, and told where it belongs."""

from collections.abc import Iterable
from typing import ClassVar, Final

from pydantic import ValidationError

from portes.errors import Problems
from portes.tables import ReadOptions, Row
from portes_correos_es.settings import TariffDefaults
from portes_correos_es.sources import Source
from portes_correos_es.tariff_file import check_rows

_BELONGS: Final = (
    "is a tariff of Correos: its zones hang on origin and destination, so no table by postal codes can hold it",
    'give it to a carrier with use = "correos-es": tariff = FILE; what it does not say stands in tariff_defaults',
)


class CorreosTariff:
    """The format `correos-tariff`: a file that is checked and belongs to a carrier `correos-es`; it has no rows."""

    version: ClassVar[int] = 1
    marks: ClassVar[tuple[str, ...]] = ("Producto", "Zona", "Hasta kg", "Precio")
    """The header of the sheet that an account manager of Correos sends, as one shop showed it."""

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """No row: where the file belongs, and what is wrong with it, under what is declared as `defaults`."""
        problems.add("format", "correos-tariff", *_BELONGS)
        try:
            defaults = TariffDefaults.model_validate(dict(options.defaults))
        except ValidationError as error:
            for each in error.errors(include_url=False, include_input=False):
                name = ".".join(str(part) for part in each["loc"])
                known = ", ".join(TariffDefaults.model_fields)
                problems.add(f"defaults.{name}", None, each["msg"], f"write one of {known}, as in tariff_defaults")
            return ()
        check_rows(Source("", source), defaults, problems)
        return ()


__all__ = ["CorreosTariff"]
