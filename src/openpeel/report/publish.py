"""Writing a publication: the page, the data behind it, and the hashes of both, all or nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from pathlib import Path
from typing import Any

from openpeel.engine.measure.figure import Figure, figure_from_json
from openpeel.errors import UserError
from openpeel.report.assemble import assemble
from openpeel.report.page import render_page

PAGE, DATA, FIGURES, MANIFEST = "index.html", "publication.json", "figures.csv", "manifest.json"


def publish(publication: dict[str, Any], out: Path, root: Path) -> Path:
    """Write a publication into a folder, replacing one that is there.

    Args:
        publication: as ``gather`` makes it.
        out: the folder.
        root: the workspace, so that ``verify`` finds it again (kept as a relative path).

    Returns:
        the page.

    Raises:
        UserError: the folder holds something else, or cannot be written.
    """
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MANIFEST).is_file())):
        raise UserError("is there and is not a publication", str(out), "choose another --out")
    publication = {**publication, "workspace": os.path.relpath(root.resolve(), out.resolve())}
    files = _files(publication)
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".tmp-{os.getpid()}-{out.name}")
    temporary.mkdir()
    for name, content in files.items():
        (temporary / name).write_bytes(content)
    if out.exists():
        old = out.with_name(f".old-{os.getpid()}-{out.name}")
        out.rename(old)
        temporary.rename(out)
        shutil.rmtree(old)
    else:
        temporary.rename(out)
    return out / PAGE


def _files(publication: dict[str, Any]) -> dict[str, bytes]:
    figures = [figure_from_json(f) for f in publication["figures"]]
    files = {
        PAGE: page_bytes(publication, figures),
        DATA: (json.dumps(publication, ensure_ascii=False, separators=(",", ":")) + "\n").encode(),
        FIGURES: figures_csv(figures),
    }
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files[MANIFEST] = (json.dumps({"files": hashes}, indent=1) + "\n").encode()
    return files


def page_bytes(publication: dict[str, Any], figures: list[Figure]) -> bytes:
    """The page for a publication and its figures; the same bytes each time."""
    return render_page(assemble(publication, figures)).encode()


def figures_csv(figures: list[Figure]) -> bytes:
    """Every figure of the publication as a tidy table."""
    out = io.StringIO()
    rows = [f.as_row() for f in figures]
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue().encode()
