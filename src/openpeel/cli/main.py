"""``openpeel``: the command, its verbs and what it does with errors."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer

from openpeel.cli import (
    actors,
    change,
    check,
    compare,
    demo,
    figure,
    identities,
    import_,
    log,
    mapping,
    measure,
    measures,
    migrate,
    new,
    practices,
    queries,
    reconcile,
    refresh,
    remove,
    report,
    return_,
    return_template,
    trend,
    triangulate,
    verify,
)
from openpeel.errors import UserError
from openpeel.version import __version__

#: What typer raises for options and arguments it cannot use, whether it brings click along or not.
_WrongUse: Any = typer.BadParameter.__base__

app = typer.Typer(
    name="openpeel",
    help="The open PEEL inspection system: from a police force's records to a report in which every number "
    "can be recomputed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"openpeel {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    pass


app.command("new")(new.new)
app.command("migrate")(migrate.migrate)
app.add_typer(import_.app, name="import")
app.add_typer(mapping.app, name="mapping")
app.command("check")(check.check)
app.command("refresh")(refresh.refresh)
app.command("measures")(measures.measures)
app.command("measure")(measure.measure)
app.command("compare")(compare.compare)
app.command("trend")(trend.trend)
app.command("change")(change.change)
app.command("triangulate")(triangulate.triangulate)
app.command("reconcile")(reconcile.reconcile)
app.command("practices")(practices.practices)
app.command("figure")(figure.figure)
app.command("report")(report.report)
app.command("verify")(verify.verify)
app.command("remove")(remove.remove)
app.add_typer(identities.app, name="identities")
return_.app.command("template")(return_template.template)
app.add_typer(return_.app, name="return")
app.add_typer(queries.app, name="queries")
app.add_typer(actors.app, name="actors")
app.add_typer(log.app, name="log")
app.command("demo")(demo.demo)


def run() -> None:
    """Run the command; every error a user can cause ends as one line on stderr and exit status 2."""
    try:
        status = app(standalone_mode=False)
    except UserError as error:
        _end(error.line(), 2)
    except _WrongUse as error:
        _wrong_use(error)
    except (typer.Abort, KeyboardInterrupt):
        _end("stopped; the workspace is as it was before", 130)
    except BrokenPipeError:
        # The reader of a pipe has gone (`openpeel measures | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _end(f"{error.filename or 'the disk'}: {error.strerror or error}", 2)
    except Exception as error:
        if not _of_duckdb(error):
            raise
        _end(
            f"the workspace's files cannot be read ({str(error).splitlines()[0]}); restore them from a copy",
            2,
        )
    sys.exit(status if isinstance(status, int) else 0)


def _wrong_use(error: Any) -> None:
    text = error.format_message()
    if len(text.splitlines()) > 1:  # no verb at all: the message is the help
        print(text, file=sys.stderr)
        sys.exit(2)
    where = f" ({error.ctx.command_path} --help lists what it takes)" if error.ctx else ""
    _end(f"{text}{where}", 2)


def _of_duckdb(error: Exception) -> bool:
    """Whether DuckDB raised it, told without loading DuckDB where nothing has used it."""
    duckdb: Any = sys.modules.get("duckdb")
    return duckdb is not None and isinstance(error, duckdb.Error)


def _end(line: str, status: int) -> None:
    print(f"openpeel: {' '.join(line.split())}", file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    run()
