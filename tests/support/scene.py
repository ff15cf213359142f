"""A service of two workers whose one carrier is far away, over TLS, behind a proxy that breaks what it is told to."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from faraway import HOST, Faraway, faraway
from proxy import Proxy, proxy
from stage import Service, service
from story import NEVER_SO_LATE, Story
from traffic import traffic

ROOT = Path(__file__).parents[2]
SITES = (ROOT / "benchmarks" / "remote", ROOT / "tests" / "chaos" / "rigging")

HEAD = """
[service]
state = "state"

[store]
name = "{name}"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"

[[origins]]
id = 1
postal_code = "01001000"

[channels.netshoes]
auth = {{ kind = "basic", username = "netshoes", password = "${{SECRET}}" }}
limit = "4s"
reserve = "1s"
"""

FAR = """
[carriers.far]
use = "remote"
id = 1
timeout = "30s"
circuit = {{ failures = 3, pause = "300ms", credentials_pause = "500ms" }}
{more}
[carriers.far.settings]
url = "https://{host}:{port}/"
key = "file:key"
[[carriers.far.services]]
code = "n"
delivery = "normal"
"""

FALLBACK = """
[carriers.near]
use = "table"
id = 2
fallback_only = true
settings = { file = "table.csv" }
[[carriers.near.services]]
code = "n"
delivery = "normal"
table_service = "n"
"""

FORGETS = 'cache = { fresh = "0s", stale_while_revalidate = "0s", stale_if_error = "0s", refusals = "0s" }'

TABLE = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\n"


@dataclass
class Scene:
    """Everything a fault can happen to."""

    folder: Path
    """Of the stores."""
    ropes: Path
    """What the rigging looks at."""
    proxy: Proxy
    faraway: Faraway
    authority: trustme.CA
    """The only one the service trusts."""
    service: Service

    @contextmanager
    def story(self) -> Iterator[Story]:
        """Traffic that begins in calm; when the block ends all is well again, and what was promised was kept."""
        with traffic(self.service.public, ("bare", "shop")) as flowing:
            story = Story(flowing, self.service, self.folder / "state" / "receipts.sqlite")
            flowing.until(story.is_calm)
            yield story
            story.recovered_at = flowing.until(story.is_calm)
        story.check()

    def through(self, begin: Callable[[], object], end: Callable[[], object], seconds: float = 1.2) -> Story:
        """The story of a fault from beginning to end; whatever is asked meanwhile is answered before the end."""
        with self.story() as story:
            story.fault_at = time.monotonic()
            begin()
            try:
                story.traffic.go_on(seconds)
                story.traffic.all_answered(NEVER_SO_LATE)
            finally:
                end()
        return story


def fallback_table(price: str = "90.00") -> str:
    """One price for everything that the carrier goes to."""
    return f"{TABLE}n,00000000,89999999,0,30000,{price},5,7\n"


def write_stores(folder: Path, port: int) -> None:
    """`bare` has the far carrier and no memory; `shop` has memory, and a table for a fallback."""
    folder.mkdir(exist_ok=True)
    (folder / "key").write_text("first key")
    (folder / "table.csv").write_text(fallback_table())
    bare = (HEAD + FAR).format(name="bare", host=HOST, port=port, more=FORGETS)
    (folder / "bare.toml").write_text(bare)
    shop = (HEAD + FAR).format(name="shop", host=HOST, port=port, more='fallback = "near"')
    (folder / "shop.toml").write_text(shop + FALLBACK)


@contextmanager
def played(folder: Path, log: Path) -> Iterator[Scene]:
    """Set the scene in a folder and play until the block ends."""
    authority = trustme.CA()
    ropes = folder / "ropes"
    ropes.mkdir()
    authority.cert_pem.write_to_path(str(ropes / "authority.pem"))
    with pytest.MonkeyPatch.context() as patch, faraway(authority) as carrier, proxy(carrier.server_port) as between:
        patch.setenv("RIGGED_FOLDER", str(ropes))
        patch.setenv("RIGGED_AUTHORITY", str(ropes / "authority.pem"))
        write_stores(folder / "stores", between.port)
        with service([folder / "stores", "--workers", "2"], log, *SITES) as running:
            yield Scene(folder / "stores", ropes, between, carrier, authority, running)
