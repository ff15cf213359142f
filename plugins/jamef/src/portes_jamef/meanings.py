"""What Jamef's words are about, something of ours or the lane; quoting and the doctor both ask here.

Jamef publishes no list of its texts; the names of its fields and the words of the trade stand in them.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import Final, Literal

from portes_jamef.complaints import WELL, Complaint

Subject = Literal["branch", "payer", "origin", "question", "lane", "place", "nothing"]

_SUBJECTS: Final[tuple[tuple[Subject, re.Pattern[str]], ...]] = (
    ("branch", re.compile(r"filia(l|is)")),
    ("payer", re.compile(r"devedor|pagador|cliente|contrat|tabela|cnpj|cpf|document")),
    ("question", re.compile(r"data ?(de )?coleta")),
    ("origin", re.compile(r"orige[mn]|coleta|remetente")),
    ("question", re.compile(r"required|requisi|obrigat|invalid|parametro|formato|calcul")),
    ("question", re.compile(r"\berros?\b|\berror|\bfalh|indispon|timeout|\btente\b|exce(cao|ption)")),
    ("question", re.compile(r"\btoken|usuario|\bsenha|\blogin|acess|autoriza|permiss|credenci")),
    ("question", re.compile(r"(prazo|previsao|data|tipo) (de|da) entrega")),
    ("lane", re.compile(r"destin|entrega|\brotas?\b|\btrechos?\b")),
    ("place", re.compile(r"cep")),
)
"""In the order in which they count: a text about us and the lane is about us, and so is one about an error.

`place` is a CEP without a side, which may be the origin's.
"""
OURS: Final[frozenset[Subject]] = frozenset({"branch", "payer", "origin", "question"})
"""What we can be wrong about, or an error that tells nothing of the lane."""
_WORDLESS: Final = re.compile(r"|.*\bcom sucesso\b.*")
"""All that Jamef says beside a list that is well, whether it holds offers or none."""


def plain(text: str) -> str:
    """A text to be compared: without accents, capitals and double spaces."""
    bare = unicodedata.normalize("NFKD", text)
    return " ".join("".join(sign for sign in bare if not unicodedata.combining(sign)).casefold().split())


def subjects(words: str) -> tuple[Subject, ...]:
    """Everything that a text is about, what counts most first."""
    bare = plain(words)
    return tuple(dict.fromkeys(name for name, form in _SUBJECTS if form.search(bare)))


def subject(words: str) -> Subject:
    """What a text is about; us where it is about us and the lane."""
    return next(iter(subjects(words)), "nothing")


def is_unserved(said: Complaint, texts: Collection[str], *, trusted: bool) -> bool:
    """Whether an answer without an offer says that the lane is not served, and nothing of us.

    `texts` are those that the operator knows to mean it; `trusted` is whether an empty list or a 404 may mean it.
    """
    listed = _is_listed(said.words, texts)
    if listed or not trusted or not said.enveloped or said.status not in {*WELL, 404}:
        return listed
    if said.status in WELL and said.errors:
        return False  # all was well, and an error is listed: it is not known what failed
    about = subject(said.words)
    return about == "lane" or (about == "nothing" and said.status in WELL and _is_wordless(said.words))


def _is_wordless(words: str) -> bool:
    """Whether no more is said than that all is well: any other word may be one about us that is not known here."""
    return _WORDLESS.fullmatch(plain(words)) is not None


def _is_listed(words: str, texts: Collection[str]) -> bool:
    """Whether one of the texts stands in the words, and what stands beside it is not about us."""
    rest = bare = plain(words)
    for text in map(plain, texts):
        rest = rest.replace(text, " ")
    return rest != bare and subject(rest) not in OURS


__all__ = ["OURS", "Subject", "is_unserved", "plain", "subject", "subjects"]
