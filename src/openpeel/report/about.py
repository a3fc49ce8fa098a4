"""The *about the data* part, generated from what was really imported and computed."""

from __future__ import annotations

from typing import Any

from openpeel.engine.clock import month_text
from openpeel.engine.measure.context import Context
from openpeel.engine.measure.imports import Account, Wording, accounts, entries_of, unknown_wordings
from openpeel.engine.measure.maker import Answers
from openpeel.engine.measure.period import Period
from openpeel.register import Register
from openpeel.report.numbers import date_text
from openpeel.version import __version__
from openpeel.words import _

About = list[dict[str, Any]]


def about_the_data(
    context: Context, answers: Answers, force: str, period: Period, register: Register
) -> About:
    """Paragraphs ``{"text"}`` and tables ``{"table"}`` on what the report rests on.

    Args:
        context: the opened workspace.
        answers: the figures worked out, with the recording practices found.
        force: the reported force.
        period: the report's period.
        register: the forces compared.
    """
    forces = [*register.ids(), *([] if register.in_scope(force) else [force])]
    types = list(dict.fromkeys(m.of for m in context.catalogue.measures.values()))
    out: About = [_vintage(context), _forces(register)]
    for type_id in types:
        entries = entries_of(context, type_id, forces, period.months())
        imported = accounts(context, entries)
        out += _imported(context, type_id, imported, period)
        out += _own_files(imported, force, register)
        out.append(_supply(context, type_id, period, register))
        wordings = unknown_wordings(context, context.catalogue.types[type_id], entries)
        out.append(_wordings(wordings, register))
    out += _population(context)
    out += _practices(answers, register)
    out.append(_software(context))
    return out


def _vintage(context: Context) -> dict[str, Any]:
    vintage = context.view.vintage
    recorded = (
        _("recorded by %s") % vintage.recorded_by.isoformat() if vintage.recorded_by else _("recorded so far")
    )
    return _text(
        _(
            "Every figure answers from what was known on %(day)s and %(recorded)s (generation %(number)d of the "
            "workspace). It can be asked again, and openpeel verify works every number out anew from the records."
        )
        % {"day": date_text(vintage.as_at), "recorded": recorded, "number": context.generation.number}
    )


def _forces(register: Register) -> dict[str, Any]:
    few = [register.name_of(f) for f in register.few_residents()]
    text = _("The forces compared are the %(n)d of the register “%(title)s”. ") % {
        "n": len(register.ids()),
        "title": register.title,
    }
    if few:
        text += _(
            "%s has few residents and many visitors: it keeps its own figures and is left out of mean, standard "
            "deviation, bands and funnel of rates per resident. "
        ) % ", ".join(few)
    return _text(text + _("Other bodies found in the files are kept, and are in no average."))


def _imported(context: Context, type_id: str, imported: list[Account], period: Period) -> About:
    title = context.catalogue.types[type_id].title
    if not imported:
        return [
            _text(
                _("%(type)s: nothing was supplied for %(period)s.") % {"type": title, "period": period.text()}
            )
        ]
    rows = []
    for a in imported:
        read, accepted = sum(f["read"] for f in a.files), sum(f["accepted"] for f in a.files)
        known = (
            a.known_from if a.known_from_stated else _("%s (day of import; none was stated)") % a.known_from
        )
        repeats = sum(f["duplicates"] for f in a.files)
        rows.append(
            [
                a.intake,
                known,
                str(len(a.files)),
                *(f"{n:,}" for n in (read, accepted, read - accepted, repeats)),
            ]
        )
    columns = [
        _("Intake"),
        _("Known from"),
        _("Files"),
        _("Rows read"),
        _("Accepted"),
        _("Set aside"),
        _("Exact repeats"),
    ]
    note = _(
        "Rows read are rows accepted plus rows set aside. Exact repeats are kept and counted: two records can "
        "look alike."
    )
    caption = _("%s: intakes these figures rest on, with all the files each of them brought") % title
    return [_table(f"imported-{type_id}", caption, columns, rows, note)]


def _own_files(imported: list[Account], force: str, register: Register) -> About:
    rows = []
    for account in imported:
        for f in account.files:
            if f["force"] == force:
                why = "; ".join(f"{n} {reason}" for reason, n in f["set_aside"].items())
                rows.append([
                    f["file"], f["months"], f"{f['read']:,}", f"{f['accepted']:,}", why or _("none"),
                    f"{f['duplicates']:,}", f["sha256"][:16], "; ".join(f["notes"]) or _("none"),
                ])  # fmt: skip
    if not rows:
        return []
    columns = [
        _("File"), _("Months"), _("Rows read"), _("Accepted"), _("Set aside, and why"), _("Exact repeats"),
        _("SHA-256 begins"), _("Notes"),
    ]  # fmt: skip
    caption = _("Files supplied for %s in these intakes") % register.name_of(force)
    return [_table(f"files-{imported[0].type}", caption, columns, rows)]


def _supply(context: Context, type_id: str, period: Period, register: Register) -> dict[str, Any]:
    rows = []
    for force in register.ids():
        missing = [m for m in period.months() if context.view.get(type_id, force, m) is None]
        if missing:
            what = (
                _("the whole period")
                if len(missing) == period.length()
                else ", ".join(map(month_text, missing))
            )
            rows.append([register.name_of(force), what])
    title = context.catalogue.types[type_id].title
    if not rows:
        return _text(
            _("%(type)s: all %(n)d forces supplied every month of the period.")
            % {"type": title, "n": len(register.ids())}
        )
    note = _("A force that supplied nothing has no figure; it is not counted as zero and is in no average.")
    return _table(
        f"missing-{type_id}",
        _("%s: forces that did not supply the whole period") % title,
        [_("Force"), _("Not supplied")],
        rows,
        note,
    )


def _wordings(wordings: list[Wording], register: Register) -> dict[str, Any]:
    if not wordings:
        return _text(_("Every wording found in the categories of these records is one openpeel knows."))
    rows = [[w.column, w.wording, register.name_of(w.force), f"{w.rows:,}"] for w in wordings]
    note = _("These rows are kept; what the wording stands for is treated as unknown.")
    columns = [_("Column"), _("Wording"), _("Force"), _("Rows")]
    return _table("wordings", _("Wordings that openpeel does not know"), columns, rows, note)


def _population(context: Context) -> About:
    estimates = context.populations.estimates
    if not estimates:
        return [_text(_("No population table was imported, so there are no rates per resident."))]
    found = sorted({(e.day, e.basis, e.scheme) for e in estimates}, reverse=True)
    rows = [
        [b, date_text(d), s, str(sum(1 for e in estimates if (e.day, e.basis, e.scheme) == (d, b, s)))]
        for d, b, s in found
    ]
    rule = {
        "latest": _("Rates use the latest estimate known, whatever the period."),
        "matching-year": _("Rates use the estimate of the year in which the period ends, and none other."),
    }[context.populations.choice]
    columns = [_("Basis"), _("Day"), _("Ethnic groups"), _("Forces")]
    return [_table("population", _("Population estimates known"), columns, rows, rule)]


def _practices(answers: Answers, register: Register) -> About:
    out: About = [
        _text(
            _(
                "Forces fill the columns of these files in in different ways. What each does was worked out from its "
                "own rows in the period, by the limits printed on the method page (openpeel's assumptions); a figure "
                "is given only under a reading that this supports."
            )
        )
    ]
    for id_, found in answers.practices.items():
        if not found:
            continue
        names = list(next(iter(found.values())).counts)
        rows = [
            [
                register.name_of(force),
                f.rule.says,
                _reading(f.rule.status, f.rule.reading),
                *(f"{f.counts[n]:,}" for n in names),
            ]
            for force, f in sorted(found.items())
        ]
        columns = [_("Force"), _("What it does"), _("Reading"), *(n.replace("_", " ") for n in names)]
        title = _("How forces record: %s") % answers.practice_titles[id_]
        note = _(
            "The last columns are the counts it was worked out from; nfa is no further action, acted anything else."
        )
        out.append(_table(f"practice-{id_}", title, columns, rows, note))
    return out


def _reading(status: str, reading: str) -> str:
    """How a force's column is read, in words."""
    if status:
        return _("none: no value is given")
    return reading.replace("-", " ") if reading else _("as it stands")


def _software(context: Context) -> dict[str, Any]:
    return _text(
        _("Worked out by %(software)s from generation %(sha)s. Contains public sector information licensed under the "
          "Open Government Licence v3.0 where the records are public ones.")
        % {"software": f"openpeel {__version__}", "sha": context.generation_hash[:16] or "0"}
    )  # fmt: skip


def _text(text: str) -> dict[str, Any]:
    return {"text": text}


def _table(
    id_: str, caption: str, columns: list[str], rows: list[list[str]], note: str = ""
) -> dict[str, Any]:
    return {"table": {"id": id_, "caption": caption, "columns": columns, "rows": rows, "note": note}}
