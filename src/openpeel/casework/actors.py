"""Who acts, and what their role lets them do."""

from __future__ import annotations

import re

from openpeel.casework.log.append import Told, append
from openpeel.casework.models import Actor
from openpeel.casework.words_of import checked
from openpeel.casework.work import act, look
from openpeel.errors import UserError

#: Role -> what it is for.
ROLES = {
    "force": "answers for one force",
    "analyst": "raises, accepts and reopens queries, signs returns off",
    "inspector": "reads",
    "administrator": "adds actors, says which returns are expected, erases",
}

_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_NAME_MOST = 200


def add_actor(handle: str, name: str, role: str, force: str = "", by: str = "") -> Actor:
    """Add an actor.

    As long as there is no administrator, whoever opens the workspace may add actors: they have to begin
    somewhere. After that an administrator must.

    Args:
        handle: short name in small letters, such as ``anna.k``; never changed, in every event.
        name: name in words.
        role: one of `ROLES`.
        force: id of the force, for a force's actor.
        by: handle of who adds; without one, and without an administrator, the new actor adds itself.

    Raises:
        UserError: the handle is taken or cannot be one, the role and the force do not fit, or `by` may not.
    """
    _refuse_misfit(handle, role, force)
    named = checked(name, "the name", _NAME_MOST)
    with act():
        if Actor.objects.filter(handle=handle).exists():
            raise UserError(f"there is an actor {handle} already", do="choose another handle")
        adder = _adder(handle, by)
        payload = {"name": named, "role": role, "force": force}
        event = append(adder, Told("actor.added", "actor", handle, payload))
        return Actor.objects.create(handle=handle, name=named, role=role, force=force, event=event.seq)


def actors() -> list[Actor]:
    """Everybody, by handle."""
    with look():
        return list(Actor.objects.all())


def actor_named(handle: str) -> Actor:
    """The actor with this handle.

    Raises:
        UserError: there is none.
    """
    found = Actor.objects.filter(handle=handle).first()
    if found is None:
        raise UserError(f"there is no actor {handle!r}", "--as", "`openpeel actors` lists them")
    return found


def acting(handle: str, roles: tuple[str, ...], what: str, force: str = "") -> Actor:
    """The actor with this handle, if the role lets them do something.

    Args:
        handle: who.
        roles: whose work it is.
        what: what is to be done, such as ``accept a query``, for the error.
        force: the force it is done for; a force's actor acts for the own force alone.

    Raises:
        UserError: there is no such actor, or it is not theirs to do.
    """
    actor = actor_named(handle)
    if actor.role not in roles:
        raise UserError(
            f"{handle} is {_a(actor.role)} and may not {what}", "--as", f"that is for {_list(roles)}"
        )
    if actor.role == "force" and force and actor.force != force:
        raise UserError(
            f"{handle} acts for {actor.force} and may not {what} of {force}", "--as", "name one of its actors"
        )
    return actor


def _adder(handle: str, by: str) -> str:
    if Actor.objects.filter(role="administrator").exists():
        if not by:
            raise UserError("who adds the actor is not said", "--as", "name an administrator")
        return acting(by, ("administrator",), "add actors").handle
    return actor_named(by).handle if by and by != handle else handle


def _refuse_misfit(handle: str, role: str, force: str) -> None:
    if not _HANDLE.fullmatch(handle):
        raise UserError(
            f"{handle!r} cannot be a handle", do="use small letters, figures, dots and hyphens, 40 at most"
        )
    if role not in ROLES:
        raise UserError(f"there is no role {role!r}", "--role", f"use {', '.join(ROLES)}")
    if role == "force" and not force:
        raise UserError("a force's actor needs a force", "--force", "name it")
    if role != "force" and force:
        raise UserError(f"{_a(role)} belongs to no force", "--force", "leave it out, or use the role force")


def _a(role: str) -> str:
    return {"force": "a force's actor", "analyst": "an analyst", "inspector": "an inspector"}.get(
        role, "an administrator"
    )


def _list(roles: tuple[str, ...]) -> str:
    return " or ".join(_a(role) for role in roles)
