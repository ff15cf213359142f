"""Names as people write them, made comparable: with or without accents, in whatever case, joined or apart."""

import unicodedata


def without_accents(text: str) -> str:
    """The same text in letters without accents: `São João d'Água` is `Sao Joao d'Agua`."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def folded(name: str) -> str:
    """A name's letters and digits alone, in lower case: `Olho-d'Água` and `OLHO DAGUA` are both `olhodagua`."""
    return "".join(sign for sign in without_accents(name).casefold() if sign.isalnum())
