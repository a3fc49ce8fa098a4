"""Matching by sealed identities: pairs of pseudonyms, never a name, never a score."""

from __future__ import annotations

from pathlib import Path

import pytest
from persons_fixture import PERSON, hashed, keyring_at, names, newest_intake, put, store_of

from openpeel.engine.identity import match
from openpeel.engine.identity.match import folded, matches
from openpeel.engine.identity.store import SealedStore
from openpeel.errors import UserError


@pytest.fixture
def store(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SealedStore:
    keyring_at(monkeypatch, tmp_path / "keys")
    return store_of(workspace)


def hold(store: SealedStore, force: str, *rows: tuple[str | None, ...]) -> None:
    put(store.root, PERSON, "2023-01", *[(r[0] or "", "2023-01-02", "") for r in rows], force=force)
    store.write(force, newest_intake(store.root), names(store.root, *rows, force=force))


def pair(store: SealedStore, *persons: tuple[str, str]) -> tuple[str, ...]:
    (one, other) = sorted((force, hashed(store.root, number, force=force)) for force, number in persons)
    return (*one, *other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "OBRIEN"), ("Smith-Jones", "smith jones"), ("Müller", "MULLER"), ("Straße", "STRASSE"),
        ("Søren", "soren"), ("Łukasz", "Lukasz"), (" de la  Cruz ", "Delacruz"), ("Zoë", "Zoe\u0308"),
        ("Ｋent", "kent"),
    ],
)  # fmt: skip
def test_folded_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Smith", "Smyth"), ("कि", "का"), ("Ann", "Anne"), ("Jo1", "Jo2")]
)
def test_folded_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize("text", [None, "", "  ", "-", "'", "..."])
def test_nothing_is_left(text: str | None) -> None:
    assert folded(text) == ""


def test_between_forces_and_within_one(store: SealedStore) -> None:
    hold(store, "kent", ("N-1", "O'Brien", "Zoë", "1990-01-02"), ("N-2", "obrien", "ZOE", "1990-01-02"),
         ("N-3", "O'Brien", "Zoë", "1990-02-01"))  # fmt: skip
    hold(store, "essex", ("N-1", "OBRIEN", "Zoe", "1990-01-02"), ("N-9", "Other", "Zoe", "1990-01-02"))
    found = matches(store, ["kent", "essex"])
    kent1, kent2, essex1 = ("kent", "N-1"), ("kent", "N-2"), ("essex", "N-1")
    assert found.pairs == sorted(pair(store, *p) for p in [(kent1, kent2), (kent1, essex1), (kent2, essex1)])
    assert found.too_many == []
    assert matches(store, ["kent"]).pairs == [pair(store, kent1, kent2)]
    assert matches(store, ["essex"]).pairs == [] and matches(store, []).pairs == []


@pytest.mark.parametrize("blank", [1, 2, 3])
@pytest.mark.parametrize("how", [None, "", " - "])
def test_a_blank_part_matches_nothing(store: SealedStore, blank: int, how: str | None) -> None:
    row = ["N-1", "One", "Alex", "1990-01-01"]
    row[blank] = how  # type: ignore[call-overload]
    hold(store, "kent", tuple(row), ("N-2", *row[1:]))
    assert matches(store, ["kent"]).pairs == []


def test_the_same_person_in_two_intakes_is_no_pair(store: SealedStore) -> None:
    hold(store, "kent", ("N-1", "One", "Alex", "1990-01-01"))
    store.write("kent", "not-known-yet", names(store.root, ("N-2", "One", "Alex", "1990-01-01")))
    put(store.root, PERSON, "2023-01", ("N-1", "2023-01-03", ""))
    store.write("kent", newest_intake(store.root), names(store.root, ("N-1", "One", "Alex", "1990-01-01")))
    assert matches(store, ["kent"]).pairs == []


def test_what_was_corrected_no_longer_matches(store: SealedStore) -> None:
    hold(store, "kent", ("N-1", "One", "Alex", "1990-01-01"), ("N-2", "One", "Alex", "1990-01-01"))
    assert len(matches(store, ["kent"]).pairs) == 1
    put(store.root, PERSON, "2023-01", ("N-1", "2023-01-03", ""))
    store.write("kent", newest_intake(store.root), names(store.root, ("N-1", None, None, "1991-01-01")))
    assert matches(store, ["kent"]).pairs == []


def test_a_placeholder_is_not_one_person(store: SealedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match, "MOST_ALIKE", 3)
    rows = [(f"N-{n}", "Unknown", "Unknown", "1900-01-01") for n in range(4)]
    hold(store, "kent", *rows, ("M-1", "A", "B", "1990-01-01"), ("M-2", "A", "B", "1990-01-01"))
    found = matches(store, ["kent"])
    assert len(found.pairs) == 1 and found.too_many == [4]


def test_nothing_of_an_identity_comes_out(store: SealedStore) -> None:
    hold(store, "kent", ("N-1", "Quxworth", "Alex", "1990-01-01"), ("N-2", "Quxworth", "Alex", "1990-01-01"))
    shown = repr(matches(store, ["kent"])).lower()
    assert not any(s in shown for s in ("quxworth", "alex", "1990", "n-1"))


def test_there_is_no_such_rule(store: SealedStore) -> None:
    with pytest.raises(UserError, match="use exact"):
        matches(store, ["kent"], "similar")
