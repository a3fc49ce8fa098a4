"""Force registers: every spelling finds one entry, and an unknown one is an error that helps."""

import re
import time

import pytest

from openpeel.errors import UserError
from openpeel.register import Body, Force, Register, load_register

REGISTERS = ["england-and-wales", "demo"]


@pytest.fixture
def england_and_wales() -> Register:
    return load_register("england-and-wales")


@pytest.mark.parametrize("name", REGISTERS)
def test_every_spelling_of_every_entry_finds_that_entry_alone(name: str) -> None:
    register = load_register(name)
    for entry in (*register.forces, *register.bodies):
        for spelling in entry.spellings():
            assert register.find(spelling) is entry
            assert register.find(f"  {spelling.upper()} ") is entry


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_has_43_forces_with_ids_and_codes_of_their_own(name: str) -> None:
    register = load_register(name)
    assert (
        len(register.forces)
        == len(set(register.ids()))
        == len({force.code for force in register.forces})
        == 43
    )
    assert list(register.ids()) == sorted(register.ids())
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", force.id) for force in register.forces)


def test_two_entries_that_collide_are_refused() -> None:
    one, other = Force("one", "Stone & Marsh", "X1"), Body("other", "Stone and Marsh Police")
    with pytest.raises(ValueError, match='"Stone and Marsh Police" is both one and other'):
        Register("r", "R", True, (one,), (other,))


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("devon-and-cornwall", "devon-and-cornwall"),
        ("Devon & Cornwall Constabulary", "devon-and-cornwall"),
        ("DEVON AND CORNWALL", "devon-and-cornwall"),
        ("E23000035", "devon-and-cornwall"),
        ("London, City of", "city-of-london"),
        ("City of London Police", "city-of-london"),
        ("Metropolitan Police Service", "metropolitan"),
        ("The Metropolitan Police", "metropolitan"),
        ("Dyfed Powys", "dyfed-powys"),
        ("Heddlu De Cymru", "south-wales"),
        ("Staffordshire Police Force", "staffordshire"),
        ("Wiltshire3", "wiltshire"),
        ("Hampshire (R)", "hampshire"),
        ("BTP", "btp"),
        ("Police Service of Northern Ireland", "northern-ireland"),
    ],
)
def test_spellings_in_use_are_understood(england_and_wales: Register, text: str, id: str) -> None:
    assert england_and_wales.resolve(text).id == id


@pytest.mark.parametrize(
    "text",
    ["", "Police", "Constabulary", "London", "Wales", "North East", "Surrey & Sussex", "Total West Midlands"],
)
def test_what_is_not_one_force_is_not_found(england_and_wales: Register, text: str) -> None:
    assert england_and_wales.find(text) is None


def test_an_unknown_force_is_an_error_with_the_nearest_one(england_and_wales: Register) -> None:
    with pytest.raises(UserError) as error:
        england_and_wales.resolve("stafordshire")
    assert error.value.line() == 'no force called "stafordshire"; did you mean staffordshire?'


def test_a_hopeless_text_is_told_what_to_use(england_and_wales: Register) -> None:
    with pytest.raises(UserError, match="use an id of the register england-and-wales, such as"):
        england_and_wales.resolve("qqqq")


def test_scope_is_the_forces_alone(england_and_wales: Register) -> None:
    assert england_and_wales.in_scope("staffordshire")
    assert not england_and_wales.in_scope("btp")
    assert not england_and_wales.in_scope("Staffordshire Police")
    assert isinstance(england_and_wales.resolve("Action Fraud"), Body)


def test_names_in_words(england_and_wales: Register) -> None:
    assert england_and_wales.name_of("devon-and-cornwall") == "Devon and Cornwall"
    assert england_and_wales.name_of("btp") == "British Transport Police"
    with pytest.raises(UserError, match="did you mean kent"):
        england_and_wales.name_of("kentt")


@pytest.mark.parametrize(
    ("name", "city"), [("england-and-wales", "city-of-london"), ("demo", "city-of-kingsquay")]
)
def test_one_city_has_no_resident_rates_and_says_why(name: str, city: str) -> None:
    without = [force for force in load_register(name).forces if not force.resident_rates]
    assert [force.id for force in without] == [city]
    assert all(force.why for force in without)


def test_an_unknown_register_lists_those_there_are() -> None:
    with pytest.raises(UserError) as error:
        load_register("scotland")
    assert error.value.line() == 'no force register called "scotland"; there are: demo, england-and-wales'


def test_the_demo_register_names_no_real_force(england_and_wales: Register) -> None:
    demo = load_register("demo")
    assert demo.synthetic
    assert not england_and_wales.synthetic
    assert "stonemarsh" in demo.ids()
    assert all(force.code.startswith("X230") for force in demo.forces)
    for entry in (*demo.forces, *demo.bodies):
        assert not any(england_and_wales.find(spelling) for spelling in entry.spellings())


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_loads_in_ten_milliseconds(name: str) -> None:
    times = []
    for _ in range(5):
        load_register.cache_clear()
        start = time.perf_counter()
        load_register(name)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.010
