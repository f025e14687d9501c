"""YAML scalars: what a text means in YAML 1.2, under the directive of YAML 1.1, and with a tag."""

from __future__ import annotations

import math

import pytest

from tokenrouter_video.documents.tree import Mapping, Scalar, ScalarValue
from tokenrouter_video.documents.yaml_tree import parse


def value_of(text: str) -> tuple[str, ScalarValue, str]:
    root = parse(text).root
    assert isinstance(root, Mapping)
    scalar = root.get("k")
    assert isinstance(scalar, Scalar)
    return scalar.kind, scalar.value, scalar.style


CORE_SCHEMA = [
    ("x", "string", "x"),
    ("null", "null", None),
    ("Null", "null", None),
    ("NULL", "null", None),
    ("~", "null", None),
    ("nUll", "string", "nUll"),
    ("true", "boolean", True),
    ("True", "boolean", True),
    ("FALSE", "boolean", False),
    ("tRUE", "string", "tRUE"),
    ("yes", "string", "yes"),
    ("NO", "string", "NO"),
    ("on", "string", "on"),
    ("y", "string", "y"),
    ("0", "integer", 0),
    ("-12", "integer", -12),
    ("+12", "integer", 12),
    ("0o17", "integer", 15),
    ("0x1F", "integer", 31),
    ("-0x1f", "integer", -31),
    ("0b101", "integer", 5),
    ("0644", "integer", 644),
    ("1_000", "integer", 1000),
    ("0o18", "string", "0o18"),
    ("-_", "other", "-_"),
    ("123456789012345678901234567890", "integer", 123456789012345678901234567890),
    ("1" * 1001, "other", "1" * 1001),
    ("0x" + "f" * 1001, "other", "0x" + "f" * 1001),
    ("1.5", "float", 1.5),
    ("-1.50", "float", -1.5),
    ("1.", "float", 1.0),
    (".5", "float", 0.5),
    ("-.5", "float", -0.5),
    ("1e3", "float", 1000.0),
    ("12e-3", "float", 0.012),
    ("1_0.2_5", "float", 10.25),
    ("0.0", "float", 0.0),
    ("5e-324", "float", 5e-324),
    ("100000000000000000000000.0", "float", 1e23),
    (".inf", "float", math.inf),
    ("+.Inf", "float", math.inf),
    ("-.INF", "float", -math.inf),
    ("1e400", "other", "1e400"),
    ("1e-400", "other", "1e-400"),
    ("3.14159265358979323846", "other", "3.14159265358979323846"),
    ("1e" + "1" * 5000, "other", "1e" + "1" * 5000),
    ("0." + "1" * 1001, "other", "0." + "1" * 1001),
    ("1.2.3", "string", "1.2.3"),
    ("1:30", "string", "1:30"),
    ("2026-01-31", "datetime", "2026-01-31"),
    ("2026-01-31T10:20:30Z", "datetime", "2026-01-31T10:20:30Z"),
    ("2026-01-31 10:20:30.5 +01:00", "datetime", "2026-01-31 10:20:30.5 +01:00"),
    ("<<", "string", "<<"),
    ("=", "string", "="),
    ("1 2", "string", "1 2"),
]


@pytest.mark.parametrize(("text", "kind", "value"), [pytest.param(*row, id=row[0][:30]) for row in CORE_SCHEMA])
def test_a_plain_text_means_what_the_core_schema_says(text: str, kind: str, value: ScalarValue) -> None:
    found, actual, _ = value_of(f"k: {text}\n")
    assert (kind, value, type(value)) == (found, actual, type(actual))


def test_not_a_number_is_a_float() -> None:
    kind, value, _ = value_of("k: .NaN\n")
    assert kind == "float"
    assert isinstance(value, float)
    assert math.isnan(value)


YAML_1_1 = [
    ("yes", "boolean", True),
    ("Off", "boolean", False),
    ("n", "boolean", False),
    ("010", "integer", 8),
    ("-010", "integer", -8),
    ("0o10", "string", "0o10"),
    ("1:30", "integer", 90),
    ("-1:30:00", "integer", -5400),
    ("1:30.5", "float", 90.5),
    ("-1:30.", "float", -90.0),
    ("1_0", "integer", 10),
    ("0x_F", "integer", 15),
    ("1:" * 600 + "1", "other", "1:" * 600 + "1"),
]


@pytest.mark.parametrize(("text", "kind", "value"), [pytest.param(*row, id=row[0][:30]) for row in YAML_1_1])
def test_the_directive_of_yaml_1_1_brings_its_types_back(text: str, kind: str, value: ScalarValue) -> None:
    found, actual, _ = value_of(f"%YAML 1.1\n---\nk: {text}\n")
    assert (kind, value, type(value)) == (found, actual, type(actual))


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.20"])
def test_later_versions_are_read_as_1_2(version: str) -> None:
    assert value_of(f"%YAML {version}\n---\nk: yes\n") == ("string", "yes", "plain")


TAGGED = [
    ("!!str 1", "string", "1", "plain"),
    ("!!str null", "string", "null", "plain"),
    ("!!int '1'", "integer", 1, "single"),
    ("!!int 0b11", "integer", 3, "plain"),
    ("!!int x", "other", "x", "plain"),
    ("!!float 1", "float", 1.0, "plain"),
    ("!!float x", "other", "x", "plain"),
    ("!!bool 'no'", "boolean", False, "single"),
    ("!!bool 1", "other", "1", "plain"),
    ("!!null ''", "null", None, "single"),
    ("!!null x", "other", "x", "plain"),
    ("!!timestamp 2026-01-31", "datetime", "2026-01-31", "plain"),
    ("!!binary aGk=", "other", "aGk=", "plain"),
    ("!<tag:yaml.org,2002:str> 1", "string", "1", "plain"),
    ("!vault |\n  x\n  y\n", "other", "x\ny\n", "literal"),
    ("!include other.yaml", "other", "other.yaml", "plain"),
    ("! 1", "integer", 1, "plain"),
    ("!", "null", None, "empty"),
]


@pytest.mark.parametrize(("text", "kind", "value", "style"), [pytest.param(*row, id=row[0]) for row in TAGGED])
def test_a_tag_decides_what_a_text_means(text: str, kind: str, value: ScalarValue, style: str) -> None:
    assert (kind, value, style) == value_of(f"k: {text}\n")


def test_a_declared_tag_may_stand_for_a_standard_one() -> None:
    assert value_of("%TAG !y! tag:yaml.org,2002:\n---\nk: !y!str 1\n") == ("string", "1", "plain")


@pytest.mark.parametrize("text", ["'1'", '"true"', "|-\n  null", ">-\n  1.5"])
def test_quoted_and_block_texts_are_strings(text: str) -> None:
    kind, value, _ = value_of(f"k: {text}\n")
    assert (kind, value) == ("string", text.strip("'\"|>- \n"))


def test_escapes_of_double_quotes_are_decoded() -> None:
    assert value_of('k: "\\t\\x41\\u00e9\\U0001F3AC\\/\\N\\\n  b"\n') == ("string", "\tA\xe9\U0001f3ac/\x85b", "double")


def test_a_pair_of_escapes_is_one_character_as_in_json() -> None:
    assert value_of('k: "\\ud83c\\udfac!"\n') == ("string", "\U0001f3ac!", "double")
