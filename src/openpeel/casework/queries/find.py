"""Finding queries."""

from __future__ import annotations

import re

from django.db.models import QuerySet

from openpeel.casework.models import Event, Query, QueryAnswer
from openpeel.casework.queries.states import STATES
from openpeel.casework.work import look
from openpeel.errors import UserError

SEVERITIES = ("blocking", "warning", "note")

_ID = re.compile(r"(?i)\s*(?:Q-?)?0*([0-9]{1,9})\s*")


def query_named(id_: str) -> Query:
    """The query of an id, such as ``Q-0042``; ``42`` will do.

    Raises:
        UserError: there is none.
    """
    found = _ID.fullmatch(id_)
    with look():
        query = Query.objects.select_related("of").filter(number=int(found[1])).first() if found else None
    if query is None:
        raise UserError(f"there is no query {id_!r}", do="`openpeel queries` lists them")
    return query


def queries(force: str = "", state: str = "", severity: str = "", collection: str = "") -> list[Query]:
    """Queries by number.

    Args:
        force: id of a force; blank for all.
        state: a state, or ``unsettled`` for all that somebody has to deal with.
        severity: a severity.
        collection: id of a collection.

    Raises:
        UserError: there is no such state or severity.
    """
    with look():
        return list(_filtered(force, state, severity, collection).select_related("of"))


def last_answer(query: Query) -> QueryAnswer | None:
    """The newest answer to a query, if there is one."""
    return QueryAnswer.objects.filter(query=query).order_by("-event").first()


def history(query: Query) -> tuple[list[QueryAnswer], list[Event]]:
    """The answers to a query, and its events, in their order."""
    with look():
        events = Event.objects.filter(subject_kind="query", subject_id=query.id_)
        return list(QueryAnswer.objects.filter(query=query)), list(events)


def _filtered(force: str, state: str, severity: str, collection: str) -> QuerySet[Query]:
    found = Query.objects.all()
    if force:
        found = found.filter(force=force)
    if state == "unsettled":
        found = found.exclude(state__in=("accepted", "withdrawn"))
    elif state in STATES:
        found = found.filter(state=state)
    elif state:
        raise UserError(f"there is no state {state!r}", "--state", f"use {', '.join(STATES)} or unsettled")
    if severity and severity not in SEVERITIES:
        raise UserError(f"there is no severity {severity!r}", "--severity", f"use {', '.join(SEVERITIES)}")
    if severity:
        found = found.filter(severity=severity)
    return found.filter(of__collection=collection) if collection else found
