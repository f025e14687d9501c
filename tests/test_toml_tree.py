"""What a TOML text becomes: every key, value and table where it stands."""

from __future__ import annotations

import math

import pytest

from tokenrouter_video.documents.document import decode
from tokenrouter_video.documents.toml_tree import parse
from tokenrouter_video.documents.tree import Mapping, Scalar, Sequence, Span
from toml_outline import outline

TREES = [
    pytest.param(
        'a = 1 # one\n"b c"=\'x\'\n\td\t=\t"\\u0041"\n',
        [
            "/a | integer plain 1 | a | a = 1 | 1",
            "/b c | string single 'x' | \"b c\" | \"b c\"='x' | 'x'",
            '/d | string double \'A\' | d | d\t=\t"\\u0041" | "\\u0041"',
        ],
        id="a value ends before its comment, and blanks belong to nobody",
    ),
    pytest.param(
        "# top\n[a.b] # head\nx = 1 # tail\n\n# heads c\n[c]\n",
        [
            "/a | dotted mapping | a | [a.b] # head⏎x = 1",
            "/a/b | table mapping [a b] | b | [a.b] # head⏎x = 1",
            "/a/b/x | integer plain 1 | x | x = 1 | 1",
            "/c | table mapping [c] | c | [c]",
        ],
        id="a table ends at its last value, an empty one at its header",
    ),
    pytest.param(
        '[m."k.1"]\nx = 1\n[m."k.1".p]\ny = 2\n[m.z]\n[o]\n',
        [
            '/m | dotted mapping | m | [m."k.1"]⏎x = 1⏎[m."k.1".p]⏎y = 2⏎[m.z]',
            '/m/k.1 | table mapping [m "k.1"] | "k.1" | [m."k.1"]⏎x = 1⏎[m."k.1".p]⏎y = 2',
            "/m/k.1/x | integer plain 1 | x | x = 1 | 1",
            '/m/k.1/p | table mapping [m "k.1" p] | p | [m."k.1".p]⏎y = 2',
            "/m/k.1/p/y | integer plain 2 | y | y = 2 | 2",
            "/m/z | table mapping [m z] | z | [m.z]",
            "/o | table mapping [o] | o | [o]",
        ],
        id="a table reaches to the end of its last descendant, and so does one that only headers imply",
    ),
    pytest.param(
        "[m.a]\nx = 1\n[o]\ny = 2\n[m.b]\nz = 3\n",
        [
            "/m | dotted mapping scattered | m | [m.a]⏎x = 1⏎[o]⏎y = 2⏎[m.b]⏎z = 3",
            "/m/a | table mapping [m a] | a | [m.a]⏎x = 1",
            "/m/a/x | integer plain 1 | x | x = 1 | 1",
            "/m/b | table mapping [m b] | b | [m.b]⏎z = 3",
            "/m/b/z | integer plain 3 | z | z = 3 | 3",
            "/o | table mapping [o] | o | [o]⏎y = 2",
            "/o/y | integer plain 2 | y | y = 2 | 2",
        ],
        id="a foreign table among the children of an implied table scatters it",
    ),
    pytest.param(
        "[m]\nx = 1\nq.r = 2\n[o]\n[m.b]\nz = 3\n",
        [
            "/m | table mapping [m] scattered | m | [m]⏎x = 1⏎q.r = 2",
            "/m/x | integer plain 1 | x | x = 1 | 1",
            "/m/q | dotted mapping | q | q.r = 2",
            "/m/q/r | integer plain 2 | r | q.r = 2 | 2",
            "/m/b | table mapping [m b] | b | [m.b]⏎z = 3",
            "/m/b/z | integer plain 3 | z | z = 3 | 3",
            "/o | table mapping [o] | o | [o]",
        ],
        id="a scattered table covers its own lines",
    ),
    pytest.param(
        "[m.b]\nz = 3\n['m']\nx = 1\n[o]\n",
        [
            "/m | table mapping ['m'] scattered | 'm' | ['m']⏎x = 1",
            "/m/b | table mapping [m b] | b | [m.b]⏎z = 3",
            "/m/b/z | integer plain 3 | z | z = 3 | 3",
            "/m/x | integer plain 1 | x | x = 1 | 1",
            "/o | table mapping [o] | o | [o]",
        ],
        id="a child in front of its parent's header scatters the parent",
    ),
    pytest.param(
        "[[x]]\nn = 1\n[x.sub]\ny = 2\n[[x.t]]\n[[x.t]]\nz=1\n\n[[ x ]] # second\n[x.sub]\n",
        [
            "/x | tables sequence | x | [[x]]⏎n = 1⏎[x.sub]⏎y = 2⏎[[x.t]]⏎[[x.t]]⏎z=1⏎⏎[[ x ]] # second⏎[x.sub]",
            "/x/0 | table mapping [x] | - | [[x]]⏎n = 1⏎[x.sub]⏎y = 2⏎[[x.t]]⏎[[x.t]]⏎z=1",
            "/x/0/n | integer plain 1 | n | n = 1 | 1",
            "/x/0/sub | table mapping [x sub] | sub | [x.sub]⏎y = 2",
            "/x/0/sub/y | integer plain 2 | y | y = 2 | 2",
            "/x/0/t | tables sequence | t | [[x.t]]⏎[[x.t]]⏎z=1",
            "/x/0/t/0 | table mapping [x t] | - | [[x.t]]",
            "/x/0/t/1 | table mapping [x t] | - | [[x.t]]⏎z=1",
            "/x/0/t/1/z | integer plain 1 | z | z=1 | 1",
            "/x/1 | table mapping [x] | - | [[ x ]] # second⏎[x.sub]",
            "/x/1/sub | table mapping [x sub] | sub | [x.sub]",
        ],
        id="sub-tables belong to the last element of an array of tables",
    ),
    pytest.param(
        "[[x]]\nn = 1\n[o]\n[x.sub]\ny = 2\n[[x]]\n",
        [
            "/x | tables sequence | x | [[x]]⏎n = 1⏎[o]⏎[x.sub]⏎y = 2⏎[[x]]",
            "/x/0 | table mapping [x] scattered | - | [[x]]⏎n = 1",
            "/x/0/n | integer plain 1 | n | n = 1 | 1",
            "/x/0/sub | table mapping [x sub] | sub | [x.sub]⏎y = 2",
            "/x/0/sub/y | integer plain 2 | y | y = 2 | 2",
            "/x/1 | table mapping [x] | - | [[x]]",
            "/o | table mapping [o] | o | [o]",
        ],
        id="a foreign table among an element's sub-tables scatters the element",
    ),
    pytest.param(
        "[[a.b]]\n[a.b.c.d]\nx = 1\n",
        [
            "/a | dotted mapping | a | [[a.b]]⏎[a.b.c.d]⏎x = 1",
            "/a/b | tables sequence | b | [[a.b]]⏎[a.b.c.d]⏎x = 1",
            "/a/b/0 | table mapping [a b] | - | [[a.b]]⏎[a.b.c.d]⏎x = 1",
            "/a/b/0/c | dotted mapping | c | [a.b.c.d]⏎x = 1",
            "/a/b/0/c/d | table mapping [a b c d] | d | [a.b.c.d]⏎x = 1",
            "/a/b/0/c/d/x | integer plain 1 | x | x = 1 | 1",
        ],
        id="headers may imply tables on both sides of an array of tables",
    ),
    pytest.param(
        'a.b.c = 1\na . "b" . d = [2]\n',
        [
            '/a | dotted mapping | a | a.b.c = 1⏎a . "b" . d = [2]',
            '/a/b | dotted mapping | b | a.b.c = 1⏎a . "b" . d = [2]',
            "/a/b/c | integer plain 1 | c | a.b.c = 1 | 1",
            '/a/b/d | flow sequence | d | a . "b" . d = [2] | [2]',
            "/a/b/d/0 | integer plain 2 | - | 2",
        ],
        id="an entry of a dotted key starts where the whole dotted key starts",
    ),
    pytest.param(
        "a.b = 1\nz = 0\na.c = 2\n",
        [
            "/a | dotted mapping scattered | a | a.b = 1⏎z = 0⏎a.c = 2",
            "/a/b | integer plain 1 | b | a.b = 1 | 1",
            "/a/c | integer plain 2 | c | a.c = 2 | 2",
            "/z | integer plain 0 | z | z = 0 | 0",
        ],
        id="a foreign key between dotted keys scatters their table",
    ),
    pytest.param(
        "[fruit]\napple.color = 1\n[fruit.apple.taste]\nsweet = true\n",
        [
            "/fruit | table mapping [fruit] | fruit | [fruit]⏎apple.color = 1⏎[fruit.apple.taste]⏎sweet = true",
            "/fruit/apple | dotted mapping | apple | apple.color = 1⏎[fruit.apple.taste]⏎sweet = true",
            "/fruit/apple/color | integer plain 1 | color | apple.color = 1 | 1",
            "/fruit/apple/taste | table mapping [fruit apple taste] | taste | [fruit.apple.taste]⏎sweet = true",
            "/fruit/apple/taste/sweet | boolean plain True | sweet | sweet = true | true",
        ],
        id="a table of dotted keys may have sub-tables",
    ),
    pytest.param(
        "[a.b.c]\nx = 1\n[a]\nb.y = 2\n",
        [
            "/a | table mapping [a] scattered | a | [a]⏎b.y = 2",
            "/a/b | dotted mapping scattered | b | [a.b.c]⏎x = 1⏎[a]⏎b.y = 2",
            "/a/b/c | table mapping [a b c] | c | [a.b.c]⏎x = 1",
            "/a/b/c/x | integer plain 1 | x | x = 1 | 1",
            "/a/b/y | integer plain 2 | y | b.y = 2 | 2",
        ],
        id="an implied table may get dotted keys",
    ),
    pytest.param(
        'x = { a = 1, b.c = "d", b.e = { } , f = [ ] }\n',
        [
            '/x | flow mapping | x | x = { a = 1, b.c = "d", b.e = { } , f = [ ] }'
            ' | { a = 1, b.c = "d", b.e = { } , f = [ ] }',
            "/x/a | integer plain 1 | a | a = 1 | 1",
            '/x/b | dotted mapping | b | b.c = "d", b.e = { }',
            '/x/b/c | string double \'d\' | c | b.c = "d" | "d"',
            "/x/b/e | flow mapping | e | b.e = { } | { }",
            "/x/f | flow sequence | f | f = [ ] | [ ]",
        ],
        id="inline tables nest and take dotted keys",
    ),
    pytest.param(
        'x = [\n  1, # 1, [not]\n  # "two\n  [ "a", \'b\' ], { c.d = 3 },\n  2026-01-02 , #\n]\n',
        [
            '/x | flow sequence | x | x = [⏎  1, # 1, [not]⏎  # "two⏎  [ "a", \'b\' ], { c.d = 3 },⏎  2026-01-02 , #⏎]'
            ' | [⏎  1, # 1, [not]⏎  # "two⏎  [ "a", \'b\' ], { c.d = 3 },⏎  2026-01-02 , #⏎]',
            "/x/0 | integer plain 1 | - | 1",
            "/x/1 | flow sequence | - | [ \"a\", 'b' ]",
            "/x/1/0 | string double 'a' | - | \"a\"",
            "/x/1/1 | string single 'b' | - | 'b'",
            "/x/2 | flow mapping | - | { c.d = 3 }",
            "/x/2/c | dotted mapping | c | c.d = 3",
            "/x/2/c/d | integer plain 3 | d | c.d = 3 | 3",
            "/x/3 | datetime plain '2026-01-02' | - | 2026-01-02",
        ],
        id="arrays over many lines, with comments that look like values",
    ),
    pytest.param(
        "  [ t . u ]\n    a = 1\n\t[ t . 'v' ] # c\n",
        [
            "/t | dotted mapping | t | [ t . u ]⏎    a = 1⏎\t[ t . 'v' ]",
            "/t/u | table mapping [t u] | u | [ t . u ]⏎    a = 1",
            "/t/u/a | integer plain 1 | a | a = 1 | 1",
            "/t/v | table mapping [t 'v'] | 'v' | [ t . 'v' ]",
        ],
        id="indented headers with blanks around their parts",
    ),
    pytest.param(
        '"" = 1\n\'a.b\'."c\\td".-_1 = 2\n"\'" = 3\n3.14 = 4\n',
        [
            '/ | integer plain 1 | "" | "" = 1 | 1',
            "/a.b | dotted mapping | 'a.b' | 'a.b'.\"c\\td\".-_1 = 2",
            '/a.b/c\td | dotted mapping | "c\\td" | \'a.b\'."c\\td".-_1 = 2',
            "/a.b/c\td/-_1 | integer plain 2 | -_1 | 'a.b'.\"c\\td\".-_1 = 2 | 2",
            '/\' | integer plain 3 | "\'" | "\'" = 3 | 3',
            "/3 | dotted mapping | 3 | 3.14 = 4",
            "/3/14 | integer plain 4 | 14 | 3.14 = 4 | 4",
        ],
        id="quoted, escaped, empty and numeric keys",
    ),
    pytest.param(
        "[t]\na = 1",
        ["/t | table mapping [t] | t | [t]⏎a = 1", "/t/a | integer plain 1 | a | a = 1 | 1"],
        id="no final line end",
    ),
    pytest.param("", [], id="an empty text"),
    pytest.param(" \n# only this\n\n", [], id="nothing but comments"),
]


@pytest.mark.parametrize(("text", "expected"), TREES)
def test_every_key_value_and_table_is_where_it_stands(text: str, expected: list[str]) -> None:
    assert expected == outline(text)


@pytest.mark.parametrize(("text", "expected"), TREES)
def test_line_ends_change_no_structure(text: str, expected: list[str]) -> None:
    assert [line.replace("⏎", "␍⏎") for line in expected] == outline(text.replace("\n", "\r\n"))


def test_line_ends_may_be_mixed() -> None:
    source = decode(b'\xef\xbb\xbfa = 1\r\n[t]\nb = """\r\nx\n"""\r\nc = [\n 1,\r\n]\n')
    assert source.has_bom
    assert outline(source.text) == [
        "/a | integer plain 1 | a | a = 1 | 1",
        '/t | table mapping [t] | t | [t]⏎b = """␍⏎x⏎"""␍⏎c = [⏎ 1,␍⏎]',
        '/t/b | string multiline-basic \'x\\n\' | b | b = """␍⏎x⏎""" | """␍⏎x⏎"""',
        "/t/c | flow sequence | c | c = [⏎ 1,␍⏎] | [⏎ 1,␍⏎]",
        "/t/c/0 | integer plain 1 | - | 1",
    ]


SCALARS = [
    ('"a\\"b # c"', "string", "double", 'a"b # c'),
    ("'a\\'", "string", "single", "a\\"),
    ('""', "string", "double", ""),
    ("''", "string", "single", ""),
    ('"""a "quoted" b"""', "string", "multiline-basic", 'a "quoted" b'),
    ('"""\na \\\n   b"""', "string", "multiline-basic", "a b"),
    ('""""a""""', "string", "multiline-basic", '"a"'),
    ('""""""', "string", "multiline-basic", ""),
    ("'''\n\\a'b\n'''", "string", "multiline-literal", "\\a'b\n"),
    ("''''a'''''", "string", "multiline-literal", "'a''"),
    ('"\\U0001F3AC \\u2603"', "string", "double", chr(0x1F3AC) + " " + chr(0x2603)),
    (f'"{chr(0x1F3AC)} {chr(0x85)}{chr(0x2028)}"', "string", "double", f"{chr(0x1F3AC)} {chr(0x85)}{chr(0x2028)}"),
    ("true", "boolean", "plain", True),
    ("false", "boolean", "plain", False),
    ("0", "integer", "plain", 0),
    ("-17", "integer", "plain", -17),
    ("+9_223_372_036_854_775_808", "integer", "plain", 2**63),
    ("1" * 1_000, "integer", "plain", int("1" * 1_000)),
    ("0xDEAD_beef", "integer", "plain", 0xDEADBEEF),
    ("0o644", "integer", "plain", 0o644),
    ("0b1101", "integer", "plain", 13),
    ("0x" + "f" * 2_000, "other", "plain", "0x" + "f" * 2_000),
    ("-0.0", "float", "plain", -0.0),
    ("6.626_1e-34", "float", "plain", 6.6261e-34),
    ("1E+3", "float", "plain", 1000.0),
    ("inf", "float", "plain", math.inf),
    ("-inf", "float", "plain", -math.inf),
    ("1e999", "other", "plain", "1e999"),
    ("2026-01-02", "datetime", "plain", "2026-01-02"),
    ("2026-01-02T03:04:05Z", "datetime", "plain", "2026-01-02T03:04:05Z"),
    ("2026-01-02 03:04:05.678+01:00", "datetime", "plain", "2026-01-02 03:04:05.678+01:00"),
    ("2026-01-02t03:04:05", "datetime", "plain", "2026-01-02t03:04:05"),
    ("03:04:05.000001", "datetime", "plain", "03:04:05.000001"),
]


@pytest.mark.parametrize(("token", "kind", "style", "value"), SCALARS, ids=[row[0][:30] for row in SCALARS])
@pytest.mark.parametrize(
    "around", ["x = {} # c\n", "x = [ {}  , # c\n]\n", "x = {{ y = {}  }}\n"], ids=["line", "array", "inline"]
)
def test_scalar_keeps_its_text_kind_and_style(around: str, token: str, kind: str, style: str, value: object) -> None:
    text = around.format(token)
    root = parse(text).root
    assert isinstance(root, Mapping)
    node = root.get("x")
    if isinstance(node, Mapping | Sequence):
        node = node.entries[0].value
    assert isinstance(node, Scalar)
    start = text.index(token)
    span = Span(start, start + len(token))
    assert (span, span, kind, style, value) == (node.span, node.token, node.kind, node.style, node.value)
    assert type(value) is type(node.value)


def test_not_a_number_is_a_float() -> None:
    node = parse("x = +nan").at("/x")
    assert node is not None
    assert isinstance(node.node, Scalar)
    assert (node.node.kind, node.node.style, math.isnan(float(str(node.node.value)))) == ("float", "plain", True)


def test_a_header_names_the_part_that_a_copy_has_to_change() -> None:
    text = '[models."kling-v2-6".providers.tr]\nkind = "video"\n'
    place = parse(text).at("/models/kling-v2-6/providers/tr")
    assert place is not None
    assert isinstance(place.node, Mapping)
    part = place.node.header[1]
    assert text[: part.start] + '"kling-v3"' + text[part.end :] == '[models."kling-v3".providers.tr]\nkind = "video"\n'


def test_document_keeps_text_and_format() -> None:
    document = parse("a = 1\n")
    assert (document.text, document.format, document.obstacles) == ("a = 1\n", "toml", ())
