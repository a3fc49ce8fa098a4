"""The tables of casework. Services change them; whatever else reads them, reads only."""

from openpeel.casework.models.actors import Actor
from openpeel.casework.models.log import Anchor, Event, EventPayload
from openpeel.casework.models.queries import Query, QueryAnswer
from openpeel.casework.models.returns import Receipt, Return, SignOff

__all__ = [
    "Actor",
    "Anchor",
    "Event",
    "EventPayload",
    "Query",
    "QueryAnswer",
    "Receipt",
    "Return",
    "SignOff",
]
