"""Actors: who may be added by whom, and what a role lets its holder do."""

from __future__ import annotations

import pytest

from casework_places import Place, doubt, people
from openpeel.casework.actors import actors, add_actor
from openpeel.casework.log.find import events
from openpeel.casework.queries.deal import answer
from openpeel.casework.queries.raise_ import raise_queries
from openpeel.errors import UserError

pytestmark = pytest.mark.usefixtures("empty")


def test_an_actor_is_added_with_an_event() -> None:
    add_actor("kay", " Kay Jones ", "force", "kent")
    (kay,) = actors()
    assert (kay.handle, kay.name, kay.role, kay.force) == ("kay", "Kay Jones", "force", "kent")
    (event,) = events()
    assert (event.seq, event.actor, event.kind, event.subject_id) == (1, "kay", "actor.added", "kay")
    assert kay.event == event.seq


def test_before_there_is_an_administrator_anybody_adds() -> None:
    add_actor("anna", "Anna", "analyst")
    add_actor("ada", "Ada", "administrator", by="anna")
    assert [e.actor for e in events()] == ["anna", "anna"]


@pytest.mark.parametrize("by", ["", "anna", "kay"])
def test_after_that_an_administrator_must(by: str) -> None:
    people()
    with pytest.raises(UserError):
        add_actor("new", "New", "analyst", by=by)
    assert "new" not in {actor.handle for actor in actors()}


@pytest.mark.parametrize(
    ("handle", "name", "role", "force", "told"),
    [
        ("Anna K", "Anna", "analyst", "", "cannot be a handle"),
        ("", "Anna", "analyst", "", "cannot be a handle"),
        ("a" * 41, "Anna", "analyst", "", "cannot be a handle"),
        ("anna", " ", "analyst", "", "the name is blank"),
        ("anna", "A\0", "analyst", "", "characters that are no text"),
        ("anna", "Anna", "boss", "", "there is no role 'boss'"),
        ("anna", "Anna", "analyst", "kent", "an analyst belongs to no force"),
        ("kay", "Kay", "force", "", "a force's actor needs a force"),
    ],
)
def test_what_cannot_be_an_actor(handle: str, name: str, role: str, force: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        add_actor(handle, name, role, force)
    assert not actors()
    assert not events()


def test_a_handle_is_one_person() -> None:
    people()
    with pytest.raises(UserError, match="there is an actor kay already"):
        add_actor("kay", "Another", "analyst", by="ada")


@pytest.mark.parametrize("by", ["ada", "ina", "kay", "nobody"])
def test_only_an_analyst_raises_queries(by: str) -> None:
    people()
    with pytest.raises(UserError):
        raise_queries([doubt()], by)


@pytest.mark.parametrize(
    ("by", "told"),
    [
        ("ed", "ed acts for essex and may not answer a query of kent"),
        ("ina", "ina is an inspector and may not answer a query"),
        ("ada", "that is for a force's actor or an analyst"),
        ("nobody", "there is no actor 'nobody'"),
    ],
)
def test_a_force_answers_for_itself(by: str, told: str) -> None:
    people()
    raise_queries([doubt()], "anna")
    with pytest.raises(UserError, match=told):
        answer("Q-0001", "explained", "It is so.", by)


def test_an_open_workspace_is_needed(empty: Place) -> None:
    from openpeel.casework.setup import close_casework

    close_casework()
    with pytest.raises(UserError, match="no workspace's casework is open"):
        actors()
    assert empty.root.is_dir()
