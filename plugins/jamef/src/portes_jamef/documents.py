"""CNPJ and CPF as people write them, checked to their last digit; it knows no register and no setting."""

import re
from typing import Final

from validate_docbr import CNPJ, CPF

_SEPARATORS: Final = re.compile(r"[\s./-]")
_CNPJ: Final = re.compile(r"[0-9A-Z]{12}[0-9]{2}")
_CPF: Final = re.compile(r"[0-9]{11}")
_company, _person = CNPJ(), CPF()


def document(text: str) -> str:
    """A CNPJ or CPF without its separators: `11.222.333/0001-81` → `11222333000181`.

    A CNPJ given out since July 2026 may hold letters. Raises `ValueError` with the cause and, after a semicolon, the
    fix.
    """
    bare = _SEPARATORS.sub("", text).upper()
    if _CNPJ.fullmatch(bare):
        fits = _company.validate(bare)
    elif _CPF.fullmatch(bare):
        fits = _person.validate(bare)
    else:
        msg = "is neither a CNPJ nor a CPF; write the 14 characters of a CNPJ or the 11 digits of a CPF, in quotes"
        raise ValueError(msg)
    if not fits:
        msg = "has check digits that do not fit; copy it once more, one character of it is wrong"
        raise ValueError(msg)
    return bare


__all__ = ["document"]
