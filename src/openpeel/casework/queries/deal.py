"""What people do with a query: answer, accept, reopen, withdraw, hand on."""

from __future__ import annotations

from typing import Any

from openpeel.casework.actors import acting, actor_named
from openpeel.casework.log.append import Told, append
from openpeel.casework.log.canonical import NO_ROWS
from openpeel.casework.models import Event, Query, QueryAnswer
from openpeel.casework.queries.find import last_answer, query_named
from openpeel.casework.queries.states import ANSWERS, MENDING, step
from openpeel.casework.setup import opened_root
from openpeel.casework.words_of import checked
from openpeel.casework.work import act
from openpeel.errors import UserError

_ANALYST = ("analyst",)


def answer(id_: str, kind: str, text: str, by: str, intake: str = "") -> QueryAnswer:
    """Answer a query for its force.

    Args:
        id_: such as ``Q-0042``.
        kind: ``explained`` (the records are right), ``corrected`` (corrected records were supplied) or
            ``withdrawn`` (the force takes the records back).
        text: what the force says.
        by: an actor of the force, or an analyst who writes down what the force said.
        intake: id of the correction's intake, if it was one.

    Raises:
        UserError: the query is not open, `by` may not answer it, or the answer is blank or of no known kind.
    """
    if kind not in ANSWERS:
        raise UserError(f"there is no answer of the kind {kind!r}", "--kind", f"use {', '.join(ANSWERS)}")
    if intake and kind != "corrected":
        raise UserError(f"an answer of the kind {kind} names no intake", "--intake", "leave it out")
    said = checked(text, "the answer")
    _refuse_unknown_intake(intake)
    with act():
        query = query_named(id_)
        actor = acting(by, ("force", "analyst"), "answer a query", query.force)
        payload = {"kind": kind, "text": said, "intake": intake, "rows_hash": query.rows_hash}
        event = _move(query, "answer", actor.handle, payload)
        return QueryAnswer.objects.create(
            query=query,
            kind=kind,
            text=said,
            intake=intake,
            by=actor.handle,
            at=event.at,
            rows_hash=query.rows_hash,
            event=event.seq,
        )


def accept(id_: str, by: str, reason: str = "") -> Query:
    """Accept the answer to a query, which settles it.

    Raises:
        UserError: it is not answered, `by` is no analyst, or is who answered it.
    """
    why = checked(reason, "the reason") if reason else ""
    with act():
        query = query_named(id_)
        actor = acting(by, _ANALYST, "accept a query", query.force)
        answered = last_answer(query)
        if query.state == "answered" and answered and answered.by == actor.handle:
            raise UserError(
                f"{actor.handle} answered {query.id_} and may not accept it", "--as", "another analyst may"
            )
        payload: dict[str, Any] = {"rows_hash": query.rows_hash, "reason": why}
        if answered:
            payload["answer"] = answered.event
        mended = query.gone_at and answered and answered.kind in MENDING
        query.settled_rows_hash = NO_ROWS if mended else query.rows_hash
        _move(query, "accept", actor.handle, payload)
        return query


def reopen(id_: str, by: str, reason: str) -> Query:
    """Ask again, because the answer does not settle the query.

    Raises:
        UserError: it is open, `by` is no analyst, or the reason is blank.
    """
    why = checked(reason, "the reason")
    with act():
        query = query_named(id_)
        actor = acting(by, _ANALYST, "reopen a query", query.force)
        query.settled_rows_hash = ""
        _move(query, "reopen", actor.handle, {"reason": why})
        return query


def withdraw(id_: str, by: str, reason: str) -> Query:
    """Take a query back, because it should not have been raised.

    Raises:
        UserError: it is settled, `by` is no analyst, or the reason is blank.
    """
    why = checked(reason, "the reason")
    with act():
        query = query_named(id_)
        actor = acting(by, _ANALYST, "withdraw a query", query.force)
        query.settled_rows_hash = query.rows_hash
        _move(query, "withdraw", actor.handle, {"reason": why, "rows_hash": query.rows_hash})
        return query


def hand_to(id_: str, owner: str, by: str) -> Query:
    """Say who deals with a query: an actor of its force, or an analyst.

    Raises:
        UserError: there is no such actor, `by` may not say so, or the owner acts for another force.
    """
    with act():
        query = query_named(id_)
        actor = acting(by, ("force", "analyst"), "hand on a query", query.force)
        to = actor_named(owner)
        if to.role not in ("force", "analyst") or to.force not in ("", query.force):
            raise UserError(
                f"{owner} cannot deal with a query of {query.force}",
                "--to",
                "name one of its actors or an analyst",
            )
        query.owner = to.handle
        query.save(update_fields=["owner"])
        append(actor.handle, Told("query.handed", "query", query.id_, {"owner": to.handle}))
        return query


def _refuse_unknown_intake(intake: str) -> None:
    folder = opened_root() / "intake"
    if intake and not (folder.is_dir() and intake in {one.name for one in folder.iterdir()}):
        raise UserError(f"there is no intake {intake!r} in this workspace", "--intake", "import names its id")


def _move(query: Query, what: str, by: str, payload: dict[str, Any]) -> Event:
    state, kind = step(what, query.id_, query.state)
    query.state = state
    query.save(update_fields=["state", "settled_rows_hash"])
    return append(by, Told(kind, "query", query.id_, payload))
