"""The files that a user names on the command line, and those that only lie in a folder or an archive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from openpeel.engine.intake.containers import Member, find
from openpeel.errors import UserError

_CSV = re.compile(r"\.csv(\.gz)?$", re.IGNORECASE)


def is_csv(name: str) -> bool:
    """Whether a file's name is that of a CSV file, plain or gzipped."""
    return bool(_CSV.search(name))


def members_of(
    paths: list[Path], refused: list[UserError], progress: Callable[[str], None]
) -> Iterator[tuple[Member, bool]]:
    """The files below some paths, and whether each is meant.

    A file named on the command line is meant; one come across in a folder or an archive may be of any
    kind, and is then passed over.

    Args:
        paths: files, folders, archives.
        refused: errors of files that cannot be opened are added here.
        progress: called with each file's name.

    Raises:
        UserError: a path does not exist.
    """
    named = {p.resolve() for p in paths if p.is_file()}
    for member in find(paths):
        if isinstance(member, UserError):
            refused.append(member)
            continue
        progress(member.name)
        yield member, not member.inside and member.path.resolve() in named
