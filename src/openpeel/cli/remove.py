"""``openpeel remove``: lawful removal. The rows leave, their tombstones stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from openpeel.cli.options import HERE, WorkspaceOption
from openpeel.cli.output import busy
from openpeel.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpeel.engine.declare.records import RecordType
    from openpeel.engine.identity.removal import Finder, Outcome, Removals


def remove(
    reason: Annotated[str, typer.Option(help="Why the law asks for it; kept in the tombstone.")],
    authority: Annotated[str, typer.Option(help="On whose authority; kept in the tombstone.")],
    force: Annotated[str, typer.Option(help="The force whose record it is.")],
    type_: Annotated[
        str, typer.Option("--type", metavar="T", help="The record type: responding.incident, or incident.")
    ] = "",
    key: Annotated[
        list[str] | None,
        typer.Option(
            help="The record's key as the force writes it; once for each part, in the type's order."
        ),
    ] = None,
    row_hash: Annotated[str, typer.Option(help="The row's hash, for records without a key.")] = "",
    person: Annotated[
        str, typer.Option(metavar="NUMBER", help="Everything the force holds of the person with this number.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would leave.")] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Remove a record, or everything of a person, from every vintage, because the law asks for it."""
    from openpeel.catalogue import load_catalogue
    from openpeel.cli.options import opened
    from openpeel.engine.identity.keys import open_keyring
    from openpeel.engine.identity.removal import Removals

    if not reason.strip() or not authority.strip():
        raise UserError("a removal needs a reason and an authority", do="give both")
    place, register = opened(workspace)
    removals = Removals(place.root, register.resolve(force).id, open_keyring(place.root))
    find = _finder(removals, load_catalogue(place.root).types, type_, key or [], row_hash, person)
    with busy("removing"):
        outcome = removals.look(find) if dry_run else removals.remove(find, reason.strip(), authority.strip())
    _tell(outcome, dry_run)


def _finder(
    removals: Removals,
    types: Mapping[str, RecordType],
    type_: str,
    key: list[str],
    row_hash: str,
    person: str,
) -> Finder:
    """What is looked for; exactly one way of naming it is taken."""
    ways = [name for name, said in (("--key", key), ("--row-hash", row_hash), ("--person", person)) if said]
    if len(ways) != 1:
        raise UserError(
            "does not say what to remove" if not ways else f"{' and '.join(ways)} do not go together",
            do="name one record with --type and --key (or --row-hash), or a person with --person",
        )
    if person:
        if type_:
            raise UserError("a person is removed from records of every type", "--person", "leave --type out")
        return removals.by_person(types, person)
    from openpeel.engine.declare.find import type_named

    record_type = type_named(types, type_)
    return removals.by_key(record_type, key) if key else removals.by_row(record_type, row_hash)


def _tell(outcome: Outcome, dry_run: bool) -> None:
    if outcome.nothing():
        typer.echo("nothing found: no row of whatever vintage is that record's; nothing was removed")
        raise typer.Exit(1)
    done = "would leave" if dry_run else "removed"
    for type_, rows in sorted(outcome.rows.items()):
        typer.echo(f"{type_}: {_some(rows, 'row')} {done}, of every vintage")
    if outcome.sealed:
        typer.echo(f"sealed identities: {_some(outcome.sealed, 'row')} {done}")
    if outcome.copies:
        typer.echo(
            f"rows set aside: {_some(outcome.copies, 'copy', 'copies')} {'would be ' if dry_run else ''}blanked"
        )
    total = sum(outcome.rows.values())
    if dry_run:
        typer.echo("nothing was removed: this was a dry run")
    elif total:
        typer.echo(
            f"{_some(total, 'tombstone')} {'stays' if total == 1 else 'stay'} (hash, reason, authority): "
            "`openpeel verify` says lawfully removed"
        )


def _some(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
