"""Where everything of a workspace lives on disk, and its settings."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from openpeel.engine.compare.comparison import SdKind
from openpeel.engine.intake.disk import put_file
from openpeel.errors import UserError

#: Layout of a workspace on disk. Raised when it changes; ``openpeel migrate`` brings older ones up.
LAYOUT = 1

SETTINGS = "openpeel.toml"
#: Where people's work is kept: a file of the workspace, or a database that a URL names.
CASEWORK_FILE, CASEWORK_VARIABLE = "openpeel.db", "OPENPEEL_DATABASE"
FOLDERS = ("policies", "intake", "records", "generations", "cells", "ledger", "local", "outputs")

_TEMPLATE = """\
# Settings of this openpeel workspace.
layout = {layout}
register = "{register}"        # the forces that are compared: england-and-wales, or demo
engine = "duckdb"              # or "pyspark": docs/engines.md

[comparison]
# Which standard deviation draws the bands: "sample" (n - 1) or "population" (n). It is not known which
# one the inspectorate uses; openpeel's choice is "sample", and forces whose band depends on it are marked.
sd = "sample"
# Leave forces for which a rate per resident means little (City of London) out of mean, SD and bands.
leave_out_few_residents = true
"""


@dataclass(frozen=True)
class Settings:
    """What ``openpeel.toml`` says."""

    register: str
    sd: SdKind = "sample"
    leave_out_few_residents: bool = True
    engine: str = "duckdb"
    spark_master: str = ""
    spark: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Workspace:
    """An opened workspace."""

    root: Path
    settings: Settings

    def path(self, *parts: str) -> Path:
        """A path inside the workspace."""
        return self.root.joinpath(*parts)


def create(root: Path, register: str = "england-and-wales") -> Workspace:
    """Make a new workspace.

    Raises:
        UserError: the folder exists and is not empty, or cannot be made.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UserError("is already there and not an empty folder", str(root), "choose another name")
    try:
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True, exist_ok=True)
        root.chmod(0o700)  # records hold references to persons' cases: whoever shares them does so knowingly
        # Last: a folder without it is no workspace yet.
        put_file(root / SETTINGS, _TEMPLATE.format(layout=LAYOUT, register=register).encode())
    except OSError as error:
        raise UserError(f"cannot be made ({error.strerror})", str(root), "choose another place") from None
    return open_workspace(root)


def is_workspace(root: Path) -> bool:
    """Whether a folder is a workspace."""
    return (root / SETTINGS).is_file()


def open_workspace(root: Path) -> Workspace:
    """Open a workspace.

    Raises:
        UserError: there is none, it is of another layout, or its settings cannot be read.
    """
    data = read_settings(root)
    where = str(root / SETTINGS)
    layout = layout_of(data)
    if layout is None:
        raise UserError("has no layout number", where, f"write `layout = {LAYOUT}` if it was lost")
    if layout > LAYOUT:
        raise UserError(
            f"the workspace has layout {layout}, this openpeel knows {LAYOUT}",
            where,
            "install a newer openpeel",
        )
    if layout < LAYOUT:
        raise UserError(f"the workspace has the older layout {layout}", where, "run `openpeel migrate`")
    return Workspace(root, _settings(data, where))


def read_settings(root: Path) -> dict[str, Any]:
    """The settings file of a workspace as it is, whatever its layout.

    Raises:
        UserError: there is no workspace, or the file is not TOML.
    """
    file = root / SETTINGS
    if not file.is_file():
        raise UserError(
            "is not an openpeel workspace",
            str(root),
            "make one with `openpeel new DIR` or name one with --workspace",
        )
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"cannot be read ({error})", str(file), "mend the settings") from None


def has_casework(root: Path) -> bool:
    """Whether people's work has begun in a workspace, told without loading what keeps it."""
    named = os.environ.get(CASEWORK_VARIABLE) or "casework" in read_settings(root)
    return bool(named) or (root / CASEWORK_FILE).exists()


def layout_of(settings: dict[str, Any]) -> int | None:
    """The layout number in some settings, if there is one."""
    layout = settings.get("layout")
    return layout if isinstance(layout, int) and not isinstance(layout, bool) else None


def _settings(data: dict[str, Any], where: str) -> Settings:
    comparison = data.get("comparison", {})
    if not isinstance(comparison, dict):
        raise UserError("comparison is not a table", where, "head it with [comparison]")
    sd = comparison.get("sd", "sample")
    if sd not in ("sample", "population"):
        raise UserError(f"comparison.sd is {sd!r}", where, 'write "sample" or "population"')
    leave_out = comparison.get("leave_out_few_residents", True)
    if not isinstance(leave_out, bool):
        raise UserError(
            "comparison.leave_out_few_residents is not true or false", where, "write true or false"
        )
    engine = data.get("engine", "duckdb")
    if engine not in ("duckdb", "pyspark"):
        raise UserError(f"there is no engine {engine!r}", where, 'write engine = "duckdb" or "pyspark"')
    master = data.get("spark_master", "")
    if not isinstance(master, str):
        raise UserError(f"spark_master is {master!r}", where, 'write spark_master = "spark://host:7077"')
    spark = data.get("spark", {})
    if not isinstance(spark, dict) or not all(isinstance(v, str) for v in spark.values()):
        raise UserError(
            "[spark] holds something else than texts", where, 'write "spark.executor.memory" = "4g"'
        )
    register = data.get("register", "england-and-wales")
    if not isinstance(register, str):
        raise UserError(f"register is {register!r}", where, 'write register = "england-and-wales"')
    return Settings(register, cast(SdKind, sd), leave_out, engine, master, spark)
