"""YAML to located tree: every construct's shape and spans."""

from __future__ import annotations

import pytest

from tokenrouter_video.documents.tree import Alias, Mapping, Scalar
from tokenrouter_video.documents.yaml_tree import parse
from yaml_outline import outline

BLOCKS = [
    pytest.param(
        "a: 1\nb:\n  c: x\n",
        [
            ". block mapping 'a: 1\\nb:\\n  c: x'",
            "/a integer plain 1 '1' entry 'a: 1'",
            "/b block mapping 'c: x' entry 'b:\\n  c: x'",
            "/b/c string plain 'x' 'x' entry 'c: x'",
        ],
        id="a mapping in a mapping",
    ),
    pytest.param(
        "models:\n- a\n- b\n",
        [
            ". block mapping 'models:\\n- a\\n- b'",
            "/models block sequence '- a\\n- b' entry 'models:\\n- a\\n- b'",
            "/models/0 string plain 'a' 'a' entry '- a'",
            "/models/1 string plain 'b' 'b' entry '- b'",
        ],
        id="a list whose dashes stand under the key",
    ),
    pytest.param(
        "models:\n  - a\n  - b\nnext: 1\n",
        [
            ". block mapping 'models:\\n  - a\\n  - b\\nnext: 1'",
            "/models block sequence '- a\\n  - b' entry 'models:\\n  - a\\n  - b'",
            "/models/0 string plain 'a' 'a' entry '- a'",
            "/models/1 string plain 'b' 'b' entry '- b'",
            "/next integer plain 1 '1' entry 'next: 1'",
        ],
        id="a list whose dashes are indented",
    ),
    pytest.param(
        "- - a\n  - b\n-   - c\n",
        [
            ". block sequence '- - a\\n  - b\\n-   - c'",
            "/0 block sequence '- a\\n  - b' entry '- - a\\n  - b'",
            "/0/0 string plain 'a' 'a' entry '- a'",
            "/0/1 string plain 'b' 'b' entry '- b'",
            "/1 block sequence '- c' entry '-   - c'",
            "/1/0 string plain 'c' 'c' entry '- c'",
        ],
        id="lists in lists on one line",
    ),
    pytest.param(
        "-   key: v\n    other: w\n",
        [
            ". block sequence '-   key: v\\n    other: w'",
            "/0 block mapping 'key: v\\n    other: w' entry '-   key: v\\n    other: w'",
            "/0/key string plain 'v' 'v' entry 'key: v'",
            "/0/other string plain 'w' 'w' entry 'other: w'",
        ],
        id="a wide dash",
    ),
    pytest.param(
        "- # why\n  key: v\n-\n  - b\n",
        [
            ". block sequence '- # why\\n  key: v\\n-\\n  - b'",
            "/0 block mapping 'key: v' entry '- # why\\n  key: v'",
            "/0/key string plain 'v' 'v' entry 'key: v'",
            "/1 block sequence '- b' entry '-\\n  - b'",
            "/1/0 string plain 'b' 'b' entry '- b'",
        ],
        id="an item below its dash",
    ),
    pytest.param(
        "? a\n: 1\n? b\n? [c]\n: 2\n? - d\n: - e\n",
        [
            ". block mapping '? a\\n: 1\\n? b\\n? [c]\\n: 2\\n? - d\\n: - e'",
            "/a integer plain 1 '1' entry '? a\\n: 1'",
            "/b null empty None @11 entry '? b'",
            "/#0 integer plain 2 '2' key '[c]' entry '? [c]\\n: 2'",
            "/#1 block sequence '- e' key '- d' entry '? - d\\n: - e'",
            "/#1/0 string plain 'e' 'e' entry '- e'",
        ],
        id="explicit keys",
    ),
    pytest.param(
        "?\n: 1\n",
        [
            ". block mapping '?\\n: 1'",
            "/ integer plain 1 '1' key @1 entry '?\\n: 1'",
        ],
        id="an explicit key that is empty",
    ),
    pytest.param(
        ": 1\n",
        [
            ". block mapping ': 1'",
            "/ integer plain 1 '1' key @0 entry ': 1'",
        ],
        id="a key that is empty",
    ),
    pytest.param(
        "\"q\": 1\n'r s': 2\n8080: 3\ntrue: 4\nnull: 5\n~: 6\n1.50: 7\n",
        [
            ". block mapping '\"q\": 1\\n\\'r s\\': 2\\n8080: 3\\ntrue: 4\\nnull: 5\\n~: 6\\n1.50: 7'",
            "/q integer plain 1 '1' key '\"q\"' entry '\"q\": 1'",
            "/r s integer plain 2 '2' key \"'r s'\" entry \"'r s': 2\"",
            "/8080 integer plain 3 '3' entry '8080: 3'",
            "/true integer plain 4 '4' entry 'true: 4'",
            "/null integer plain 5 '5' entry 'null: 5'",
            "/~ integer plain 6 '6' entry '~: 6'",
            "/1.50 integer plain 7 '7' entry '1.50: 7'",
        ],
        id="keys that are quoted or no strings",
    ),
    pytest.param(
        "top\n",
        [
            ". string plain 'top' 'top'",
        ],
        id="a scalar alone",
    ),
    pytest.param(
        "k1: {a: 1}\nk2: [b]\n",
        [
            ". block mapping 'k1: {a: 1}\\nk2: [b]'",
            "/k1 flow mapping 'a: 1' node '{a: 1}' entry 'k1: {a: 1}'",
            "/k1/a integer plain 1 '1' entry 'a: 1'",
            "/k2 flow sequence 'b' node '[b]' entry 'k2: [b]'",
            "/k2/0 string plain 'b' 'b'",
        ],
        id="flow collections in a block",
    ),
]


@pytest.mark.parametrize(("text", "expected"), BLOCKS)
def test_block_collections(text: str, expected: list[str]) -> None:
    assert expected == outline(parse(text))


NOT_WRITTEN = [
    pytest.param(
        "a:\nb:   # why\n\nc:\n",
        [
            ". block mapping 'a:\\nb:   # why\\n\\nc:'",
            "/a null empty None @2 entry 'a:'",
            "/b null empty None @5 entry 'b:'",
            "/c null empty None @17 entry 'c:'",
        ],
        id="values that are not there",
    ),
    pytest.param(
        "-\n-  # why\n- x\n",
        [
            ". block sequence '-\\n-  # why\\n- x'",
            "/0 null empty None @1 entry '-'",
            "/1 null empty None @3 entry '-'",
            "/2 string plain 'x' 'x' entry '- x'",
        ],
        id="items that are not there",
    ),
    pytest.param(
        "- a:\n  b:\n-\n",
        [
            ". block sequence '- a:\\n  b:\\n-'",
            "/0 block mapping 'a:\\n  b:' entry '- a:\\n  b:'",
            "/0/a null empty None @4 entry 'a:'",
            "/0/b null empty None @9 entry 'b:'",
            "/1 null empty None @11 entry '-'",
        ],
        id="in lists and at the end",
    ),
    pytest.param(
        "a: !!str\nb: &x\nc: !t &y  # why\n",
        [
            ". block mapping 'a: !!str\\nb: &x\\nc: !t &y'",
            "/a string empty '' @8 node '!!str' entry 'a: !!str'",
            "/b null empty None @14 node '&x' entry 'b: &x'",
            "/c other empty '' @23 node '!t &y' entry 'c: !t &y'",
        ],
        id="only a tag or an anchor",
    ),
    pytest.param(
        "? a\n? b\nc: 1\n",
        [
            ". block mapping '? a\\n? b\\nc: 1'",
            "/a null empty None @3 entry '? a'",
            "/b null empty None @7 entry '? b'",
            "/c integer plain 1 '1' entry 'c: 1'",
        ],
        id="a set",
    ),
    pytest.param(
        '{a, b: , c : ,"d":, ? e, ?}\n',
        [
            ". flow mapping 'a, b: , c : ,\"d\":, ? e, ?' node '{a, b: , c : ,\"d\":, ? e, ?}'",
            "/a null empty None @2 entry 'a'",
            "/b null empty None @6 entry 'b:'",
            "/c null empty None @12 entry 'c :'",
            "/d null empty None @18 key '\"d\"' entry '\"d\":'",
            "/e null empty None @23 entry '? e'",
            "/ null empty None @26 key @26 entry '?'",
        ],
        id="in flow mappings",
    ),
    pytest.param(
        "[a: , ? b, ? : c, ?]\n",
        [
            ". flow sequence 'a: , ? b, ? : c, ?' node '[a: , ? b, ? : c, ?]'",
            "/0 flow mapping 'a: '",
            "/0/a null empty None @3 entry 'a:'",
            "/1 flow mapping '? b'",
            "/1/b null empty None @9 entry '? b'",
            "/2 flow mapping '? : c'",
            "/2/ string plain 'c' 'c' key @12 entry '? : c'",
            "/3 flow mapping '?'",
            "/3/ null empty None @19 key @19 entry '?'",
        ],
        id="in pairs",
    ),
    pytest.param(
        "",
        [
            ". null empty None @0",
        ],
        id="nothing at all",
    ),
    pytest.param(
        "# only a comment\n\n",
        [
            ". null empty None @0",
        ],
        id="only comments",
    ),
    pytest.param(
        "---\n# why\n",
        [
            ". null empty None @3",
        ],
        id="only a document's start",
    ),
]


@pytest.mark.parametrize(("text", "expected"), NOT_WRITTEN)
def test_values_that_are_not_written_stand_right_behind_their_mark(text: str, expected: list[str]) -> None:
    assert expected == outline(parse(text))


FLOW = [
    pytest.param(
        "[]\n",
        [
            ". flow sequence @1 node '[]'",
        ],
        id="an empty list",
    ),
    pytest.param(
        "{ }\n",
        [
            ". flow mapping ' ' node '{ }'",
        ],
        id="an empty mapping with a blank",
    ),
    pytest.param(
        "[a, 'b', \"c\", ]\n",
        [
            ". flow sequence 'a, \\'b\\', \"c\", ' node '[a, \\'b\\', \"c\", ]'",
            "/0 string plain 'a' 'a'",
            "/1 string single 'b' \"'b'\"",
            "/2 string double 'c' '\"c\"'",
        ],
        id="a trailing comma",
    ),
    pytest.param(
        "{a: 1, 'b': {c: [d]}}\n",
        [
            ". flow mapping \"a: 1, 'b': {c: [d]}\" node \"{a: 1, 'b': {c: [d]}}\"",
            "/a integer plain 1 '1' entry 'a: 1'",
            "/b flow mapping 'c: [d]' node '{c: [d]}' key \"'b'\" entry \"'b': {c: [d]}\"",
            "/b/c flow sequence 'd' node '[d]' entry 'c: [d]'",
            "/b/c/0 string plain 'd' 'd'",
        ],
        id="nested",
    ),
    pytest.param(
        '{"a":1,"b":["c"],"d":{"e":null}}\n',
        [
            '. flow mapping \'"a":1,"b":["c"],"d":{"e":null}\' node \'{"a":1,"b":["c"],"d":{"e":null}}\'',
            "/a integer plain 1 '1' key '\"a\"' entry '\"a\":1'",
            '/b flow sequence \'"c"\' node \'["c"]\' key \'"b"\' entry \'"b":["c"]\'',
            "/b/0 string double 'c' '\"c\"'",
            '/d flow mapping \'"e":null\' node \'{"e":null}\' key \'"d"\' entry \'"d":{"e":null}\'',
            "/d/e null plain None 'null' key '\"e\"' entry '\"e\":null'",
        ],
        id="JSON",
    ),
    pytest.param(
        "[\n  a, # one\n  b # two\n  # 3\n]\n",
        [
            ". flow sequence '\\n  a, # one\\n  b # two\\n  # 3\\n' node '[\\n  a, # one\\n  b # two\\n  # 3\\n]'",
            "/0 string plain 'a' 'a'",
            "/1 string plain 'b' 'b'",
        ],
        id="comments between items",
    ),
    pytest.param(
        "{\n  a: 1 # one\n  , b: 2\n}\n",
        [
            ". flow mapping '\\n  a: 1 # one\\n  , b: 2\\n' node '{\\n  a: 1 # one\\n  , b: 2\\n}'",
            "/a integer plain 1 '1' entry 'a: 1'",
            "/b integer plain 2 '2' entry 'b: 2'",
        ],
        id="a comma in a line of its own",
    ),
    pytest.param(
        "[a: 1, b: 2, ? c : 3]\n",
        [
            ". flow sequence 'a: 1, b: 2, ? c : 3' node '[a: 1, b: 2, ? c : 3]'",
            "/0 flow mapping 'a: 1'",
            "/0/a integer plain 1 '1' entry 'a: 1'",
            "/1 flow mapping 'b: 2'",
            "/1/b integer plain 2 '2' entry 'b: 2'",
            "/2 flow mapping '? c : 3'",
            "/2/c integer plain 3 '3' entry '? c : 3'",
        ],
        id="pairs among items",
    ),
    pytest.param(
        "[?a, {?b: ?c}, ? {?d}]\n",
        [
            ". flow sequence '?a, {?b: ?c}, ? {?d}' node '[?a, {?b: ?c}, ? {?d}]'",
            "/0 string plain '?a' '?a'",
            "/1 flow mapping '?b: ?c' node '{?b: ?c}'",
            "/1/?b string plain '?c' '?c' entry '?b: ?c'",
            "/2 flow mapping '? {?d}'",
            "/2/#0 null empty None @21 key '{?d}' entry '? {?d}'",
        ],
        id="question marks that are part of a text",
    ),
    pytest.param(
        "%YAML 1.1\n---\n[?a, {?b: c}]\n",
        [
            ". flow sequence '?a, {?b: c}' node '[?a, {?b: c}]'",
            "/0 flow mapping '?a'",
            "/0/a null empty None @17 entry '?a'",
            "/1 flow mapping '?b: c' node '{?b: c}'",
            "/1/b string plain 'c' 'c' entry '?b: c'",
        ],
        id="question marks of YAML 1.1",
    ),
    pytest.param(
        "{: a}\n",
        [
            ". flow mapping ': a' node '{: a}'",
            "/ string plain 'a' 'a' key @1 entry ': a'",
        ],
        id="a key that is empty",
    ),
    pytest.param(
        "[{a: 1}: b]\n",
        [
            ". flow sequence '{a: 1}: b' node '[{a: 1}: b]'",
            "/0 flow mapping '{a: 1}: b'",
            "/0/#0 string plain 'b' 'b' key '{a: 1}' entry '{a: 1}: b'",
        ],
        id="a pair whose key is a mapping",
    ),
    pytest.param(
        "{u: https://localhost:8/v1}\n",
        [
            ". flow mapping 'u: https://localhost:8/v1' node '{u: https://localhost:8/v1}'",
            "/u string plain 'https://localhost:8/v1' 'https://localhost:8/v1' entry 'u: https://localhost:8/v1'",
        ],
        id="a URL with a port",
    ),
    pytest.param(
        "[http://localhost/x?y=z#w]\n",
        [
            ". flow sequence 'http://localhost/x?y=z#w' node '[http://localhost/x?y=z#w]'",
            "/0 string plain 'http://localhost/x?y=z#w' 'http://localhost/x?y=z#w'",
        ],
        id="a URL with a query and a fragment",
    ),
    pytest.param(
        "a: [b,\nc]\n",
        [
            ". block mapping 'a: [b,\\nc]'",
            "/a flow sequence 'b,\\nc' node '[b,\\nc]' entry 'a: [b,\\nc]'",
            "/a/0 string plain 'b' 'b'",
            "/a/1 string plain 'c' 'c'",
        ],
        id="an item at the margin",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FLOW)
def test_flow_collections(text: str, expected: list[str]) -> None:
    assert expected == outline(parse(text))


PROPERTIES = [
    pytest.param(
        "a: &x 1\nb: *x\nc: [*x, *x]\n*x : d\n",
        [
            ". block mapping 'a: &x 1\\nb: *x\\nc: [*x, *x]\\n*x : d'",
            "/a integer plain 1 '1' node '&x 1' entry 'a: &x 1'",
            "/b alias of '&x 1' '*x' entry 'b: *x'",
            "/c flow sequence '*x, *x' node '[*x, *x]' entry 'c: [*x, *x]'",
            "/c/0 alias of '&x 1' '*x'",
            "/c/1 alias of '&x 1' '*x'",
            "/1 string plain 'd' 'd' key '*x' entry '*x : d'",
        ],
        id="scalars",
    ),
    pytest.param(
        "name: &app web\nnodes:\n  *app :\n    image: x\n  db: {*app : 1}\n  ? [a]\n  : y\n",
        [
            ". block mapping 'name: &app web\\nnodes:\\n  *app :\\n    image: x\\n  db: {*app : 1}\\n  ? [a]\\n  : y'",
            "/name string plain 'web' 'web' node '&app web' entry 'name: &app web'",
            "/nodes block mapping '*app :\\n    image: x\\n  db: {*app : 1}\\n  ? [a]\\n  : y'"
            " entry 'nodes:\\n  *app :\\n    image: x\\n  db: {*app : 1}\\n  ? [a]\\n  : y'",
            "/nodes/web block mapping 'image: x' key '*app' entry '*app :\\n    image: x'",
            "/nodes/web/image string plain 'x' 'x' entry 'image: x'",
            "/nodes/db flow mapping '*app : 1' node '{*app : 1}' entry 'db: {*app : 1}'",
            "/nodes/db/web integer plain 1 '1' key '*app' entry '*app : 1'",
            "/nodes/#0 string plain 'y' 'y' key '[a]' entry '? [a]\\n  : y'",
        ],
        id="keys that are aliases",
    ),
    pytest.param(
        "base: &base\n  k: v\nmain:\n  <<: *base\n  more: 1\nall:\n  <<: [*base, *base]\n",
        [
            ". block mapping 'base: &base\\n  k: v\\nmain:\\n  <<: *base\\n  more: 1\\nall:\\n  <<: [*base, *base]'",
            "/base block mapping '&base\\n  k: v' anchor base entry 'base: &base\\n  k: v'",
            "/base/k string plain 'v' 'v' entry 'k: v'",
            "/main block mapping '<<: *base\\n  more: 1' entry 'main:\\n  <<: *base\\n  more: 1'",
            "/main/<< alias of '&base\\n  k: v' '*base' entry '<<: *base'",
            "/main/more integer plain 1 '1' entry 'more: 1'",
            "/all block mapping '<<: [*base, *base]' entry 'all:\\n  <<: [*base, *base]'",
            "/all/<< flow sequence '*base, *base' node '[*base, *base]' entry '<<: [*base, *base]'",
            "/all/<</0 alias of '&base\\n  k: v' '*base'",
            "/all/<</1 alias of '&base\\n  k: v' '*base'",
        ],
        id="merge keys",
    ),
    pytest.param(
        "&r\na: &l\n- &i x\n- *l\n- *i\n",
        [
            ". block mapping '&r\\na: &l\\n- &i x\\n- *l\\n- *i' anchor r",
            "/a block sequence '&l\\n- &i x\\n- *l\\n- *i' anchor l entry 'a: &l\\n- &i x\\n- *l\\n- *i'",
            "/a/0 string plain 'x' 'x' node '&i x' entry '- &i x'",
            "/a/1 alias of None '*l' entry '- *l'",
            "/a/2 alias of '&i x' '*i' entry '- *i'",
        ],
        id="blocks, and an alias inside of its node",
    ),
    pytest.param(
        "a: &f [1]\nb: &g {k: *f}\n",
        [
            ". block mapping 'a: &f [1]\\nb: &g {k: *f}'",
            "/a flow sequence '1' node '&f [1]' anchor f entry 'a: &f [1]'",
            "/a/0 integer plain 1 '1'",
            "/b flow mapping 'k: *f' node '&g {k: *f}' anchor g entry 'b: &g {k: *f}'",
            "/b/k alias of '&f [1]' '*f' entry 'k: *f'",
        ],
        id="flow collections",
    ),
    pytest.param(
        "a: &x 1\nb: *x\nc: &x 2\nd: *x\n",
        [
            ". block mapping 'a: &x 1\\nb: *x\\nc: &x 2\\nd: *x'",
            "/a integer plain 1 '1' node '&x 1' entry 'a: &x 1'",
            "/b alias of '&x 1' '*x' entry 'b: *x'",
            "/c integer plain 2 '2' node '&x 2' entry 'c: &x 2'",
            "/d alias of '&x 2' '*x' entry 'd: *x'",
        ],
        id="an anchor that is used twice",
    ),
    pytest.param(
        "a: &x {b: &x 1, c: *x}\nd: *x\n",
        [
            ". block mapping 'a: &x {b: &x 1, c: *x}\\nd: *x'",
            "/a flow mapping 'b: &x 1, c: *x' node '&x {b: &x 1, c: *x}' anchor x entry 'a: &x {b: &x 1, c: *x}'",
            "/a/b integer plain 1 '1' node '&x 1' entry 'b: &x 1'",
            "/a/c alias of '&x 1' '*x' entry 'c: *x'",
            "/d alias of '&x 1' '*x' entry 'd: *x'",
        ],
        id="an anchor that is used again inside of its node",
    ),
    pytest.param(
        "&k key: &v value\n",
        [
            ". block mapping '&k key: &v value'",
            "/key string plain 'value' 'value' node '&v value' entry '&k key: &v value'",
        ],
        id="keys",
    ),
    pytest.param(
        "a: !t x\nb: !t &x y\nc: &y !t z\nd: !!str 1\n",
        [
            ". block mapping 'a: !t x\\nb: !t &x y\\nc: &y !t z\\nd: !!str 1'",
            "/a other plain 'x' 'x' node '!t x' entry 'a: !t x'",
            "/b other plain 'y' 'y' node '!t &x y' entry 'b: !t &x y'",
            "/c other plain 'z' 'z' node '&y !t z' entry 'c: &y !t z'",
            "/d string plain '1' '1' node '!!str 1' entry 'd: !!str 1'",
        ],
        id="tags on scalars",
    ),
    pytest.param(
        "a: !t\n  b: 1\nc: !t &x\n- d\ne: !t {f: 1}\n",
        [
            ". block mapping 'a: !t\\n  b: 1\\nc: !t &x\\n- d\\ne: !t {f: 1}'",
            "/a block mapping '!t\\n  b: 1' entry 'a: !t\\n  b: 1'",
            "/a/b integer plain 1 '1' entry 'b: 1'",
            "/c block sequence '!t &x\\n- d' anchor x entry 'c: !t &x\\n- d'",
            "/c/0 string plain 'd' 'd' entry '- d'",
            "/e flow mapping 'f: 1' node '!t {f: 1}' entry 'e: !t {f: 1}'",
            "/e/f integer plain 1 '1' entry 'f: 1'",
        ],
        id="tags on collections",
    ),
    pytest.param(
        "a: &x !t # why\n  b\n",
        [
            ". block mapping 'a: &x !t # why\\n  b'",
            "/a other plain 'b' 'b' node '&x !t # why\\n  b' entry 'a: &x !t # why\\n  b'",
        ],
        id="a comment behind a tag",
    ),
    pytest.param(
        "--- &x !t\na: 1\n",
        [
            ". block mapping '&x !t\\na: 1' anchor x",
            "/a integer plain 1 '1' entry 'a: 1'",
        ],
        id="at a document's start",
    ),
]


@pytest.mark.parametrize(("text", "expected"), PROPERTIES)
def test_anchors_aliases_and_tags(text: str, expected: list[str]) -> None:
    assert expected == outline(parse(text))


DOCUMENTS = [
    pytest.param(
        "---\na: 1\n---\nb: 2\n",
        [
            ". documents sequence '---\\na: 1\\n---\\nb: 2'",
            "/0 block mapping 'a: 1' entry '---\\na: 1'",
            "/0/a integer plain 1 '1' entry 'a: 1'",
            "/1 block mapping 'b: 2' entry '---\\nb: 2'",
            "/1/b integer plain 2 '2' entry 'b: 2'",
        ],
        id="two documents",
    ),
    pytest.param(
        "a: 1\n---\n",
        [
            ". documents sequence 'a: 1\\n---'",
            "/0 block mapping 'a: 1'",
            "/0/a integer plain 1 '1' entry 'a: 1'",
            "/1 null empty None @8 entry '---'",
        ],
        id="an empty last document",
    ),
    pytest.param(
        "a: 1\n---\n# only a comment\n",
        [
            ". documents sequence 'a: 1\\n---'",
            "/0 block mapping 'a: 1'",
            "/0/a integer plain 1 '1' entry 'a: 1'",
            "/1 null empty None @8 entry '---'",
        ],
        id="a last document of comments",
    ),
    pytest.param(
        "# head\n%YAML 1.2\n---\na: 1\n...\n# tail\n",
        [
            ". block mapping 'a: 1'",
            "/a integer plain 1 '1' entry 'a: 1'",
        ],
        id="one document with all markers",
    ),
    pytest.param(
        "--- a\n--- |\n  b\n--- [c]\n...\n---\n- d\n",
        [
            ". documents sequence '--- a\\n--- |\\n  b\\n--- [c]\\n...\\n---\\n- d'",
            "/0 string plain 'a' 'a' entry '--- a'",
            "/1 string literal 'b\\n' '|\\n  b' entry '--- |\\n  b'",
            "/2 flow sequence 'c' node '[c]' entry '--- [c]'",
            "/2/0 string plain 'c' 'c'",
            "/3 block sequence '- d' entry '---\\n- d'",
            "/3/0 string plain 'd' 'd' entry '- d'",
        ],
        id="content on the marker's line",
    ),
    pytest.param(
        "a\n...\n...\nb\n",
        [
            ". documents sequence 'a\\n...\\n...\\nb'",
            "/0 string plain 'a' 'a'",
            "/1 string plain 'b' 'b'",
        ],
        id="documents without a start marker",
    ),
    pytest.param(
        "a: &x 1\n---\na: &x 2\nb: *x\n",
        [
            ". documents sequence 'a: &x 1\\n---\\na: &x 2\\nb: *x'",
            "/0 block mapping 'a: &x 1'",
            "/0/a integer plain 1 '1' node '&x 1' entry 'a: &x 1'",
            "/1 block mapping 'a: &x 2\\nb: *x' entry '---\\na: &x 2\\nb: *x'",
            "/1/a integer plain 2 '2' node '&x 2' entry 'a: &x 2'",
            "/1/b alias of '&x 2' '*x' entry 'b: *x'",
        ],
        id="anchors belong to their document",
    ),
    pytest.param(
        "%YAML 1.1\n---\na: yes\n---\na: yes\n",
        [
            ". documents sequence '---\\na: yes\\n---\\na: yes'",
            "/0 block mapping 'a: yes' entry '---\\na: yes'",
            "/0/a boolean plain True 'yes' entry 'a: yes'",
            "/1 block mapping 'a: yes' entry '---\\na: yes'",
            "/1/a string plain 'yes' 'yes' entry 'a: yes'",
        ],
        id="a directive ends with its document",
    ),
]


@pytest.mark.parametrize(("text", "expected"), DOCUMENTS)
def test_documents(text: str, expected: list[str]) -> None:
    assert expected == outline(parse(text))


def test_format_is_the_one_that_is_asked_for() -> None:
    document = parse("a: 1\n")
    assert (document.format, document.text, document.obstacles) == ("yaml", "a: 1\n", ())


def test_an_alias_has_the_very_node_that_its_anchor_names() -> None:
    root = parse("a: &x {b: 1}\nc: *x\nd: &y 2\ne: *y\n").root
    assert isinstance(root, Mapping)
    for anchored, name in (("a", "c"), ("d", "e")):
        alias = root.get(name)
        assert isinstance(alias, Alias)
        assert alias.target is root.get(anchored)


def test_offsets_are_the_texts_own_where_a_byte_order_mark_is_left() -> None:
    document = parse(chr(0xFEFF) + "a: b\n")
    root = document.root
    assert isinstance(root, Mapping)
    value = root.get("a")
    assert isinstance(value, Scalar)
    assert (root.span.start, value.token.start, value.token.end) == (1, 4, 5)
