"""The customers of the sample company: 40,000 invented people, as columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mindgap.collect.sample.places import BAD, YOUNG, Place
from mindgap.keep import incoming

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
_SURNAMES_HANT = "王李張劉陳楊黃趙吳周徐孫馬朱胡林郭何高羅"
_GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超霞平刚"
_GIVEN_HANT = "偉芳娜敏靜麗強磊洋豔勇軍傑娟濤明超霞平剛"
_FIRST = (
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eve",
    "Finn",
    "Gia",
    "Hugo",
    "Ida",
    "Jon",
    "Kim",
    "Leo",
    "Mia",
    "Noor",
    "Omar",
    "Pia",
)
_LAST = (
    "Archer",
    "Brook",
    "Cole",
    "Dean",
    "Ellis",
    "Ford",
    "Gray",
    "Hale",
    "Irwin",
    "Jones",
    "Kerr",
    "Lane",
    "Moss",
    "Nash",
)
LANGUAGES = ("zh-hans", "zh-hant", "en")
TIERS = ("basic", "silver", "gold")


@dataclass(frozen=True, slots=True)
class People:
    """Arrays of one length: mood (points of satisfaction), language, tier and store by number."""

    mood: np.ndarray[Any, Any]
    language: np.ndarray[Any, Any]
    tier: np.ndarray[Any, Any]
    store: np.ndarray[Any, Any]
    names: list[str]

    def __len__(self) -> int:
        return len(self.names)

    def person(self, number: int, places: tuple[Place, ...]) -> incoming.Person:
        """The person of that number, as a channel would introduce them."""
        place = places[self.store[number]]
        return incoming.Person(
            identities={"member": f"S{number:06d}"},
            name=self.names[number],
            language=LANGUAGES[self.language[number]],
            segments={"tier": TIERS[self.tier[number]], "region": place.region},
        )


def members(people: People, places: tuple[Place, ...], heard: set[str]) -> Iterator[incoming.Customer]:
    """Those who are not among the `heard`, as a list of members would bring them."""
    for number in range(len(people)):
        person = people.person(number, places)
        if person.identities["member"] not in heard:
            yield incoming.Customer(f"M{number:06d}", person)


def invent(count: int, places: tuple[Place, ...], chance: np.random.Generator) -> People:
    """`count` people; the young store has few of them, the bad one its share."""
    weights = np.array([place.weight for place in places])
    weights /= weights.sum()
    store = chance.choice(len(places), size=count, p=weights)
    codes = [place.code for place in places]
    young = chance.choice(count, size=max(8, count * 24 // 40_000), replace=False)
    store[young] = codes.index(YOUNG)
    assert BAD in codes
    language = chance.choice(3, size=count, p=[0.68, 0.14, 0.18])
    tier = chance.choice(3, size=count, p=[0.7, 0.22, 0.08])
    draws = chance.integers(1 << 30, size=(count, 3))
    return People(
        mood=chance.normal(0.0, 0.55, size=count),
        language=language,
        tier=tier,
        store=store,
        names=[_name(int(code), *map(int, row)) for code, row in zip(language, draws, strict=True)],
    )


def _name(language: int, a: int, b: int, c: int) -> str:
    if LANGUAGES[language] == "en":
        return f"{_FIRST[a % len(_FIRST)]} {_LAST[b % len(_LAST)]}"
    surnames, given = (
        (_SURNAMES, _GIVEN) if LANGUAGES[language] == "zh-hans" else (_SURNAMES_HANT, _GIVEN_HANT)
    )
    second = given[c % len(given)] if c % 3 else ""
    return surnames[a % len(surnames)] + given[b % len(given)] + second
