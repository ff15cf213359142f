"""What each of pydantic's findings means to the person who wrote the file."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import PydanticCustomError

_UNFIT: Final = "unfit"
_QUOTES: Final = 'write it in quotes, such as "text"'
_DAY: Final = "write a day without quotes, such as 2026-12-24"
_HOUR: Final = 'write a time of day, such as "14:00"'
_MOMENT: Final = "write day and time without quotes, such as 2026-12-24T14:00:00"
_SPAN: Final = 'write a span of ISO 8601, such as "PT5M"'
_TABLE: Final = "write a table: a [heading] with keys below it, or { key = value }"
_NUMBER: Final = "write a number without quotes, such as 2.5"
_WHOLE: Final = "write digits without quotes and without a fraction, such as 3"
_DECIMAL: Final = 'write it in quotes, with a dot before the fraction, such as "2.50"'
_LIST: Final = "write a list: [ … ]"
_TRUTH: Final = "write true or false, without quotes"

OF_LISTS: Final = ("list_type", "tuple_type", "set_type", "frozen_set_type")
OF_TABLES: Final = ("dict_type", "model_type", "model_attributes_type", "dataclass_type", "mapping_type")
_TEXTS: Final[Mapping[str, tuple[str, str]]] = (
    dict.fromkeys(("string_type", "string_sub_type", "string_unicode"), ("is not text", _QUOTES))
    | dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float", "int_parsing_size"), ("is not a whole number", _WHOLE)
    )
    | dict.fromkeys(("float_type", "float_parsing"), ("is not a number", _NUMBER))
    | {"truth": ("is true or false, and a number is wanted", "write digits, such as 5")}
    | dict.fromkeys(("bool_type", "bool_parsing"), ("is neither true nor false", _TRUTH))
    | dict.fromkeys(("decimal_type", "decimal_parsing"), ("is not a decimal number", _DECIMAL))
    | dict.fromkeys(OF_LISTS, ("is not a list", _LIST))
    | dict.fromkeys(OF_TABLES, ("is not a table", _TABLE))
    | dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        ("is not a day", _DAY),
    )
    | dict.fromkeys(("time_type", "time_parsing"), ("is not a time of day", _HOUR))
    | dict.fromkeys(("datetime_type", "datetime_parsing"), ("is not a day with its time", _MOMENT))
    | dict.fromkeys(("time_delta_type", "time_delta_parsing"), ("is not a span of time", _SPAN))
)
OF_FORMAT: Final = {
    "date": "date_type",
    "time": "time_type",
    "date-time": "datetime_type",
    "duration": "time_delta_type",
}
"""The finding that a number makes where a schema's format wants a time; pydantic itself would count seconds."""
_BOUNDS: Final = {
    "greater_than_equal": ("is too small", "write {ge} or more"),
    "greater_than": ("is too small", "write more than {gt}"),
    "less_than_equal": ("is too large", "write {le} or less"),
    "less_than": ("is too large", "write less than {lt}"),
    "string_too_short": ("is too short", "write at least {min_length} character(s)"),
    "string_too_long": ("is too long", "write at most {max_length} characters"),
    "too_short": ("holds too few", "write at least {min_length}"),
    "too_long": ("holds too many", "write at most {max_length}"),
    "string_pattern_mismatch": ("does not have the right form", "write what matches {pattern}"),
    "literal_error": ("is not one of the choices", "write one of {expected}"),
    "enum": ("is not one of the choices", "write one of {expected}"),
    "union_tag_invalid": ("is none of the kinds", "write one of {expected_tags} as {discriminator}"),
    "union_tag_not_found": ("does not say which kind it is", "add the key {discriminator}"),
}


def unfit(cause: str, fix: str) -> PydanticCustomError:
    """What a validator of the settings raises: the cause and the fix apart."""
    return PydanticCustomError(_UNFIT, "{cause}", {"cause": cause, "fix": fix})


def words(kind: str, message: str, context: Mapping[str, Any]) -> tuple[str, str, bool]:
    """Cause and fix of a finding, and whether they are ours: foreign words may quote a value."""
    if kind in _TEXTS:
        return *_TEXTS[kind], True
    if kind in _BOUNDS:
        cause, fix = _BOUNDS[kind]
        return cause, fix.format(**context), True
    if kind == _UNFIT:
        return context["cause"], context["fix"], False
    if "error" in context:  # a validator's own ValueError or AssertionError
        cause, _, fix = str(context["error"]).partition("; ")
        return cause, fix, False
    return message[:1].lower() + message[1:], "", False
