"""Records behave as the dataclasses of the standard library do, in all that this program uses of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest

from tokenrouter_video import records

# The same classes made by the one and by the other; each pair is used alike below.
MAKERS = [pytest.param(records, id="records"), pytest.param(dataclasses, id="dataclasses")]


def point_of(maker: Any, **options: bool) -> Any:
    @maker.dataclass(**options)
    class Point:
        x: int
        y: int = 2
        tags: list[str] = maker.field(default_factory=list)
        note: str = maker.field(default="", compare=False, repr=False)

        def __post_init__(self) -> None:
            """Show that it ran."""
            self.tags.append("made")

    return Point


@pytest.mark.parametrize("options", [{}, {"frozen": True}, {"slots": True}, {"frozen": True, "slots": True}])
@pytest.mark.parametrize("maker", MAKERS)
def test_fields_have_values_and_defaults(maker: Any, options: dict[str, bool]) -> None:
    point = point_of(maker, **options)
    assert [(p.x, p.y, p.tags, p.note) for p in (point(1), point(1, 3, ["a"], "n"), point(y=4, x=3, note="n"))] == [
        (1, 2, ["made"], ""),
        (1, 3, ["a", "made"], "n"),
        (3, 4, ["made"], "n"),
    ]
    assert point(1).tags is not point(1).tags


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda point: point(), id="a field without default is missing"),
        pytest.param(lambda point: point(1, 2, [], "", 5), id="too many"),
        pytest.param(lambda point: point(1, x=1), id="given twice"),
        pytest.param(lambda point: point(1, z=1), id="unknown"),
    ],
)
@pytest.mark.parametrize("maker", MAKERS)
def test_wrong_arguments_are_type_errors(maker: Any, wrong: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError):
        wrong(point_of(maker, frozen=True, slots=True))


@pytest.mark.parametrize("maker", MAKERS)
def test_records_are_shown_compared_and_copied_by_their_fields(maker: Any) -> None:
    point = point_of(maker, frozen=True, slots=True)
    name = f"{point_of.__name__}.<locals>.Point"
    assert repr(point(1)) == f"{name}(x=1, y=2, tags=['made'])"
    assert point(1, note="a") == point(1, note="b")
    assert point(1) != point(2)
    assert point(1) != (1, 2, ["made"], "")
    assert point(1) != point_of(maker)(1)
    copied = maker.replace(point(1, note="kept"), y=9, tags=[])
    assert (copied.x, copied.y, copied.tags, copied.note) == (1, 9, ["made"], "kept")


def made(maker: Any, cls: type[object], **options: bool) -> Any:
    """Return a new class of the same body as the maker makes it; the standard library changes what it is given."""
    body = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    return maker.dataclass(**options)(type(cls.__name__, cls.__bases__, body))


class Name:
    text: str


class Edit:
    start: int
    text: str


class Named:
    text: str
    size: int = 1


class Wide:
    text: str

    @cached_property
    def twice(self) -> str:
        """The text, twice."""
        return self.text * 2


@pytest.mark.parametrize("maker", MAKERS)
def test_what_is_frozen_stays_and_has_a_hash(maker: Any) -> None:
    frozen, changing = made(maker, Name, frozen=True, slots=True), made(maker, Name)
    name = frozen("a")
    with pytest.raises(AttributeError):
        name.text = "b"
    with pytest.raises(AttributeError):
        del name.text
    assert name == frozen("a")
    assert {frozen("a"), frozen("a")} == {name}
    box = changing("a")
    box.text = "b"
    assert box == changing("b")
    with pytest.raises(TypeError):
        hash(box)


@pytest.mark.parametrize("maker", MAKERS)
def test_what_is_not_frozen_has_a_hash_where_that_is_asked_for(maker: Any) -> None:
    name = made(maker, Name, slots=True, unsafe_hash=True)
    assert {name("a"), name("a")} == {name("a")}


@pytest.mark.parametrize("maker", MAKERS)
def test_slots_leave_no_room_and_without_them_values_can_be_cached(maker: Any) -> None:
    with pytest.raises(AttributeError):
        made(maker, Name, slots=True)("a").other = 1
    assert made(maker, Wide, frozen=True)("a").twice == "aa"


@pytest.mark.parametrize("maker", MAKERS)
def test_order_compares_fields_of_one_class(maker: Any) -> None:
    edit = made(maker, Edit, frozen=True, slots=True, order=True)
    assert sorted([edit(2, "a"), edit(1, "b"), edit(1, "a")]) == [edit(1, "a"), edit(1, "b"), edit(2, "a")]
    with pytest.raises(TypeError):
        sorted([edit(1, "a"), 1])


@pytest.mark.parametrize("maker", MAKERS)
def test_without_eq_each_is_itself(maker: Any) -> None:
    same = made(maker, Name, eq=False)
    one = same("a")
    assert one != same("a")
    assert {one: 1}[one] == 1


@pytest.mark.parametrize("maker", MAKERS)
def test_fields_by_name_only(maker: Any) -> None:
    named = made(maker, Named, frozen=True, slots=True, kw_only=True)
    assert (named(text="a").text, named(text="a", size=2).size) == ("a", 2)
    with pytest.raises(TypeError):
        named("a", 2)


@pytest.mark.parametrize("maker", MAKERS)
def test_fields_are_inherited_and_matched(maker: Any) -> None:
    edit = made(maker, Edit, frozen=True, slots=True)
    longer = made(
        maker, type("Longer", (edit,), {"__annotations__": {"end": "int"}, "end": 0}), frozen=True, slots=True
    )
    one = longer(1, "a", 3)
    assert (one.start, one.text, one.end, one) == (1, "a", 3, longer(1, "a", 3))
    assert longer(1, "a").end == 0
    assert longer.__match_args__ == ("start", "text", "end")
