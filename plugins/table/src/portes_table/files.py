"""The settings of a table's file: where it stands and how it is read; it opens none."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from portes.carrier import CarrierSettings
from portes.tables import ReadOptions, text_encoding

_OF_VERSIONS: Final = (
    "how a stored table is read, and from when to when it prices, is kept with each version; leave {} out, and say it"
    " when you import: portes tables import FILE --as {}"
)


class TableName(NamedTuple):
    """How settings name a table: a file of the store's folder, or one that is kept in its state folder."""

    file: str = ""
    stored: str = ""

    @property
    def key(self) -> str:
        """The key of the settings that says so."""
        return "stored" if self.stored else "file"

    def __str__(self) -> str:
        """The file's name, or that of the stored table."""
        return self.stored or self.file


class TableFile(CarrierSettings):
    """What is declared about a table's file, the carrier's own or that of a component."""

    file: Annotated[
        str, Field(description="The table, relative to the store's folder; services may name their own.")
    ] = ""
    stored: Annotated[
        str,
        Field(description="Instead of a file: a table that `portes tables import` keeps; its version in force prices."),
    ] = ""
    format: Annotated[str, Field(description="`plain`, `vtex`, `mapping` or the name of another installed format.")] = (
        "plain"
    )
    encoding: Annotated[str | None, Field(description="A Python codec such as `windows-1252`; detected.")] = None
    separator: Annotated[
        Literal[",", ";", "\t"] | None, Field(description="Between the cells of a text file; detected in its header.")
    ] = None
    decimal: Annotated[
        Literal[".", ","] | None, Field(description="Decimal sign of numbers written as text; detected.")
    ] = None
    weight_unit: Annotated[
        Literal["g", "kg"], Field(description="Unit of the weights, where the format leaves it open, as `vtex` does.")
    ] = "g"
    zero_price: Annotated[
        Literal["report", "free", "refuse"],
        Field(description="What a row that charges nothing means: a mistake, free carriage, or no service there."),
    ] = "report"
    polygons: Annotated[
        Literal["report", "skip"],
        Field(description="Rows for a drawn area instead of postal codes are a mistake, or are left out (`vtex`)."),
    ] = "report"
    overlap: Annotated[
        Literal["reject_table", "narrowest", "dearest"],
        Field(description="Ranges that hold the same code are a mistake, or the narrowest or the dearest row counts."),
    ] = "reject_table"
    hole: Annotated[
        Literal["reject_table", "fail", "next_bracket"],
        Field(description="A hole between brackets is a mistake, has no price, or the next bracket's."),
    ] = "reject_table"
    above: Annotated[
        Literal["report", "flat", "per_kg"],
        Field(description="Prices above the last weight of a header are a mistake, one price, or for each kg above."),
    ] = "report"
    toll_per: Annotated[
        Literal["report", "shipment", "100_kg", "started_100_kg"],
        Field(description="What a column of tolls is for each of, where its header does not say."),
    ] = "report"
    beside: Annotated[
        Mapping[Annotated[str, Field(min_length=1)], Annotated[str, Field(min_length=1)]],
        Field(description='Other files of the table, by the word of its format: `{ places = "tables/places.csv" }`.'),
    ] = {}

    defaults: Annotated[
        Mapping[Annotated[str, Field(min_length=1)], Annotated[str, Field(min_length=1)]],
        Field(description='What columns hold that the file lacks: `{ days_max = "5" }`.'),
    ] = {}

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        return text_encoding(name) if name else None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if self.file and self.stored:
            msg = "file and stored both name the table; leave one of them out"
            raise ValueError(msg)
        said = sorted(self.model_fields_set & OF_FILES)
        if self.stored and said:
            raise ValueError(_OF_VERSIONS.format(", ".join(said), self.stored))
        return self

    @property
    def table(self) -> TableName:
        """The table that is named; a blank one where none is."""
        return TableName(self.file, self.stored)

    def options(self, country: str, currency: str, beside: Mapping[str, bytes], *, of_fees: bool) -> ReadOptions:
        """What is declared, in a country and a currency, with the files beside the table as they were read."""
        return ReadOptions(
            country=country,
            currency=currency,
            encoding=self.encoding,
            separator=self.separator,
            decimal=self.decimal,
            weight_unit=self.weight_unit,
            zero_price=self.zero_price,
            polygons=self.polygons,
            overlap=self.overlap,
            hole=self.hole,
            above=self.above,
            toll_per=self.toll_per,
            of_fees=of_fees,
            beside=beside,
            defaults=self.defaults,
        )


OF_FILES: Final = frozenset({*TableFile.model_fields, "valid_from", "valid_to"} - {"file", "stored"})
"""Keys that say how a table's file is read, or when it prices: a stored table's versions say that themselves."""
