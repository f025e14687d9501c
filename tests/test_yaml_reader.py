"""The second reader of YAML: PyYAML's types, in the shape of the located tree."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tokenrouter_video.documents import yaml_reader
from tokenrouter_video.documents.document import MAX_ALIASES, MAX_DEPTH
from tokenrouter_video.documents.formats import Reading
from tokenrouter_video.documents.yaml_reader import second_reading

NULL = ("null", "null")


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(yaml_reader, "_Loader", yaml.SafeLoader)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("this PyYAML has no libyaml")


SHAPES = [
    pytest.param(
        "a: x\nb:\n- y\n- {c: z}\n", {"a": ("str", "x"), "b": [("str", "y"), {"c": ("str", "z")}]}, id="nested"
    ),
    pytest.param("", NULL, id="nothing"),
    pytest.param("# why\n", NULL, id="only a comment"),
    pytest.param("x\n", ("str", "x"), id="a scalar"),
    pytest.param("a:\n- \n", {"a": [NULL]}, id="what is not written"),
    pytest.param("a: 1\n---\n- 2\n---\n", [{"a": ("int", "1")}, [("int", "2")], NULL], id="documents"),
    pytest.param("--- x\n...\n", ("str", "x"), id="one document with markers"),
    pytest.param("[a: x, {}]\n", [{"a": ("str", "x")}, {}], id="a pair among items"),
    pytest.param(
        "8080: x\ntrue: y\n~: z\n", {"8080": ("str", "x"), "true": ("str", "y"), "~": ("str", "z")}, id="keys"
    ),
    pytest.param("a: 1\na: 2\n", {"a": ("int", "2")}, id="the last of equal keys"),
    pytest.param("a: 1\n? [b]\n: 2\n", {"a": ("int", "1"), "\0" + "1": ("int", "2")}, id="a key that is a list"),
    pytest.param("a: &x 1\n*x : 2\n", {"a": ("int", "1"), "1": ("int", "2")}, id="a key that is an alias"),
    pytest.param(
        "a: &x [b]\n*x : 2\n", {"a": [("str", "b")], "\0" + "1": ("int", "2")}, id="a key that is an alias of a list"
    ),
    pytest.param(
        "a: &x {b: 1}\nc: *x\nd: {<<: *x}\n",
        {"a": {"b": ("int", "1")}, "c": ("alias", "x"), "d": {"<<": ("alias", "x")}},
        id="aliases",
    ),
    pytest.param("a: &x [*x]\n", {"a": [("alias", "x")]}, id="an alias inside of its node"),
]


@pytest.mark.parametrize(("text", "expected"), SHAPES)
def test_a_reading_has_the_shape_of_the_tree(text: str, expected: Reading) -> None:
    assert expected == second_reading(text)


SCALARS = [
    ("yes", ("bool", "true")),
    ("Off", ("bool", "false")),
    ("y", ("str", "y")),
    ("012", ("int", "10")),
    ("0o12", ("str", "0o12")),
    ("0x1F", ("int", "31")),
    ("1_000", ("int", "1000")),
    ("1:30", ("int", "90")),
    ("1.50", ("float", "1.5")),
    ("1e3", ("str", "1e3")),
    ("1.0e+3", ("float", "1000.0")),
    (".inf", ("float", "inf")),
    (".nan", ("float", "nan")),
    ("~", NULL),
    ("2026-01-31", ("datetime", "2026-01-31")),
    ("<<", ("str", "<<")),
    ("=", ("str", "=")),
    ("'1'", ("str", "1")),
    ("|\n  1\n", ("str", "1\n")),
    ("! 1", ("int", "1")),
    ("!!str 1", ("str", "1")),
    ("!!int x", ("other", "tag:yaml.org,2002:int x")),
    ("!!bool x", ("other", "tag:yaml.org,2002:bool x")),
    ("!!float ''", ("other", "tag:yaml.org,2002:float ")),
    ("!vault x", ("other", "!vault x")),
    ("1" * 1001, ("other", "tag:yaml.org,2002:int " + "1" * 1001)),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*row, id=row[0][:30]) for row in SCALARS])
def test_scalars_have_the_types_of_yaml_1_1(text: str, expected: Reading) -> None:
    assert {"k": expected} == second_reading(f"k: {text}\n")


UNREADABLE = [
    pytest.param("a: [1\n", id="no YAML"),
    pytest.param("a: 'x", id="an open quote"),
    pytest.param("a: *x\n", id="an alias without its anchor"),
    pytest.param("a: &x 1\n---\n*x\n", id="an alias to another document"),
    pytest.param("a: \0\n", id="NUL"),
    pytest.param("a: \ud800\n", id="half a surrogate pair"),
    pytest.param("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), id="nested too deep"),
    pytest.param("[" * 100_000, id="nested without end"),
    pytest.param("- " * 10_000 + "x", id="dashes without end"),
    pytest.param("a: &a 1\nb: [" + "*a ," * (MAX_ALIASES + 1) + "]\n", id="too many aliases"),
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_is_none(text: str) -> None:
    assert second_reading(text) is None


def test_the_deepest_nesting_and_the_most_aliases_are_read() -> None:
    assert second_reading("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None
    assert second_reading("a: &a 1\nb: [" + "*a ," * MAX_ALIASES + "]\n") is not None


def test_aliases_are_never_expanded() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 60)]
    reading = second_reading("l0: &l0 x\n" + "".join(levels))
    assert isinstance(reading, dict)
    assert reading["l59"] == [("alias", "l58")] * 9


def test_code_is_never_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    reading = second_reading(f"!!python/object/apply:os.mkdir ['{marker}']\n")
    assert reading == [("str", str(marker))]
    assert not marker.exists()
