"""Builds every distribution's wheel and tries them together, installed, away from the repository.

Prints what it does; 0 when every step did. It knows the distributions by their place on disk.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
EXTRAS = {"portes": "[web,cli]"}
FLOWN = "import portes, pathlib, sys; sys.exit(pathlib.Path(portes.__file__).is_relative_to(sys.argv[1]))"
"""Exit code 1 when what is imported still comes from the repository."""


def distributions() -> list[Path]:
    """Every room with a wheel to build, the core first."""
    return [ROOT / "core", ROOT / "contracts", *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]


def run(command: Sequence[str | Path], *, cwd: Path, environ: Mapping[str, str]) -> None:
    """Print a command and run it; the first that fails ends the trial."""
    print("$", *(Path(part).name if Path(part).is_absolute() else part for part in command), flush=True)
    subprocess.run(command, cwd=cwd, env=environ, check=True)


def build(folder: Path, wheels: Path) -> None:
    """Build one wheel in an environment of its own, with the pinned tools."""
    run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", wheels, folder],
        cwd=folder,
        environ=os.environ | {"PIP_CONSTRAINT": str(CONSTRAINTS), "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )


def install(wheels: Path, home: Path, environ: Mapping[str, str]) -> None:
    """Install the wheels, and pinned versions of what they need, in a new environment."""
    venv.create(home, with_pip=True)
    named = [f"{wheel}{EXTRAS.get(wheel.name.partition('-')[0], '')}" for wheel in sorted(wheels.glob("*.whl"))]
    pip: list[str | Path] = [home / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
    run([*pip, "install", "--quiet", "--constraint", CONSTRAINTS, *named], cwd=home, environ=environ)
    run([*pip, "check"], cwd=home, environ=environ)


def outside(home: Path) -> dict[str, str]:
    """An environment that knows the new installation and nothing of the repository's."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return kept | {"PATH": os.pathsep.join([str(home / "bin"), os.environ["PATH"]])}


def secrets(settings: Path) -> dict[str, str]:
    """A throwaway value for each secret that the settings take from the environment."""
    return dict.fromkeys(re.findall(r"\$\{(\w+)\}", settings.read_text(encoding="utf-8")), "throwaway")


def main() -> None:
    """Build, install, and use the product as its documents say."""
    with tempfile.TemporaryDirectory(prefix="portes-wheels-") as folder:
        wheels, home, store = (Path(folder, name) for name in ("wheels", "home", "store"))
        for distribution in distributions():
            build(distribution, wheels)
        environ = outside(home)
        install(wheels, home, environ)
        shutil.copytree(ROOT / "examples" / "demo-store", store)
        environ |= secrets(store / "portes.toml")
        portes = home / "bin" / "portes"
        run([home / "bin" / "python", "-c", FLOWN, ROOT], cwd=store, environ=environ)
        run([portes, "carriers"], cwd=store, environ=environ)
        run([portes, "check", "portes.toml"], cwd=store, environ=environ)
        run(
            [portes, "quote", "--to", "01512651", "--item", "sku-1:2:0.5kg:10x10x25cm:129.90"],
            cwd=store,
            environ=environ,
        )
        run([portes, "demo"], cwd=store, environ=environ)
        print(f"{len(distributions())} wheels build, install and answer away from the repository.")


if __name__ == "__main__":
    main()
