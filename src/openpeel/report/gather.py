"""A publication: everything a report shows and everything needed to work it out again, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpeel.engine.compare.build import Rules
from openpeel.engine.measure import ledger
from openpeel.engine.measure.build import answer
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.period import Period, period_label
from openpeel.engine.measure.recheck import store
from openpeel.register import Register
from openpeel.report.about import about_the_data
from openpeel.version import __version__

#: Shape of ``publication.json``; raised when it changes.
SHAPE = 1


@dataclass(frozen=True)
class Subject:
    """What a report is about.

    Attributes:
        force: the reported force or body.
        period: whole months.
        register: the forces it is compared with.
        rules: how they are compared.
    """

    force: str
    period: Period
    register: Register
    rules: Rules


def gather(context: Context, subject: Subject) -> dict[str, Any]:
    """Work out every figure of a report and put together what is published.

    Args:
        context: the opened workspace.
        subject: force, period and rules.

    Returns:
        the publication as plain data; ``content.of`` makes a report of it.
    """
    register = subject.register
    measures = list(context.catalogue.measures.values())
    forces = list(dict.fromkeys([*register.ids(), subject.force]))
    answers = answer(context, measures, forces, subject.period)
    ledger.record(context, answers)
    return {
        "shape": SHAPE,
        "software": f"openpeel {__version__}",
        "report": {
            "force": subject.force,
            "register": register.id,
            "synthetic": register.synthetic,
            "period_label": period_label(subject.period),
            "peers": list(register.ids()),
            "names": {f: register.name_of(f) for f in forces},
            "sd": subject.rules.sd,
            "leave_out": list(subject.rules.leave_out),
        },
        "stored": store(context, measures, forces, subject.period),
        "figures": [f.as_json() for f in answers.figures],
        "about": about_the_data(context, answers, subject.force, subject.period, register),
    }
