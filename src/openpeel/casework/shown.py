"""Casework as plain data, for JSON and tables: the same names wherever it is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from openpeel.casework.log.append import payloads_of
from openpeel.casework.models import Actor, Event, Query, QueryAnswer
from openpeel.casework.returns.status import Standing
from openpeel.casework.work import look
from openpeel.engine.clock import month_text


def actor_plain(actor: Actor) -> dict[str, Any]:
    """An actor."""
    return {
        "handle": actor.handle,
        "name": actor.name or None,
        "role": actor.role,
        "force": actor.force or None,
    }


def query_plain(query: Query) -> dict[str, Any]:
    """A query, with all its rows."""
    return {
        "id": query.id_,
        "state": query.state,
        "severity": query.severity,
        "force": query.force,
        "type": query.type,
        "check": query.check_id,
        "subject": query.subject,
        "months": months_text(query.first_month, query.last_month),
        "count": query.count,
        "rows": query.rows,
        "text": query.text,
        "owner": query.owner or None,
        "collection": query.of.collection if query.of else None,
        "raised_at": query.raised_at,
        "found_at": query.found_at,
        "no_longer_found_at": query.gone_at or None,
    }


def answer_plain(answer: QueryAnswer, query: Query) -> dict[str, Any]:
    """An answer; it says whether the query's rows are still those that it answers."""
    return {
        "kind": answer.kind,
        "text": answer.text or None,
        "intake": answer.intake or None,
        "by": answer.by,
        "at": answer.at,
        "rows_changed_since": answer.rows_hash != query.rows_hash,
    }


def events_plain(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Events with what they say; ``payload`` is null where it was erased or is missing."""
    with look():
        payloads = payloads_of(events)
    out = []
    for event in events:
        payload = payloads.get(event.seq)
        out.append(
            {
                "seq": event.seq,
                "at": event.at,
                "actor": event.actor,
                "kind": event.kind,
                "subject_kind": event.subject_kind,
                "subject": event.subject_id,
                "payload": _content(payload.content) if payload else None,
                "hash": event.hash,
            }
        )
    return out


def standing_plain(standing: Standing) -> dict[str, Any]:
    """Where a return stands."""
    return {
        "collection": standing.collection,
        "force": standing.force,
        "months": months_text(standing.first_month, standing.last_month),
        "due": standing.due.isoformat(),
        "state": standing.state,
        "received": standing.received.isoformat() if standing.received else None,
        "days_late": standing.days_late,
        "receipts": standing.receipts,
        "unsettled": list(standing.unsettled),
        "blocking": list(standing.blocking),
        "signed_off_by": standing.signed_by or None,
        "note": standing.note or None,
    }


def months_text(first: int | None, last: int | None) -> str | None:
    """Months as the command line takes them: ``2024-04`` or ``2024-04..2024-09``."""
    if first is None or last is None:
        return None
    return month_text(first) if first == last else f"{month_text(first)}..{month_text(last)}"


def _content(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # altered; `openpeel log check` says so
        return text
