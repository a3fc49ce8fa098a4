"""Where sealed identities lie in a workspace, and how what is left of broken-off imports goes."""

from __future__ import annotations

from pathlib import Path

from openpeel.engine.intake.disk import TEMPORARY

#: Folder of a workspace that holds the sealed identities, and its file that names the keyring.
IDENTITIES, KEYRING = "identities", "keyring.json"
#: How the name of a sealed file ends; before it stands the intake.
ENDING = ".sealed"


def sweep(root: Path, known_intakes: set[str]) -> None:
    """Remove sealed files of intakes that no generation knows; only under the writer lock."""
    folder = root / IDENTITIES
    for file in list(folder.rglob(f"{TEMPORARY}*")):
        file.unlink(missing_ok=True)
    for file in list(folder.glob(f"*/*{ENDING}")):
        if file.name.removesuffix(ENDING) not in known_intakes:
            file.unlink(missing_ok=True)
