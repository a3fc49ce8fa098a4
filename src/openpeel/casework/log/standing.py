"""Does what stands in the tables follow from the log? A state that no event leads to was changed by other means."""

from __future__ import annotations

from collections.abc import Sequence

from openpeel.casework.log.chain import Link
from openpeel.casework.models import Query, QueryAnswer, Receipt, SignOff
from openpeel.casework.queries.states import AFTER


def check_standing(links: Sequence[Link], problems: list[str]) -> None:
    """Hold the states of queries, their answers, receipts and sign-offs against the events that made them.

    Args:
        links: the events.
        problems: what is found wrong is added here.
    """
    _check_queries(links, problems)
    made = [
        ("an answer to a query", "query.answered", set(QueryAnswer.objects.values_list("event", flat=True))),
        ("a receipt", "return.received", set(Receipt.objects.values_list("event", flat=True))),
        ("a sign-off", "return.signed-off", set(SignOff.objects.values_list("event", flat=True))),
        (
            "a sign-off taken back",
            "return.sign-off-taken-back",
            set(SignOff.objects.exclude(undone_by="").values_list("undone_event", flat=True)),
        ),
    ]
    for what, kind, stands in made:
        told = {link.seq for link in links if link.kind == kind}
        problems += [f"{what} is gone: event {seq} tells of it" for seq in sorted(told - stands)]
        problems += [
            f"{what} stands under event {seq}, which does not tell of it" for seq in sorted(stands - told)
        ]


def _check_queries(links: Sequence[Link], problems: list[str]) -> None:
    after = {
        str(link.subject_id): AFTER[link.kind]
        for link in links
        if link.subject_kind == "query" and link.kind in AFTER
    }
    stands = {query.id_: query.state for query in Query.objects.only("number", "state")}
    wrong = [id_ for id_ in sorted(after.keys() | stands.keys()) if after.get(id_) != stands.get(id_)]
    problems += [
        f"query {id_} is {stands.get(id_, 'not there')}, after its events it is {after.get(id_, 'not there')}"
        for id_ in wrong
    ]
