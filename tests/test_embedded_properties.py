"""What holds for every insertion into a config that is a string: the file says the planned text, and nothing else."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from test_insertion_properties import FLAT, NAMES, NEWLINES, VALUES, check
from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.embedded import Embedded, read_embedded, strings_in
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.insertion import Edited, insert
from tokenrouter_video.documents.tree import Scalar, walk
from tokenrouter_video.documents.values import Value

TEXTS = st.text(alphabet="abc \u00e9\u4e2d:#,'\"{}[]&*|>%@`~=-+0.\\/", max_size=10)
ITEMS = st.lists(st.dictionaries(NAMES, st.one_of(TEXTS, st.integers(), FLAT), min_size=1, max_size=3), max_size=3)


def written(data: object, kind: str) -> str:
    """Return a config's text as people and tools write it."""
    if kind == "json":
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if kind == "one line":
        return json.dumps(data)
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, indent=4 if kind == "wide" else 2))


def block(text: str, indicator: str, indent: int) -> str:
    """Return a literal block scalar with a text, behind its key's colon."""
    lines = [" " * indent + line if line else "" for line in text.split("\n")]
    return f" {indicator}\n" + "\n".join(lines)


@dataclass(frozen=True)
class Case:
    """A config's data, how it is written, and what is inserted: into the list at ``position``, or into the map."""

    items: list[object]
    members: dict[str, object]
    kind: str
    value: Value
    position: int | None

    @property
    def before(self) -> str:
        """The config's text."""
        return written({"models": self.items, "map": self.members, "last": "x"}, self.kind)

    @property
    def after(self) -> dict[str, object]:
        """The config's data after the insertion."""
        at = self.position
        if at is None:
            return {"models": self.items, "map": {**self.members, "zkey": self.value}, "last": "x"}
        return {"models": [*self.items[:at], self.value, *self.items[at:]], "map": self.members, "last": "x"}

    def insert(self, inner: Embedded) -> Edited | None:
        """Insert into the config itself; ``None`` where that is refused already."""
        try:
            if self.position is None:
                return insert(inner.document, "/map", self.value, key="zkey")
            return insert(inner.document, "/models", self.value, position=self.position)
        except DocumentError:
            return None


CASES = st.builds(
    Case,
    ITEMS,
    FLAT,
    st.sampled_from(["narrow", "wide", "json", "one line"]),
    VALUES,
    st.one_of(st.none(), st.integers(0, 4)),
)


@settings(max_examples=150, deadline=None)
@given(
    CASES,
    st.sampled_from(["|", "|-", "|+"]),
    st.sampled_from([4, 5, 8]),
    NEWLINES,
    st.sampled_from(["other: 1\n", "", "\n# what follows\nother: |\n  x\n"]),
)
def test_an_insertion_through_a_block_of_text(case: Case, indicator: str, indent: int, newline: str, rest: str) -> None:
    text = case.before.rstrip("\n")
    outer = f"kind: ConfigMap\ndata:\n  config.yaml:{block(text, indicator, indent)}\n{rest}"
    outer = outer.replace("\n", newline)
    document = parse(outer, "yaml")
    place = next(place for place in strings_in(document) if place.parts == ("data", "config.yaml"))
    inner = read_embedded(document, place)
    assert isinstance(inner, Embedded)
    done = case.insert(inner)
    if done is None:
        return
    after = check(outer, Edited(document, inner.outer_edits(done.edits)))
    old, new = yaml.safe_load(outer), yaml.safe_load(after)
    assert new["data"].pop("config.yaml") == done.document.text
    old["data"].pop("config.yaml")
    assert old == new
    assert yaml.safe_load(done.document.text) == case.after


def toml_lines(text: str) -> str:
    """Return a text as a TOML string over several lines."""
    return 'a = 1\n"c.yaml" = """\n' + text.replace("\\", "\\\\").replace('"', '\\"') + '"""\n[b]\nc = 2\n'


def template(text: str) -> str:
    """Return a text as a template literal."""
    escaped = text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return f"export const files = {{ 'c.yaml': `{escaped}`, n: 1 }};\n"


@settings(max_examples=150, deadline=None)
@given(CASES, st.sampled_from(["json", "toml", "typescript", "python"]))
def test_an_insertion_through_quotes(case: Case, outer_format: str) -> None:
    text = case.before
    outer = {
        "json": lambda: json.dumps({"a": 1, "c.yaml": text, "z": [2]}, indent=1),
        "toml": lambda: toml_lines(text),
        "typescript": lambda: template(text),
        "python": lambda: "FILES = {'c.yaml': " + json.dumps(text, ensure_ascii=False) + ", 'n': 1}\n",
    }[outer_format]()
    document = parse(outer, outer_format)
    place = next(place for place in strings_in(document) if place.parts[-1] == "c.yaml")
    inner = read_embedded(document, place)
    assert isinstance(inner, Embedded)
    assert inner.document.text == text
    done = case.insert(inner)
    if done is None:
        return
    after = check(outer, Edited(document, inner.outer_edits(done.edits)))
    strings = {
        place.parts: place.node.value
        for place in walk(parse(after, outer_format).root)
        if isinstance(place.node, Scalar)
    }
    assert strings[place.parts] == done.document.text
    if outer_format == "json":
        assert json.loads(after) == {"a": 1, "c.yaml": done.document.text, "z": [2]}
    elif outer_format == "toml":
        assert tomllib.loads(after) == {"a": 1, "c.yaml": done.document.text, "b": {"c": 2}}
    assert yaml.safe_load(done.document.text) == case.after
