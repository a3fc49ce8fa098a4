"""Taking the demo nation in, by the same steps as the verbs that import."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from openpeel.cli.output import note

if TYPE_CHECKING:
    from openpeel.sources.demo.nation.files import Delivery


def take_extracts(
    workspace: Path, deliveries: Iterable[Delivery], progress: Callable[[str], None]
) -> tuple[int, int]:
    """Import deliveries one after the other as ``openpeel import extract`` does; gives rows read and accepted.

    Raises:
        UserError: a mapping or a file cannot be used.
    """
    from openpeel.catalogue import load_catalogue
    from openpeel.cli.accounts import waiting
    from openpeel.cli.options import opened
    from openpeel.engine.intake.commit import take_in
    from openpeel.sources.extract.files import Found, read_parts, stated
    from openpeel.sources.extract.mapping_file import read_mapping

    place, register = opened(workspace)
    types = load_catalogue(place.root).types
    read = accepted = 0
    for delivery in deliveries:
        progress(f"importing {delivery.file.name}, {delivery.rows:,} rows")
        said, found = read_mapping(delivery.mapping, types), Found()
        parts = read_parts([delivery.file], said, stated(said, register), register, found, progress)
        intake = take_in(
            place.root, said.mapping, parts, supplied=delivery.sent, waiting=waiting, progress=progress
        )
        for error in [*found.refused, *intake.refused]:
            note(f"refused: {error.line()}")
        read, accepted = read + intake.read(), accepted + intake.accepted()
    return read, accepted
