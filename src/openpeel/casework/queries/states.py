"""The states of a query, and what leads from one to another.

``open`` and ``reopened`` wait for the force, ``answered`` waits for an analyst, ``accepted`` and ``withdrawn``
are settled.
"""

from __future__ import annotations

from openpeel.errors import UserError

STATES = ("open", "answered", "accepted", "reopened", "withdrawn")
#: Not settled: a blocking query in one of these keeps its return from being signed off.
UNSETTLED = ("open", "answered", "reopened")
SETTLED = ("accepted", "withdrawn")

ANSWERS = ("explained", "corrected", "withdrawn")

#: Answers after which the doubt should no longer be found.
MENDING = ("corrected", "withdrawn")

#: act -> (states it may be done in, state it leads to, kind of its event)
_STEPS = {
    "answer": (("open", "reopened"), "answered", "query.answered"),
    "accept": (("answered",), "accepted", "query.accepted"),
    "reopen": (("answered", "accepted", "withdrawn"), "reopened", "query.reopened"),
    "withdraw": (("open", "reopened", "answered"), "withdrawn", "query.withdrawn"),
}
#: What to do instead, by act and state.
_INSTEAD = {
    ("answer", "answered"): "an analyst accepts it, or reopens it for another answer",
    ("accept", "open"): "it needs an answer first",
    ("accept", "reopened"): "it needs an answer first",
    ("reopen", "open"): "it is open",
    ("reopen", "reopened"): "it is open",
}

#: kind of event -> the state a query is in after it
AFTER = {"query.raised": "open", **{kind: state for _, state, kind in _STEPS.values()}}


def step(what: str, id_: str, state: str) -> tuple[str, str]:
    """The state that an act leads to, and the kind of its event.

    Args:
        what: answer, accept, reopen or withdraw.
        id_: the query, for the error.
        state: the state it is in.

    Raises:
        UserError: the act does not go with the state.
    """
    allowed, leads_to, kind = _STEPS[what]
    if state not in allowed:
        raise UserError(
            f"{id_} is {state}, so one cannot {what} it",
            do=_INSTEAD.get((what, state), "an analyst can reopen it, with a reason"),
        )
    return leads_to, kind
