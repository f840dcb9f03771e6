"""People and seats: a matching, not a count."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from policies.seats import seat

ROLES = "abc"
crowds = st.lists(st.frozensets(st.sampled_from(ROLES + "z")), max_size=5).map(
    lambda held: [(f"p{index}", roles) for index, roles in enumerate(held)]
)
rooms = st.dictionaries(st.sampled_from(ROLES), st.integers(1, 2))


def most(people: list[tuple[str, frozenset[str]]], seats: dict[str, int]) -> int:
    """Try every order of the seats: the definition itself, too slow for use."""
    places = [role for role, count in seats.items() for _ in range(count)] + [""] * len(people)
    orders = permutations(places, len(people))
    return max(sum(role in roles for (_, roles), role in zip(people, order, strict=True)) for order in orders)


def test_someone_with_two_roles_moves_over_for_someone_with_one() -> None:
    seating = seat([("bob", {"validator", "engineer"}), ("carol", {"engineer"})], {"engineer": 1, "validator": 1})
    assert seating.taken == {"engineer": ("carol",), "validator": ("bob",)}
    assert not seating.free()


def test_one_person_cannot_fill_two_seats() -> None:
    seating = seat([("bob", {"validator", "engineer"})], {"engineer": 1, "validator": 1})
    assert seating.free() == {"validator": 1}


def test_whoever_makes_another_move_over_helps_too() -> None:
    seating = seat([("bob", {"validator", "engineer"})], {"engineer": 1, "validator": 1, "officer": 1})
    assert seating.taken["engineer"] == ("bob",)
    assert seating.leads_to("validator") == {"validator", "engineer"}
    assert seating.leads_to("officer") == {"officer"}


@given(crowds, rooms)
def test_as_many_seats_are_filled_as_can_be(people: list[tuple[str, frozenset[str]]], seats: dict[str, int]) -> None:
    seating = seat(people, seats)
    assert len(seating.seated()) == most(people, seats)
    for role, sitting in seating.taken.items():
        assert len(sitting) <= seats[role]
        assert all(role in dict(people)[person] for person in sitting)


@given(crowds, rooms, st.frozensets(st.sampled_from(ROLES)))
def test_a_newcomer_fills_a_seat_exactly_if_one_of_their_roles_leads_to_a_free_one(
    people: list[tuple[str, frozenset[str]]], seats: dict[str, int], roles: frozenset[str]
) -> None:
    seating = seat(people, seats)
    helps = any(roles & seating.leads_to(role) for role in seating.free())
    more = len(seat([*people, ("new", roles)], seats).seated()) > len(seating.seated())
    assert more == helps


@given(crowds, rooms, st.frozensets(st.sampled_from(ROLES)))
def test_who_sits_keeps_a_seat_when_someone_comes_later(
    people: list[tuple[str, frozenset[str]]], seats: dict[str, int], roles: frozenset[str]
) -> None:
    assert seat(people, seats).seated() <= seat([*people, ("new", roles)], seats).seated()
