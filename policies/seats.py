"""How many of the asked-for seats can these people fill, when each may sit on one only?

A maximum matching between people and seats (Kuhn's augmenting paths): someone who could sit on either of two seats
moves over when that lets another person sit down. Greedy counting would turn people away or count them twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """Who sits where, and what stays empty."""

    seats: Mapping[str, int]
    """Seats by role."""
    taken: Mapping[str, tuple[str, ...]]
    """People on the seats of each role, in the order in which they came."""
    able: Mapping[str, frozenset[str]]
    """Roles of each person who came."""

    def free(self) -> dict[str, int]:
        """Return the number of empty seats of each role that has some."""
        left = {role: count - len(self.taken[role]) for role, count in self.seats.items()}
        return {role: count for role, count in left.items() if count > 0}

    def seated(self) -> frozenset[str]:
        """Return everyone who has a seat."""
        return frozenset(person for people in self.taken.values() for person in people)

    def leads_to(self, role: str) -> frozenset[str]:
        """Return the roles of which one more person would fill a seat of `role`, by others moving over."""
        reached, before = {role}, 0
        while len(reached) > before:
            before = len(reached)
            reached |= {
                seat for seat, sitting in self.taken.items() if any(self.able[one] & reached for one in sitting)
            }
        return frozenset(reached)


def seat(people: Sequence[tuple[str, Collection[str]]], seats: Mapping[str, int]) -> Seating:
    """Seat as many people as possible; those who came earlier keep a seat."""
    able = {person: frozenset(roles) for person, roles in people}
    taken: dict[str, list[str]] = {role: [] for role in seats}
    for person in able:
        _sit(person, able, seats, taken, set())
    return Seating(seats=seats, taken={role: tuple(sitting) for role, sitting in taken.items()}, able=able)


def _sit(
    person: str,
    able: Mapping[str, frozenset[str]],
    seats: Mapping[str, int],
    taken: dict[str, list[str]],
    tried: set[str],
) -> bool:
    """Find a seat, asking others to move over where none is free; never tries a role twice."""
    for role in sorted((able[person] & seats.keys()) - tried):
        tried.add(role)
        if len(taken[role]) < seats[role]:
            taken[role].append(person)
            return True
        for other in taken[role]:
            if _sit(other, able, seats, taken, tried):
                taken[role][taken[role].index(other)] = person
                return True
    return False
