"""Write the lock files in ``requirements/`` anew from what pyproject.toml asks for.

``make lock`` keeps every version that is pinned already and still allowed; ``make lock UPGRADE=1`` takes
the newest ones. One lock serves every supported Python and platform: versions are the same everywhere,
hashes are those of all files of a release, and requirements that only some platforms need carry a marker.
No address of a registry is written: whoever installs uses the registry that their pip is set up for.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
PYTHON = "3.11"  # the oldest one supported, as in pyproject.toml
ADDRESS = re.compile(r"\w://")


@dataclass(frozen=True)
class Lock:
    """One lock file: what it is for, what goes into it, and which locks its versions must agree with."""

    name: str
    purpose: str
    asks: list[str]
    agrees_with: list[str]

    @property
    def path(self) -> Path:
        return LOCKS / f"{self.name}.txt"

    def header(self) -> str:
        return (
            f"# {self.purpose}\n"
            "# Made by `make lock` from pyproject.toml; not edited by hand.\n"
            "# One lock for all supported Pythons and platforms; no registry is named here on purpose.\n"
        )


# In this order: `run` is made to agree with `dev`, so that tests try the versions that users get.
ALL = [
    Lock("dev", "To work on openpeel: everything it needs to run, and its tests and checks.",
         ["pyproject.toml", "--group", "dev"], []),
    Lock("run", "To run openpeel.",
         ["pyproject.toml"], ["dev"]),
    Lock("web", "To try pages in a real browser, on top of dev.txt.",
         ["--group", "web"], ["dev"]),
    Lock("spark", "To try Spark, on top of dev.txt.",
         ["--group", "spark"], ["dev"]),
    Lock("build", "To turn the source into an installed package.",
         ["--group", "build"], ["dev"]),
    Lock("lock", "To make these locks.",
         ["--group", "lock"], []),
]  # fmt: skip


def install_uv(folder: Path) -> Path:
    """Put uv into a throw-away environment, from its own lock where there is one."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    own = LOCKS / "lock.txt"
    what = ["--require-hashes", "-r", str(own)] if own.exists() else ["uv"]
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *what], check=True)
    return folder / "bin" / "uv"


def make(uv: Path, lock: Lock, upgrade: bool) -> None:
    """Resolve one lock and write it, with its own header."""
    command = [uv, "pip", "compile", *lock.asks, "--output-file", lock.path, "--universal"]
    command += ["--python-version", PYTHON, "--fork-strategy", "fewest", "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header", "--quiet"]
    command += ["--no-config", *(["--upgrade"] if upgrade else [])]
    for other in lock.agrees_with:
        command += ["--constraint", LOCKS / f"{other}.txt"]
    subprocess.run(command, check=True, cwd=ROOT)
    body = lock.path.read_text(encoding="utf-8")
    if found := ADDRESS.search(body):
        lock.path.unlink()
        sys.exit(f"{lock.path.name}: an address was about to be written ({body[found.start() :][:40]!r})")
    lock.path.write_text(lock.header() + body, encoding="utf-8")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    upgrade = options.parse_args().upgrade
    LOCKS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="openpeel-lock-") as folder:
        uv = install_uv(Path(folder))
        for lock in ALL:
            make(uv, lock, upgrade)
            print(f"requirements/{lock.name}.txt: {lock.path.read_text().count('==')} packages")


if __name__ == "__main__":
    main()
