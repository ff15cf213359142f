"""The offline page of the OpenAPI document: plain HTML, no script, nothing fetched; it knows only the document."""

import json
from html import escape
from typing import Any, Final

from portes.errors import escaped

Json = dict[str, Any]

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #ddd; } h2 code { font-size: 1rem; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid #eee; padding: .3rem .6rem; vertical-align: top; }
td:first-child { white-space: nowrap; font-family: monospace; }
pre { background: #f6f6f6; padding: 1rem; overflow-x: auto; } summary { cursor: pointer; margin: .5rem 0; }
"""

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head>
<body><h1>{title} <small>{version}</small></h1><p>{summary}</p>
<p>Base address: <code>{server}</code>. The document itself: <a href="/openapi.json">/openapi.json</a>.</p>
{operations}{schemas}</body></html>
"""


def documents_page(document: Json) -> str:
    """The OpenAPI document as a page for people."""
    info = document["info"]
    operations = [
        _operation(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    page = _PAGE.format(
        title=escape(info["title"]),
        version=escape(info["version"]),
        summary=escape(info["summary"]),
        server=escape(document["servers"][0]["url"]),
        style=_STYLE,
        operations="".join(operations),
        schemas=_schemas(document["components"]["schemas"]),
    )
    return "\n".join(map(escaped, page.split("\n")))


def _operation(method: str, path: str, operation: Json) -> str:
    rows = [(status, response["description"]) for status, response in operation["responses"].items()]
    ways = " or ".join(f"<code>{escape(' + '.join(way))}</code>" for way in operation.get("security", []))
    asks = f"<p>Credentials: {ways}</p>" if ways else ""
    body = _links(operation.get("requestBody", {}).get("content", {}))
    head = f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(operation['summary'])}</p>"
    return head + asks + body + _table(rows)


def _links(content: Json) -> str:
    names = [media["schema"]["$ref"].rpartition("/")[2] for media in content.values()]
    return "".join(f'<p>Body: <a href="#{escape(name)}">{escape(name)}</a></p>' for name in names)


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td>{escape(left)}</td><td>{escape(right)}</td></tr>" for left, right in rows)
    return f"<table>{cells}</table>"


def _schemas(schemas: Json) -> str:
    return "<h2>Bodies</h2>" + "".join(
        f'<details id="{escape(name)}"><summary>{escape(name)}</summary>'
        f"<pre>{escape(json.dumps(schema, indent=2, ensure_ascii=False))}</pre></details>"
        for name, schema in schemas.items()
    )
