"""``openpeel identities``: the sealed identities, without ever showing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpeel.cli.options import HERE, FormatOption, WorkspaceOption
from openpeel.cli.output import busy, note, print_json, print_rows
from openpeel.errors import UserError

if TYPE_CHECKING:
    from openpeel.engine.identity.store import SealedStore
    from openpeel.register import Register

app = typer.Typer(
    help="Sealed names, birth dates and addresses: kept for matching alone, never shown.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Forces = Annotated[
    list[str] | None, typer.Option("--force", help="Of this force alone; may be given more than once.")
]


@app.command("status")
def status(format_: FormatOption = "table", workspace: WorkspaceOption = HERE) -> None:
    """Say what is sealed of each force, with which key, and whether the key is at hand."""
    from openpeel.cli.options import check_format

    check_format(format_)
    store, _ = _store(workspace)
    keys = store.keyring.forces()
    rows = [_status(store, force, keys.get(force, "")) for force in sorted({*keys, *store.forces()})]
    if format_ == "json":
        print_json(rows)
        return
    print_rows(
        ["force", "sealed records", "files", "key", "key at hand"],
        [
            [r["force"], "" if r["records"] is None else str(r["records"]), str(r["files"]), r["key"],
             "yes" if r["at_hand"] else f"no: {r['why']}"]
            for r in rows
        ],
        format_,
    )  # fmt: skip


def _status(store: SealedStore, force: str, key: str) -> dict[str, Any]:
    """One force; how many records there are is not known without the key."""
    out: dict[str, Any] = {"force": force, "key": key, "records": None, "at_hand": False, "why": ""}
    try:
        store.keyring.keys(force, make=False)
        out["at_hand"] = True
    except UserError as error:
        out["why"] = error.line()
    out["files"] = store.counts(force).files
    if out["at_hand"]:
        out["records"] = store.read(force).num_rows
    return out


@app.command("reseal")
def reseal(forces: Forces = None, workspace: WorkspaceOption = HERE) -> None:
    """Seal everything with a new key, and forget the old one."""
    store, register = _store(workspace)
    wanted = _wanted(store, register, forces)
    if not wanted:
        typer.echo("nothing is sealed here")
        raise typer.Exit(1)
    for force in wanted:
        with busy(f"sealing {force}"):
            done = store.reseal(force)
        typer.echo(f"{force}: {done} {'file' if done == 1 else 'files'} sealed with a new key")
    note("back the key files up again; older backups of the workspace open with older backups of them alone")


@app.command("match")
def match(
    rule: Annotated[str, typer.Option(help="What must be equal: exact is names and birth date.")] = "exact",
    forces: Forces = None,
    format_: FormatOption = "table",
    workspace: WorkspaceOption = HERE,
) -> None:
    """List the pseudonyms of persons whose identity is equal; identities are never shown."""
    from openpeel.cli.options import check_format
    from openpeel.engine.identity.match import MOST_ALIKE, matches

    check_format(format_)
    store, register = _store(workspace)
    with busy("matching"):
        found = matches(store, _wanted(store, register, forces), rule)
    for size in found.too_many:
        note(
            f"{size} persons have one identity, more than {MOST_ALIKE}: a placeholder rather than one person; "
            "their pairs are not listed"
        )
    columns = ["force", "pseudonym", "other_force", "other_pseudonym"]
    if format_ == "json":
        print_json([dict(zip(columns, pair, strict=True)) for pair in found.pairs])
    else:
        print_rows(columns, found.pairs, format_)


def _store(workspace: Any) -> tuple[SealedStore, Register]:
    from openpeel.cli.options import opened
    from openpeel.engine.identity.keys import open_keyring
    from openpeel.engine.identity.store import SealedStore

    place, register = opened(workspace)
    return SealedStore(place.root, open_keyring(place.root)), register


def _wanted(store: SealedStore, register: Register, forces: list[str] | None) -> list[str]:
    return sorted({register.resolve(f).id for f in forces}) if forces else store.forces()
