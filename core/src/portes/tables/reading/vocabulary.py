"""What people call the columns of a freight table, in Portuguese, Spanish and English, and what is no column of one."""

from typing import Final

from portes.tables.reading.headings import heading_of, key_of

_STARTS: Final = ("inicial", "inicio", "ini", "de", "desde", "from", "start", "min", "minimo")
_ENDS: Final = ("final", "fim", "fin", "ate", "hasta", "to", "end", "max", "maximo")
_CODES: Final = (
    "cep", "faixa cep", "faixa de cep", "cep destino", "codigo postal", "cp", "postal", "postal code", "postcode",
    "zip", "zip code", "zip postal code",
)  # fmt: skip
_WEIGHTS: Final = ("peso", "faixa peso", "faixa de peso", "weight")


def _ends(nouns: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """Every noun with every word for one end of a span, in both orders."""
    return tuple(name for noun in nouns for word in words for name in (f"{noun} {word}", f"{word} {noun}"))


SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "service": (
        "serviço", "tipo de serviço", "nome do serviço", "modalidade", "servicio", "tipo de servicio", "modalidad",
        "service name", "service type",
    ),
    "state": ("uf", "estado", "sigla uf", "provincia", "state", "province", "comunidad autonoma"),
    "town": ("cidade", "municipio", "localidade", "ciudad", "poblacion", "localidad", "city", "town"),
    "postal_from": (*_ends(_CODES, _STARTS), "cep inicial destino", "cep destino inicial"),
    "postal_to": (*_ends(_CODES, _ENDS), "cep final destino", "cep destino final"),
    "postal_range": (*_CODES, "faixas de cep", "rango postal", "rango de cp", "postal range", "zip range"),
    "weight_from": _ends(_WEIGHTS, _STARTS),
    "weight_to": _ends(_WEIGHTS, _ENDS),
    "price": (
        "preço", "preço frete", "preço do frete", "valor", "valor frete", "valor do frete", "frete", "custo",
        "custo frete", "custo do frete", "precio", "importe", "coste", "coste del envio", "precio del envio", "cost",
        "shipping price", "shipping cost", "freight",
    ),
    "days_min": (
        "prazo minimo", "prazo min", "prazo entrega minimo", "prazo minimo entrega", "prazo de", "dias min",
        "dias minimo", "plazo minimo", "plazo min", "min days", "minimum days",
    ),
    "days_max": (
        "prazo", "prazo entrega", "prazo de entrega", "prazo maximo", "prazo max", "prazo entrega maximo",
        "prazo maximo entrega", "prazo ate", "dias", "dias uteis", "dias max", "dias maximo", "dias de entrega",
        "tempo de entrega", "plazo", "plazo de entrega", "plazo maximo", "plazo max", "dias habiles", "days",
        "business days", "max days", "maximum days", "delivery days", "delivery time", "transit time", "lead time",
    ),
    "excess_weight": (
        "kg adicional", "kg excedente", "kg extra", "exc kg", "excedente", "excedente kg", "excedente por kg",
        "valor kg excedente", "valor kg adicional", "valor por kg excedente", "valor por kg adicional",
        "preço kg adicional", "preço kg excedente", "preço por kg adicional", "quilo adicional", "quilo excedente",
        "kilo adicional", "kilo extra", "precio kg adicional", "precio por kg adicional", "additional kg", "extra kg",
        "price per additional kg",
    ),
    "ad_valorem": (
        "ad valorem", "adv", "ad val", "frete valor", "f valor", "ad valorem frete valor", "% nf", "% sobre nf",
        "% nota fiscal", "% sobre valor", "% sobre valor declarado", "% valor declarado", "% valor",
    ),
    "ad_valorem_minimum": (
        "ad valorem minimo", "ad valorem min", "adv minimo", "adv min", "frete valor minimo", "frete valor min",
    ),
    "risk_management": ("gris", "gerenciamento de risco", "taxa gris"),
    "risk_management_minimum": ("gris minimo", "gris min"),
    "toll": ("pedágio", "pedágio por 100 kg", "peaje", "toll"),
    "dispatch": ("despacho", "taxa despacho", "taxa de despacho", "dispatch"),
    "document": ("taxa cte", "taxa ct e", "cte", "ct e"),
    "administration": ("tas", "taxa administrativa"),
    "hard_access": ("tda", "taxa de dificil acesso"),
    "hard_delivery": ("tde", "taxa de dificuldade de entrega"),
    "restricted_traffic": ("trt", "taxa de restrição de transito"),
    "exceptional": ("emex",),
    "free_zone": ("suframa",),
    "minimum": (
        "frete minimo", "valor minimo", "preço minimo", "minimo", "precio minimo", "importe minimo", "minimum price",
        "minimum freight",
    ),
    "tax": ("icms", "aliquota icms", "iva"),
    "max_volume": ("volume maximo", "volume max", "volumen maximo", "volumen max", "max volume", "maximum volume"),
}  # fmt: skip
"""What else the common columns are called, by our own word; accents, case, spaces and signs never matter."""

_FIELDS: Final = {key_of(name): field for field, names in SYNONYMS.items() for name in (field, *names)}

_DECORATION_WORDS: Final = """
    regiao regioes region area macrorregiao mesorregiao bairro barrio distrito logradouro rua calle street
    cidade cidades municipio municipios localidade ciudad poblacion localidad city town uf ufs estado estados provincia
    state sigla capital interior polo
    observacao observacoes obs observacion observaciones nota notas note notes remark remarks comentario comentarios
    comment comments descricao descripcion description status filial unidade unidad sucursal branch rota ruta route
    ibge item seq sequencia id
"""
_DECORATION: Final = frozenset(_DECORATION_WORDS.split())
_FILLER_WORDS: Final = (
    "a as o os da das de del do dos e y of the la el nome nombre name cod codigo code destino destination no n"
)
_FILLERS: Final = frozenset(_FILLER_WORDS.split())
_COUNTED_WORDS: Final = """
    valor valores preco precos precio precios price prices custo coste cost frete freight taxa tarifa tarifas rate fee
    minimo minima min maximo max peso weight volume volumen cubagem kg icms iva gris pedagio peaje toll seguro insurance
    adicional excedente extra percentual desconto descuento discount importe prazo plazo dias days
"""
_COUNTED: Final = frozenset(_COUNTED_WORDS.split())
_FOOTERS_WORDS: Final = """
    total totais totales subtotal subtotais soma suma
    observacao observacoes obs observacion observaciones nota notas note notes
    legenda leyenda legend fonte fuente source validade vigencia valido valida vigente importante atencao aviso
"""
_FOOTERS: Final = frozenset(_FOOTERS_WORDS.split())
_SUMS: Final = frozenset({"total", "totais", "totales", "subtotal", "subtotais", "soma", "suma"})


def field_of(text: str) -> str:
    """Our own word for a heading that everybody uses; empty when it is none."""
    heading = heading_of(text)
    return _FIELDS.get(heading.key) or _FIELDS.get(heading.bare, "")


def is_decoration(text: str) -> bool:
    """Whether a heading is made of words on which no price depends where postal codes stand beside it.

    What speaks of money, weight, a percentage or time never is.
    """
    if not text:
        return True
    heading = heading_of(text)
    words = [word for word in heading.words if not word.isdigit() and word not in _FILLERS]
    return bool(words) and all(word in _DECORATION for word in words)


def is_counted(text: str) -> bool:
    """Whether a heading speaks of money, weight, a percentage or time."""
    heading = heading_of(text)
    return bool(heading.units) or not _COUNTED.isdisjoint(heading.words)


def begins_footer(text: str) -> bool:
    """Whether a cell begins as lines below a table do: `Total`, `Observações:`, `* válido até …`."""
    if text.lstrip().startswith("*"):
        return True
    words = heading_of(text[:80]).words
    return bool(words) and words[0] in _FOOTERS


def begins_sum(text: str) -> bool:
    """Whether a cell begins as a line of sums does: `Subtotal`, `Total geral`."""
    words = heading_of(text[:80]).words
    return bool(words) and words[0] in _SUMS
