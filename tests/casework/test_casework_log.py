"""The event log finds whatever was done to it behind its back, says where, and needs no guard for that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from casework_places import Place, doubt, people, place, received, unguarded
from helpers import new_workspace
from openpeel.casework.actors import actors
from openpeel.casework.log.anchors import anchor, read_anchor
from openpeel.casework.log.append import Told, append
from openpeel.casework.log.canonical import event_hash
from openpeel.casework.log.erase import erase_payload
from openpeel.casework.log.find import events
from openpeel.casework.log.verify import verify_log
from openpeel.casework.models import Anchor, Event, EventPayload
from openpeel.casework.queries.deal import accept, answer
from openpeel.casework.queries.find import history, query_named
from openpeel.casework.queries.raise_ import raise_queries
from openpeel.casework.setup import open_casework
from openpeel.casework.work import act
from openpeel.errors import UserError

EVENTS = 12  # of the fixture `worked`
FIELDS = [
    "version",
    "at",
    "actor",
    "kind",
    "subject_kind",
    "subject_id",
    "payload_hash",
    "previous_hash",
    "hash",
]


@pytest.fixture
def worked(casework: Place) -> Place:
    """Six actors; a return expected and received; a query raised by a check, answered and accepted: twelve events."""
    received()
    raise_queries([doubt()], "anna")
    answer("Q-0001", "explained", "Ms Secretname had the wrong clock.", "kay")
    accept("Q-0001", "anna")
    assert Event.objects.count() == EVENTS
    return casework


def problems(*against: Path) -> list[str]:
    return verify_log(against).problems


def rechain(first: int) -> None:
    """Give every event from this one on the hashes that fit what stands in it: what a clever intruder does."""
    previous = Event.objects.get(seq=first - 1).hash if first > 1 else "0" * 64
    for event in Event.objects.filter(seq__gte=first):
        event.previous_hash = previous
        previous = event_hash(event)
        Event.objects.filter(seq=event.seq).update(previous_hash=event.previous_hash, hash=previous)


def test_an_untouched_log_is_whole(worked: Place) -> None:
    state = verify_log()
    assert (state.problems, state.events, state.anchors) == ([], EVENTS, 0)
    assert state.head == events()[-1].hash
    assert worked.root.is_dir()


def test_an_empty_log_is_whole(empty: Place) -> None:
    assert (problems(), verify_log().head) == ([], "")
    with pytest.raises(UserError, match="the log is empty"):
        anchor()
    assert not list(empty.root.glob("ledger/anchors/*"))


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("seq", [1, 9, EVENTS])
def test_an_altered_event_is_named(field: str, seq: int) -> None:
    value = "7" if field == "version" else f"'{'e' * 64}'" if "hash" in field else "'other'"
    unguarded(f"UPDATE casework_event SET {field} = {value} WHERE seq = {seq}")
    found = problems()
    assert any(p.startswith(f"event {seq} (") and "altered" in p for p in found), found


@pytest.mark.usefixtures("worked")
def test_a_changed_time_is_an_altered_event() -> None:
    before = Event.objects.get(seq=9).at
    unguarded(f"UPDATE casework_event SET at = '{before[:-2]}{(int(before[-2]) + 1) % 10}Z' WHERE seq = 9")
    assert [p.split(" (")[0] for p in problems()] == ["event 9"]


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize(
    ("removed", "told"),
    [("= 1", "event 1 is"), ("= 5", "event 5 is"), ("IN (4, 5, 6)", "events 4 to 6 are")],
)
def test_a_removed_event_is_named(removed: str, told: str) -> None:
    tables = ("casework_event", "casework_eventpayload")
    unguarded(*(f"DELETE FROM {table} WHERE seq {removed}" for table in tables))
    assert f"{told} missing: removed" in problems()


@pytest.mark.usefixtures("worked")
def test_a_removed_event_is_found_though_the_others_close_up() -> None:
    unguarded(
        "DELETE FROM casework_event WHERE seq = 5",
        "DELETE FROM casework_eventpayload WHERE seq = 5",
        *(f"UPDATE casework_event{t} SET seq = {n - 1} WHERE seq = {n}"
          for n in range(6, EVENTS + 1) for t in ("", "payload")),
    )  # fmt: skip
    assert any("was written as event 6: re-ordered" in p for p in problems())


@pytest.mark.usefixtures("worked")
def test_re_ordered_events_are_named() -> None:
    unguarded(
        *(f"UPDATE casework_event{t} SET seq = {to} WHERE seq = {of}"
          for of, to in ((4, 100), (7, 4), (100, 7)) for t in ("", "payload")),
    )  # fmt: skip
    found = problems()
    assert any(p.startswith("event 4 (") and "was written as event 7: re-ordered" in p for p in found), found
    assert any(p.startswith("event 7 (") and "was written as event 4: re-ordered" in p for p in found), found


@pytest.mark.usefixtures("worked")
def test_an_inserted_event_is_found() -> None:
    columns = ", ".join(FIELDS)
    unguarded(
        "UPDATE casework_event SET seq = 100 WHERE seq = 9",
        f"INSERT INTO casework_event (seq, {columns}) VALUES (9, 1, '2024', 'x', 'y', 'z', '1', '{'a' * 64}', "
        f"'{'b' * 64}', '{'c' * 64}')",
    )
    assert any(p.startswith("event 9 (y of 1, by x) is altered") for p in problems())


@pytest.mark.usefixtures("worked")
def test_an_altered_payload_is_named() -> None:
    unguarded("UPDATE casework_eventpayload SET content = '{}' WHERE seq = 11")
    assert [p.split(" (")[0] for p in problems()] == ["the payload of event 11"]


@pytest.mark.usefixtures("worked")
def test_a_removed_payload_is_no_erased_one() -> None:
    unguarded("DELETE FROM casework_eventpayload WHERE seq = 11")
    (found,) = problems()
    assert found.startswith("the payload of event 11 (query.answered of Q-0001, by kay) is missing")


@pytest.mark.usefixtures("worked")
def test_a_payload_without_an_event_is_told() -> None:
    unguarded("INSERT INTO casework_eventpayload (seq, salt, content) VALUES (99, '', '{}')")
    assert problems() == ["a payload stands under number 99, where there is no event"]


def cut(last: int) -> None:
    """Cut the end off, and what the events of it did, so that nothing else gives it away."""
    unguarded(
        f"DELETE FROM casework_event WHERE seq > {last}",
        f"DELETE FROM casework_eventpayload WHERE seq > {last}",
        "DELETE FROM casework_queryanswer",
        "UPDATE casework_query SET state = 'open'",
    )


@pytest.mark.usefixtures("worked")
def test_a_cut_tail_shows_against_an_anchor_alone(tmp_path: Path) -> None:
    out = tmp_path / "kept-elsewhere.json"
    noted = anchor(out)
    assert problems(out) == []
    cut(9)
    found = problems(out)
    assert len(found) == 2  # the workspace's own copy, and the one kept elsewhere
    assert all(f"knows {EVENTS} events, there are 9" in p for p in found)
    assert noted.events == EVENTS


@pytest.mark.usefixtures("worked")
def test_a_cut_tail_that_grew_again_is_found() -> None:
    anchor()
    cut(EVENTS - 2)
    answer("Q-0001", "explained", "Something else.", "kay")
    accept("Q-0001", "anna")
    (found,) = problems()
    assert found.startswith(f"event {EVENTS} is not the one that anchor ")


def test_without_its_files_the_database_still_knows_of_anchors(worked: Place) -> None:
    anchor()
    (file,) = (worked.root / "ledger" / "anchors").iterdir()
    file.unlink()
    assert problems() == [f"anchor {file.name} is missing from the workspace"]
    cut(9)
    assert any("the end is cut off" in p for p in problems())


@pytest.mark.usefixtures("worked")
def test_a_log_written_anew_from_some_event_on_is_found_against_an_anchor() -> None:
    anchor()
    unguarded("UPDATE casework_event SET actor = 'ed' WHERE seq = 11")
    rechain(11)
    (found,) = problems()
    assert f"event {EVENTS} is not the one that anchor" in found


@pytest.mark.usefixtures("worked")
def test_a_log_written_anew_from_its_first_event_is_found_against_an_anchor() -> None:
    anchor()
    unguarded("UPDATE casework_event SET actor = 'eve' WHERE seq = 1")
    rechain(1)
    (found,) = problems()
    assert "is of a log that began otherwise" in found


def test_an_anchor_of_another_log_is_told(worked: Place, tmp_path: Path) -> None:
    out = tmp_path / "elsewhere.json"
    anchor(out)
    said = json.loads(out.read_text()) | {"first": "f" * 64}
    out.write_text(json.dumps(said))
    (found,) = problems(out)
    assert "another log" in found
    assert worked.root.is_dir()


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "openpeel.anchor.v1"}', "\0"])
def test_what_is_no_anchor_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "anchor.json"
    file.write_text(content)
    with pytest.raises(UserError, match=r"anchor\.json"):
        problems(file)
    with pytest.raises(UserError, match="cannot be read"):
        read_anchor(tmp_path / "nothing.json")


def test_a_damaged_anchor_of_the_workspace_is_a_problem(worked: Place) -> None:
    anchor()
    (file,) = (worked.root / "ledger" / "anchors").iterdir()
    file.write_text("{")
    assert any(file.name in p for p in problems())


@pytest.mark.usefixtures("worked")
def test_anchoring_twice_is_one_anchor() -> None:
    anchor()
    anchor()
    assert Anchor.objects.count() == 1
    assert verify_log().anchors == 1


def test_an_erased_payload_leaves_a_chain_that_holds(worked: Place) -> None:
    erase_payload(11, "ada", "Data Protection Act 2018, section 47", "names a member of the public")
    state = verify_log()
    assert (state.problems, state.events) == ([], EVENTS + 1)
    (erased,) = state.erased
    assert (erased.seq, erased.by, erased.authority) == (11, "ada", "Data Protection Act 2018, section 47")
    (given,), _ = history(query_named("Q-0001"))
    assert (given.text, given.kind) == ("", "explained")
    files = [file for file in worked.root.glob("openpeel.db*") if file.is_file()]
    assert not any(b"Secretname" in file.read_bytes() for file in files)
    assert bool(files) == (not worked.url)


@pytest.mark.usefixtures("worked")
def test_erasing_takes_the_same_words_out_of_the_tables() -> None:
    erase_payload(5, "ada", "the law", "kay has left")  # actor.added of kay
    erase_payload(9, "ada", "the law", "rows name a person")  # query.raised
    assert {actor.handle: actor.name for actor in actors()}["kay"] == ""
    query = query_named("Q-0001")
    assert (query.text, query.rows) == ("", [])
    assert problems() == []


@pytest.mark.usefixtures("worked")
def test_what_cannot_be_erased() -> None:
    told = erase_payload(11, "ada", "the law", "asked")
    for seq, by, authority, what in (
        (11, "ada", "the law", "the payload of event 11 is not there"),
        (told.seq, "ada", "the law", "tells of an erasure and stays"),
        (99, "ada", "the law", "there is no event 99"),
        (9, "ada", " ", "the authority is blank"),
        (9, "anna", "the law", "may not erase"),
    ):
        with pytest.raises(UserError, match=what):
            erase_payload(seq, by, authority, "asked")
    assert Event.objects.count() == EVENTS + 1


@pytest.mark.usefixtures("worked")
def test_an_erasure_that_was_not_one_is_told() -> None:
    kept = EventPayload.objects.get(seq=11)
    erase_payload(11, "ada", "the law", "asked")
    EventPayload.objects.create(seq=11, salt=kept.salt, content=kept.content)
    (found,) = problems()
    assert "is there, though event 13 says it was erased" in found


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE casework_query SET state = 'open'", "query Q-0001 is open, after its events it is accepted"),
        ("UPDATE casework_query SET number = 2", None),
        ("DELETE FROM casework_queryanswer", "an answer to a query is gone: event 11 tells of it"),
        ("DELETE FROM casework_receipt", "a receipt is gone: event 8 tells of it"),
        (
            "UPDATE casework_receipt SET event = 99",
            "a receipt stands under event 99, which does not tell of it",
        ),
    ],
)
def test_a_state_that_no_event_leads_to_is_told(statement: str, told: str | None) -> None:
    with foreign_keys_off():
        unguarded(statement)
    found = problems()
    assert found
    assert told is None or told in found, found


@contextmanager
def foreign_keys_off() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica"
            if connection.vendor == "postgresql"
            else "PRAGMA foreign_keys=OFF"
        )
    yield


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE casework_event SET actor = 'ed'",
        "DELETE FROM casework_event WHERE seq = 12",
        "UPDATE casework_eventpayload SET content = '{}' WHERE seq = 11",
        "DELETE FROM casework_eventpayload WHERE seq = 11",
        "UPDATE casework_anchor SET hash = ''",
        "DELETE FROM casework_anchor",
    ],
)
def test_the_database_itself_refuses_changes(statement: str) -> None:
    anchor()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert problems() == []


@pytest.mark.usefixtures("worked")
def test_a_fork_cannot_be_stored() -> None:
    last = Event.objects.get(seq=EVENTS)
    last.seq, last.hash = EVENTS + 1, "d" * 64
    with pytest.raises(DatabaseError), transaction.atomic():
        last.save(force_insert=True)


@pytest.mark.usefixtures("worked")
def test_events_are_added_inside_an_act_alone() -> None:
    with pytest.raises(RuntimeError, match="inside"):
        append("anna", Told("a", "b", "c"))


@pytest.mark.usefixtures("worked")
def test_an_act_that_fails_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), act():
        append("anna", Told("a", "b", "c"))
        raise ZeroDivisionError
    assert Event.objects.count() == EVENTS
    assert problems() == []


@pytest.mark.usefixtures("worked")
def test_a_failing_database_is_one_line() -> None:
    with pytest.raises(UserError, match="the casework database cannot be used"), act():
        Event.objects.filter(seq=1).update(actor="ed")
    assert problems() == []


def test_the_hash_is_of_this_form_for_ever() -> None:
    """If this fails, no log that was written before verifies any more: raise the version instead."""
    event = Event(
        seq=7, version=1, at="2024-11-01T12:00:00.000000Z", actor="kay", kind="query.answered",
        subject_kind="query", subject_id="Q-0042", payload_hash="a" * 64, previous_hash="b" * 64,
    )  # fmt: skip
    assert event_hash(event) == GOLDEN


GOLDEN = "be5ed30dfef9a934665b8c1ef72875ee1aac5c6b294b83cefa7c402571798379"


def test_two_workspaces_one_after_the_other(tmp_path: Path) -> None:
    with place(tmp_path / "a", "sqlite") as first:
        people()
        other = new_workspace(tmp_path / "b")
        open_casework(other)
        assert actors() == []
        open_casework(first.root)
        assert len(actors()) == 6
