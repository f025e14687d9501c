"""What each kind of Python code becomes in the located tree, compared whole."""

from __future__ import annotations

import pytest

from python_outline import outline

ASSIGNMENTS = [
    pytest.param(
        'URL = "https://localhost/v1"  # the gateway\n',
        [
            '/URL | string double \'https://localhost/v1\' | URL | URL = "https://localhost/v1" | "https://localhost/v1"',
        ],
        id="a-name",
    ),
    pytest.param(
        'URL: str = "a"\nX: int\n',
        [
            '/URL | string double \'a\' | URL | URL: str = "a" | "a"',
        ],
        id="an-annotation-without-value-binds-nothing",
    ),
    pytest.param(
        'a.b = 1\nd["k"] = {"x": 1}\nos.environ[ "V" ] = "w"\nd[ 1:2 ] = 3\n',
        [
            "/a.b | integer plain 1 | a.b | a.b = 1 | 1",
            '/d["k"] | dict | d["k"] | d["k"] = {"x": 1} | {"x": 1}',
            '/d["k"]/x | integer plain 1 | "x" | "x": 1 | 1',
            '/os.environ["V"] | string double \'w\' | os.environ[ "V" ] | os.environ[ "V" ] = "w" | "w"',
            "/d[1:2] | integer plain 3 | d[ 1:2 ] | d[ 1:2 ] = 3 | 3",
        ],
        id="attributes-and-indices-by-their-code",
    ),
    pytest.param(
        "a = b.c = [1]\n",
        [
            "/a | code b.c | a | a = b.c | b.c",
            "/b.c | list | b.c | b.c = [1] | [1]",
            "/b.c/0 | integer plain 1 | - | 1",
        ],
        id="of-several-targets-the-last-has-the-literal",
    ),
    pytest.param(
        "a, (b, c) = 1, 2\n[x, *y] = f\n",
        [
            "/a,(b,c) | tuple bare | a, (b, c) | a, (b, c) = 1, 2 | 1, 2",
            "/a,(b,c)/0 | integer plain 1 | - | 1",
            "/a,(b,c)/1 | integer plain 2 | - | 2",
            "/[x,*y] | code f | [x, *y] | [x, *y] = f | f",
        ],
        id="unpacking-goes-by-all-its-names",
    ),
    pytest.param(
        ('M = ["a"]\nM += ["b"]\nM.append({"id": "c"})\nM.append("d")\nM.extend([ "e" ])\nM.update(f=1)\nM |= {"g"}\n'),
        [
            '/M | list | M | M = ["a"] | ["a"]',
            "/M/0 | string double 'a' | - | \"a\"",
            '/M@2 | list | M | M += ["b"] | ["b"]',
            "/M@2/0 | string double 'b' | - | \"b\"",
            '/M.append | dict M.append | M.append | M.append({"id": "c"}) | {"id": "c"}',
            '/M.append/id | string double \'c\' | "id" | "id": "c" | "c"',
            '/M.append@2 | call M.append | M.append | M.append("d")',
            "/M.append@2/0 | string double 'd' | - | \"d\"",
            '/M.extend | list M.extend | M.extend | M.extend([ "e" ]) | [ "e" ]',
            "/M.extend/0 | string double 'e' | - | \"e\"",
            "/M.update | call M.update | M.update | M.update(f=1)",
            "/M.update/f | integer plain 1 | f | f=1 | 1",
            '/M@3 | set | M | M |= {"g"} | {"g"}',
            "/M@3/0 | string double 'g' | - | \"g\"",
        ],
        id="what-is-added-later-is-numbered",
    ),
    pytest.param(
        'x = (\n    "a"  # c\n)\ny = ((1))\n(z) = (( [ ( 1 ) ] ))\n',
        [
            '/x | string double \'a\' | x | x = (⏎    "a"  # c⏎) | "a"',
            "/y | integer plain 1 | y | y = ((1)) | 1",
            "/z | list | z | (z) = (( [ ( 1 ) ] )) | [ ( 1 ) ]",
            "/z/0 | integer plain 1 | - | ( 1 ) | 1",
        ],
        id="parentheses-belong-to-the-entry",
    ),
    pytest.param(
        "x = await f(a=1)\ny = await g\n",
        [
            "/x | call f | x | x = await f(a=1) | f(a=1)",
            "/x/a | integer plain 1 | a | a=1 | 1",
            "/y | code g | y | y = await g | g",
        ],
        id="await-changes-nothing",
    ),
    pytest.param(
        'd["a@2"] = 1\nX = 1\nX = 2\nX = 3\n',
        [
            '/d["a@2"] | integer plain 1 | d["a@2"] | d["a@2"] = 1 | 1',
            "/X | integer plain 1 | X | X = 1 | 1",
            "/X@2 | integer plain 2 | X | X = 2 | 2",
            "/X@3 | integer plain 3 | X | X = 3 | 3",
        ],
        id="a-number-that-is-taken-is-skipped",
    ),
    pytest.param(
        "a = 1; b = 2 ; c = 3;\n",
        [
            "/a | integer plain 1 | a | a = 1 | 1",
            "/b | integer plain 2 | b | b = 2 | 2",
            "/c | integer plain 3 | c | c = 3 | 3",
        ],
        id="several-statements-in-a-line",
    ),
]

CONTAINERS = [
    pytest.param(
        'X = [\n    "a",  # first\n    # second\n    ("b"),\n]\n',
        [
            '/X | list | X | X = [⏎    "a…    ("b"),⏎] | [⏎    "a",  …    ("b"),⏎]',
            "/X/0 | string double 'a' | - | \"a\"",
            '/X/1 | string double \'b\' | - | ("b") | "b"',
        ],
        id="list-items-in-many-lines",
    ),
    pytest.param(
        "a = 1, 2,\nb = (1, 2)\nc = ( (1, ) )\nd = ()\ne = 1,  # end\n",
        [
            "/a | tuple bare | a | a = 1, 2, | 1, 2,",
            "/a/0 | integer plain 1 | - | 1",
            "/a/1 | integer plain 2 | - | 2",
            "/b | tuple | b | b = (1, 2) | (1, 2)",
            "/b/0 | integer plain 1 | - | 1",
            "/b/1 | integer plain 2 | - | 2",
            "/c | tuple | c | c = ( (1, ) ) | (1, )",
            "/c/0 | integer plain 1 | - | 1",
            "/d | tuple | d | d = () | ()",
            "/e | tuple bare | e | e = 1, | 1,",
            "/e/0 | integer plain 1 | - | 1",
        ],
        id="tuples-with-and-without-brackets",
    ),
    pytest.param(
        'a = {1, "x"}\nb = {}\n',
        [
            '/a | set | a | a = {1, "x"} | {1, "x"}',
            "/a/0 | integer plain 1 | - | 1",
            "/a/1 | string double 'x' | - | \"x\"",
            "/b | dict | b | b = {} | {}",
        ],
        id="sets-and-empty-dicts",
    ),
    pytest.param(
        'X = {\'a\': 1, r"b": 2, "c" "d": 3, ("e"): (4), }\n',
        [
            '/X | dict | X | X = {\'a\': 1,…"e"): (4), } | {\'a\': 1, r"b…"e"): (4), }',
            "/X/a | integer plain 1 | 'a' | 'a': 1 | 1",
            '/X/b | integer plain 2 | r"b" | r"b": 2 | 2',
            '/X/cd | integer plain 3 | "c" "d" | "c" "d": 3 | 3',
            '/X/e | integer plain 4 | "e" | ("e"): (4) | 4',
        ],
        id="dict-keys-with-quotes-and-prefix",
    ),
    pytest.param(
        'X = {1: "a", True: "b", None: "c", -1.5: "d", b"k": "e", MODEL: "f", ("a", 1): "g", f"{x}": "h"}\n',
        [
            '/X | dict | X | X = {1: "a",…f"{x}": "h"} | {1: "a", Tru…f"{x}": "h"}',
            '/X/1 | string double \'a\' | 1 | 1: "a" | "a"',
            '/X/1 | string double \'b\' | True | True: "b" | "b"',
            '/X/None | string double \'c\' | None | None: "c" | "c"',
            '/X/-1.5 | string double \'d\' | -1.5 | -1.5: "d" | "d"',
            '/X/b"k" | string double \'e\' | b"k" | b"k": "e" | "e"',
            '/X/[MODEL] | string double \'f\' | MODEL | MODEL: "f" | "f"',
            '/X/[("a",1)] | string double \'g\' | ("a", 1) | ("a", 1): "g" | "g"',
            '/X/[f"{x}"] | string double \'h\' | f"{x}" | f"{x}": "h" | "h"',
        ],
        id="keys-that-are-no-strings",
    ),
    pytest.param(
        'X = {1: "a", "1": "b", MODEL: "c", "[MODEL]": "d", 2.0: "e", "2.0": "f"}\n',
        [
            '/X | dict | X | X = {1: "a",… "2.0": "f"} | {1: "a", "1"… "2.0": "f"}',
            '/X/1@2 | string double \'a\' | 1 | 1: "a" | "a"',
            '/X/1 | string double \'b\' | "1" | "1": "b" | "b"',
            '/X/[MODEL]@2 | string double \'c\' | MODEL | MODEL: "c" | "c"',
            '/X/[MODEL] | string double \'d\' | "[MODEL]" | "[MODEL]": "d" | "d"',
            '/X/2.0@2 | string double \'e\' | 2.0 | 2.0: "e" | "e"',
            '/X/2.0 | string double \'f\' | "2.0" | "2.0": "f" | "f"',
        ],
        id="a-string-keeps-its-name",
    ),
    pytest.param(
        'X = {**base, "a": 1, **{"b": 2}}\nY = [*more, "a", * other ]\n',
        [
            '/X | dict | X | X = {**base,… **{"b": 2}} | {**base, "a"… **{"b": 2}}',
            "/X/* | code **base | - | **base",
            '/X/a | integer plain 1 | "a" | "a": 1 | 1',
            '/X/* | code **{"b":2} | - | **{"b": 2}',
            '/Y | list | Y | Y = [*more, …", * other ] | [*more, "a", * other ]',
            "/Y/0 | code *more | - | *more",
            "/Y/1 | string double 'a' | - | \"a\"",
            "/Y/2 | code *other | - | * other",
        ],
        id="spreads",
    ),
    pytest.param(
        ('a = frozenset( ["x"] )\nb = tuple((1, 2))\nc = MappingProxyType({"k": 1})\nd = tuple(frozenset({1}))\n'),
        [
            '/a | list frozenset | a | a = frozenset( ["x"] ) | ["x"]',
            "/a/0 | string double 'x' | - | \"x\"",
            "/b | tuple tuple | b | b = tuple((1, 2)) | (1, 2)",
            "/b/0 | integer plain 1 | - | 1",
            "/b/1 | integer plain 2 | - | 2",
            '/c | dict MappingProxyType | c | c = MappingP…pe({"k": 1}) | {"k": 1}',
            '/c/k | integer plain 1 | "k" | "k": 1 | 1',
            "/d | set frozenset | d | d = tuple(fr…zenset({1})) | {1}",
            "/d/0 | integer plain 1 | - | 1",
        ],
        id="frozen-containers-are-what-they-hold",
    ),
    pytest.param(
        "X = [f(x) for x in y]\nY = {k: v for k, (v, w) in z}\n",
        [
            "/X | code [f(x)for x in y] | X | X = [f(x) for x in y] | [f(x) for x in y]",
            "/Y | code {k:v for k,(v,w)in z} | Y | Y = {k: v for k, (v, w) in z} | {k: v for k, (v, w) in z}",
        ],
        id="comprehensions-are-code",
    ),
]

SCALARS = [
    pytest.param(
        "a = \"x\"\nb = 'x'\nc = \"\"\"x\"\"\"\nd = '''x\ny'''\n",
        [
            '/a | string double \'x\' | a | a = "x" | "x"',
            "/b | string single 'x' | b | b = 'x' | 'x'",
            '/c | string triple-double \'x\' | c | c = """x""" | """x"""',
            "/d | string triple-single 'x\\ny' | d | d = '''x⏎y''' | '''x⏎y'''",
        ],
        id="quotes",
    ),
    pytest.param(
        'a = r"\\d"\nb = u"x"\nc = b"\\x00"\nd = Rb\'x\'\n',
        [
            '/a | string double \'\\\\d\' | a | a = r"\\d" | r"\\d"',
            '/b | string double \'x\' | b | b = u"x" | u"x"',
            '/c | other double \'b"\\\\x00"\' | c | c = b"\\x00" | b"\\x00"',
            "/d | other single \"Rb'x'\" | d | d = Rb'x' | Rb'x'",
        ],
        id="prefixes",
    ),
    pytest.param(
        'a = "\\u2603\\N{BULLET}\\n\\d"\nb = "a\\\nb"\n',
        [
            '/a | string double \'☃•\\n\\\\d\' | a | a = "\\u2603\\N{BULLET}\\n\\d" | "\\u2603\\N{BULLET}\\n\\d"',
            '/b | string double \'ab\' | b | b = "a\\⏎b" | "a\\⏎b"',
        ],
        id="escapes",
    ),
    pytest.param(
        'X = "a" \'b\' \\\n    r"\\c"\nY = b"a" b"b"\n',
        [
            '/X | string concatenated \'ab\\\\c\' | X | X = "a" \'b\' \\⏎    r"\\c" | "a" \'b\' \\⏎    r"\\c"',
            '/Y | other concatenated \'b"a" b"b"\' | Y | Y = b"a" b"b" | b"a" b"b"',
        ],
        id="neighbouring-strings-are-one",
    ),
    pytest.param(
        'a = f"x"\nb = f"{ x }" "y"\nc = "y" f\'{x!r:>{w}}\'\n',
        [
            '/a | code f"x" | a | a = f"x" | f"x"',
            '/b | code f"{ x }" "y" | b | b = f"{ x }" "y" | f"{ x }" "y"',
            "/c | code \"y\" f'{x!r:>{w}}' | c | c = \"y\" f'{x!r:>{w}}' | \"y\" f'{x!r:>{w}}'",
        ],
        id="f-strings-are-code",
    ),
    pytest.param(
        "a = 1_000\nb = 0xFF\nc = 12345678901234567890123\nd = 0o17\ne = 0b1_0\nf = 00\n",
        [
            "/a | integer plain 1000 | a | a = 1_000 | 1_000",
            "/b | integer plain 255 | b | b = 0xFF | 0xFF",
            "/c | integer plain 12345678901234567890123 | c | c = 12345678901234567890123 | 12345678901234567890123",
            "/d | integer plain 15 | d | d = 0o17 | 0o17",
            "/e | integer plain 2 | e | e = 0b1_0 | 0b1_0",
            "/f | integer plain 0 | f | f = 00 | 00",
        ],
        id="integers-exactly",
    ),
    pytest.param(
        "a = 1.5\nb = 1e3\nc = .5\nd = 1_0.0_1E-2\ne = 1e999\n",
        [
            "/a | float plain 1.5 | a | a = 1.5 | 1.5",
            "/b | float plain 1000.0 | b | b = 1e3 | 1e3",
            "/c | float plain 0.5 | c | c = .5 | .5",
            "/d | float plain 0.1001 | d | d = 1_0.0_1E-2 | 1_0.0_1E-2",
            "/e | other plain '1e999' | e | e = 1e999 | 1e999",
        ],
        id="floats",
    ),
    pytest.param(
        "a = -1\nb = - 2.5\nc = +3\nd = -(4)\ne = --5\nf = -x\ng = ~1\n",
        [
            "/a | integer plain -1 | a | a = -1 | -1",
            "/b | float plain -2.5 | b | b = - 2.5 | - 2.5",
            "/c | integer plain 3 | c | c = +3 | +3",
            "/d | integer plain -4 | d | d = -(4) | -(4)",
            "/e | code --5 | e | e = --5 | --5",
            "/f | code -x | f | f = -x | -x",
            "/g | code ~1 | g | g = ~1 | ~1",
        ],
        id="signs",
    ),
    pytest.param(
        "a = True\nb = False\nc = None\nd = ...\ne = 3j\nf = NotImplemented\n",
        [
            "/a | boolean plain True | a | a = True | True",
            "/b | boolean plain False | b | b = False | False",
            "/c | null plain None | c | c = None | None",
            "/d | code ... | d | d = ... | ...",
            "/e | code 3j | e | e = 3j | 3j",
            "/f | code NotImplemented | f | f = NotImplemented | NotImplemented",
        ],
        id="words",
    ),
]

CALLS = [
    pytest.param(
        'client = OpenAI(\n    api_key = os.environ["K"],  # key\n    base_url="u",\n)\n',
        [
            '/client | call OpenAI | client | client = Ope…e_url="u",⏎) | OpenAI(⏎    …e_url="u",⏎)',
            '/client/api_key | code os.environ["K"] | api_key | api_key = os.environ["K"] | os.environ["K"]',
            '/client/base_url | string double \'u\' | base_url | base_url="u" | "u"',
        ],
        id="keywords",
    ),
    pytest.param(
        'X = f(a, *b, "c", k=1, **d)\n',
        [
            '/X | call f | X | X = f(a, *b,…", k=1, **d) | f(a, *b, "c", k=1, **d)',
            "/X/0 | code a | - | a",
            "/X/* | code *b | - | *b",
            "/X/1 | string double 'c' | - | \"c\"",
            "/X/k | integer plain 1 | k | k=1 | 1",
            "/X/* | code **d | - | **d",
        ],
        id="positional-arguments-are-numbered",
    ),
    pytest.param(
        'X = a.b["c"].d(k=1)\nY = super().__init__(k=1)\nZ = f  (k=1)\n',
        [
            '/X | call a.b["c"].d | X | X = a.b["c"].d(k=1) | a.b["c"].d(k=1)',
            "/X/k | integer plain 1 | k | k=1 | 1",
            "/Y | call super().__init__ | Y | Y = super().…_init__(k=1) | super().__init__(k=1)",
            "/Y/k | integer plain 1 | k | k=1 | 1",
            "/Z | call f | Z | Z = f  (k=1) | f  (k=1)",
            "/Z/k | integer plain 1 | k | k=1 | 1",
        ],
        id="a-callee-is-a-path",
    ),
    pytest.param(
        'a = os.environ["X"]\nb = os.getenv("X",\n    "y")  # c\nc = [os.getenv("X"), env.str("Y")]\n',
        [
            '/a | code os.environ["X"] | a | a = os.environ["X"] | os.environ["X"]',
            '/b | code os.getenv("X","y") | b | b = os.getenv("X",⏎    "y") | os.getenv("X",⏎    "y")',
            '/c | list | c | c = [os.gete…nv.str("Y")] | [os.getenv("…nv.str("Y")]',
            '/c/0 | code os.getenv("X") | - | os.getenv("X")',
            '/c/1 | code env.str("Y") | - | env.str("Y")',
        ],
        id="an-environment-variable-is-code",
    ),
    pytest.param(
        'a = SecretStr("x")\nb = str(1)\n',
        [
            '/a | code SecretStr("x") | a | a = SecretStr("x") | SecretStr("x")',
            "/b | code str(1) | b | b = str(1) | str(1)",
        ],
        id="a-wrapped-string-is-code",
    ),
    pytest.param(
        'X = [Model("a", "b"), Model("c"), chat("d"), f(x), Model()]\n',
        [
            '/X | list | X | X = [Model("…x), Model()] | [Model("a", …x), Model()]',
            '/X/0 | call Model | - | Model("a", "b")',
            "/X/0/0 | string double 'a' | - | \"a\"",
            "/X/0/1 | string double 'b' | - | \"b\"",
            '/X/1 | call Model | - | Model("c")',
            "/X/1/0 | string double 'c' | - | \"c\"",
            '/X/2 | call chat | - | chat("d")',
            "/X/2/0 | string double 'd' | - | \"d\"",
            "/X/3 | code f(x) | - | f(x)",
            "/X/4 | code Model() | - | Model()",
        ],
        id="instances-in-a-list",
    ),
    pytest.param(
        'X = Model("a", size)\nY = settings.get("a", "b")\n',
        [
            '/X | call Model | X | X = Model("a", size) | Model("a", size)',
            "/X/0 | string double 'a' | - | \"a\"",
            "/X/1 | code size | - | size",
            '/Y | code settings.get("a","b") | Y | Y = settings.get("a", "b") | settings.get("a", "b")',
        ],
        id="an-instance-of-several-strings",
    ),
    pytest.param(
        'X = register("a", ["b"])\nY = f([1], x)\nZ = f({"a": 1}, )\n',
        [
            '/X | call register | X | X = register("a", ["b"]) | register("a", ["b"])',
            "/X/0 | string double 'a' | - | \"a\"",
            '/X/1 | list | - | ["b"]',
            "/X/1/0 | string double 'b' | - | \"b\"",
            "/Y | call f | Y | Y = f([1], x) | f([1], x)",
            "/Y/0 | list | - | [1]",
            "/Y/0/0 | integer plain 1 | - | 1",
            "/Y/1 | code x | - | x",
            '/Z | dict f | Z | Z = f({"a": 1}, ) | {"a": 1}',
            '/Z/a | integer plain 1 | "a" | "a": 1 | 1',
        ],
        id="an-argument-that-is-a-list",
    ),
    pytest.param(
        'X = list(Model(id="a"))\n',
        [
            '/X | call Model | X | X = list(Model(id="a")) | Model(id="a")',
            '/X/id | string double \'a\' | id | id="a" | "a"',
        ],
        id="a-call-around-a-call-is-that-call",
    ),
    pytest.param(
        (
            'a = field(default_factory=lambda: ["x"])\n'
            'b = Field(default_factory=lambda: {"k": 1}, alias="z")\n'
            "c = field(default_factory=list)\n"
            "d = f([1], default_factory=lambda: [2])\n"
        ),
        [
            '/a | list field | a | a = field(de…mbda: ["x"]) | ["x"]',
            "/a/0 | string double 'x' | - | \"x\"",
            '/b | dict Field | b | b = Field(de…, alias="z") | {"k": 1}',
            '/b/k | integer plain 1 | "k" | "k": 1 | 1',
            "/c | call field | c | c = field(de…actory=list) | field(defaul…actory=list)",
            "/c/default_factory | code list | default_factory | default_factory=list | list",
            "/d | call f | d | d = f([1], d…lambda: [2]) | f([1], defau…lambda: [2])",
            "/d/0 | list | - | [1]",
            "/d/0/0 | integer plain 1 | - | 1",
            "/d/default_factory | list | default_factory | default_fact…=lambda: [2] | [2]",
            "/d/default_factory/0 | integer plain 2 | - | 2",
        ],
        id="a-factory-of-a-field",
    ),
    pytest.param(
        'X = [None(1), True.real(k=2), "a".format(b=3)]\n',
        [
            "/X | list | X | X = [None(1)…format(b=3)] | [None(1), Tr…format(b=3)]",
            "/X/0 | code None(1) | - | None(1)",
            "/X/1 | call real | - | True.real(k=2) | real(k=2)",
            "/X/1/k | integer plain 2 | k | k=2 | 2",
            '/X/2 | call format | - | "a".format(b=3) | format(b=3)',
            "/X/2/b | integer plain 3 | b | b=3 | 3",
        ],
        id="what-is-no-name-is-not-called",
    ),
    pytest.param(
        'X = OpenAI(base_url="u").chat.create(model="m")\nY = f(x).run(k=1)\nZ = f(k=1)(j=2)\n',
        [
            '/X | scope | X | X = OpenAI(b…e(model="m") | OpenAI(base_…e(model="m")',
            '/X/0 | call OpenAI | - | OpenAI(base_url="u")',
            '/X/0/base_url | string double \'u\' | base_url | base_url="u" | "u"',
            '/X/1 | call chat.create | - | chat.create(model="m")',
            '/X/1/model | string double \'m\' | model | model="m" | "m"',
            "/Y | call run | Y | Y = f(x).run(k=1) | run(k=1)",
            "/Y/k | integer plain 1 | k | k=1 | 1",
            "/Z | scope | Z | Z = f(k=1)(j=2) | f(k=1)(j=2)",
            "/Z/0 | call f | - | f(k=1)",
            "/Z/0/k | integer plain 1 | k | k=1 | 1",
            "/Z/1 | call  | - | (j=2)",
            "/Z/1/j | integer plain 2 | j | j=2 | 2",
        ],
        id="chains-of-calls",
    ),
]

PARTS = [
    pytest.param(
        'X = BASE + ["a"]\n',
        [
            '/X | list | X | X = BASE + ["a"] | ["a"]',
            "/X/0 | string double 'a' | - | \"a\"",
        ],
        id="a-sum-with-one-list",
    ),
    pytest.param(
        'X = ["a"] + ["b"]\n',
        [
            '/X | scope | X | X = ["a"] + ["b"] | ["a"] + ["b"]',
            '/X/0 | list | - | ["a"]',
            "/X/0/0 | string double 'a' | - | \"a\"",
            '/X/1 | list | - | ["b"]',
            "/X/1/0 | string double 'b' | - | \"b\"",
        ],
        id="several-parts-are-numbered",
    ),
    pytest.param(
        'X = ["a"] if y else {"b": 1}\nY = load() or []\n',
        [
            '/X | scope | X | X = ["a"] if…lse {"b": 1} | ["a"] if y else {"b": 1}',
            '/X/0 | list | - | ["a"]',
            "/X/0/0 | string double 'a' | - | \"a\"",
            '/X/1 | dict | - | {"b": 1}',
            '/X/1/b | integer plain 1 | "b" | "b": 1 | 1',
            "/Y | list | Y | Y = load() or [] | []",
        ],
        id="conditions",
    ),
    pytest.param(
        'X = [make(m) for m in ("a", "b") if m]\n',
        [
            '/X | tuple | X | X = [make(m)…, "b") if m] | ("a", "b")',
            "/X/0 | string double 'a' | - | \"a\"",
            "/X/1 | string double 'b' | - | \"b\"",
        ],
        id="iterables",
    ),
    pytest.param(
        'X = d[1, "a"] + d[(1, "a")] + d[["b"]]\nY = d[(1, 2), (3, 4)]\nZ = d[(1, 2),]\n',
        [
            '/X | list | X | X = d[1, "a"…] + d[["b"]] | ["b"]',
            "/X/0 | string double 'b' | - | \"b\"",
            "/Y | scope | Y | Y = d[(1, 2), (3, 4)] | d[(1, 2), (3, 4)]",
            "/Y/0 | tuple | - | (1, 2)",
            "/Y/0/0 | integer plain 1 | - | 1",
            "/Y/0/1 | integer plain 2 | - | 2",
            "/Y/1 | tuple | - | (3, 4)",
            "/Y/1/0 | integer plain 3 | - | 3",
            "/Y/1/1 | integer plain 4 | - | 4",
            "/Z | tuple | Z | Z = d[(1, 2),] | (1, 2)",
            "/Z/0 | integer plain 1 | - | 1",
            "/Z/1 | integer plain 2 | - | 2",
        ],
        id="indices-are-no-tuples",
    ),
    pytest.param(
        "X = OpenAI(k=1) | parse\n",
        [
            "/X | call OpenAI | X | X = OpenAI(k=1) | parse | OpenAI(k=1)",
            "/X/k | integer plain 1 | k | k=1 | 1",
        ],
        id="a-pipe",
    ),
    pytest.param(
        'X = lambda: ["a"]\nY = lambda x: x\n',
        [
            '/X | list | X | X = lambda: ["a"] | ["a"]',
            "/X/0 | string double 'a' | - | \"a\"",
            "/Y | code lambda x:x | Y | Y = lambda x: x | lambda x: x",
        ],
        id="a-lambda",
    ),
    pytest.param(
        'X = f"{[1]}" + y\n',
        [
            '/X | code f"{[1]}"+y | X | X = f"{[1]}" + y | f"{[1]}" + y',
        ],
        id="nothing-is-taken-from-f-strings",
    ),
]

SCOPES = [
    pytest.param(
        (
            "class Settings(Base, k=1):\n"
            '    """Doc."""\n'
            "\n"
            '    url: str = "u"  # c\n'
            '    models: list[str] = ["a"]\n'
            "    # end\n"
        ),
        [
            '/Settings | scope | Settings | Settings(Bas…str] = ["a"] | (Base, k=1):…str] = ["a"]',
            '/Settings/url | string double \'u\' | url | url: str = "u" | "u"',
            '/Settings/models | list | models | models: list…str] = ["a"] | ["a"]',
            "/Settings/models/0 | string double 'a' | - | \"a\"",
        ],
        id="class-attributes",
    ),
    pytest.param(
        (
            "class A:\n"
            "    class Config:\n"
            "        x = 1\n"
            "\n"
            '    async def f(self, a, b=2, /, c="d", *e, g=[3], h, **i):\n'
            '        self.x = {"y": 1}\n'
            '        return {"z": 2}\n'
        ),
        [
            '/A | scope | A | A:⏎    class…urn {"z": 2} | :⏎    class …urn {"z": 2}',
            "/A/Config | scope | Config | Config:⏎        x = 1 | :⏎        x = 1",
            "/A/Config/x | integer plain 1 | x | x = 1 | 1",
            '/A/f | scope | f | f(self, a, b…urn {"z": 2} | (self, a, b=…urn {"z": 2}',
            "/A/f/b | integer plain 2 | b | b=2 | 2",
            '/A/f/c | string double \'d\' | c | c="d" | "d"',
            "/A/f/g | list | g | g=[3] | [3]",
            "/A/f/g/0 | integer plain 3 | - | 3",
            '/A/f/self.x | dict | self.x | self.x = {"y": 1} | {"y": 1}',
            '/A/f/self.x/y | integer plain 1 | "y" | "y": 1 | 1',
            '/A/f/return | dict | return | return {"z": 2} | {"z": 2}',
            '/A/f/return/z | integer plain 2 | "z" | "z": 2 | 2',
        ],
        id="nested-scopes",
    ),
    pytest.param(
        "class A: pass\ndef f(a): return a\nX = 1\n",
        [
            "/X | integer plain 1 | X | X = 1 | 1",
        ],
        id="scopes-that-bind-nothing-are-left-out",
    ),
    pytest.param(
        "class A: x = 1; y = 2\n",
        [
            "/A | scope | A | A: x = 1; y = 2 | : x = 1; y = 2",
            "/A/x | integer plain 1 | x | x = 1 | 1",
            "/A/y | integer plain 2 | y | y = 2 | 2",
        ],
        id="a-suite-in-the-same-line",
    ),
    pytest.param(
        (
            "if a:\n"
            "    X = 1\n"
            "elif b:\n"
            "    X = 2\n"
            "elif c:\n"
            "    X = 3\n"
            "else:\n"
            "    X = 4\n"
            "try:\n"
            "    Y = 1\n"
            "except E:\n"
            "    Y = 2\n"
            "else:\n"
            "    Y = 3\n"
            "finally:\n"
            "    Y = 4\n"
            "while a:\n"
            "    Z = 1\n"
            "else:\n"
            "    Z = 2\n"
            "match a:\n"
            '    case {"k": [1]}:\n'
            "        W = 1\n"
            '    case _ if {"no": 1}:\n'
            "        W = 2\n"
        ),
        [
            "/X | integer plain 1 | X | X = 1 | 1",
            "/X@2 | integer plain 2 | X | X = 2 | 2",
            "/X@3 | integer plain 3 | X | X = 3 | 3",
            "/X@4 | integer plain 4 | X | X = 4 | 4",
            "/Y | integer plain 1 | Y | Y = 1 | 1",
            "/Y@2 | integer plain 2 | Y | Y = 2 | 2",
            "/Y@3 | integer plain 3 | Y | Y = 3 | 3",
            "/Y@4 | integer plain 4 | Y | Y = 4 | 4",
            "/Z | integer plain 1 | Z | Z = 1 | 1",
            "/Z@2 | integer plain 2 | Z | Z = 2 | 2",
            "/W | integer plain 1 | W | W = 1 | 1",
            "/W@2 | integer plain 2 | W | W = 2 | 2",
        ],
        id="blocks-open-no-scope",
    ),
    pytest.param(
        (
            "with OpenAI(k=1) as client, f() as g, run(j=2):\n"
            '    for m in ["a"]:\n'
            "        X = 1\n"
            "    else:\n"
            "        Y = 2\n"
        ),
        [
            "/client | call OpenAI | client | OpenAI(k=1) as client | OpenAI(k=1)",
            "/client/k | integer plain 1 | k | k=1 | 1",
            "/run | call run | run | run(j=2)",
            "/run/j | integer plain 2 | j | j=2 | 2",
            '/expression | list | - | ["a"]',
            "/expression/0 | string double 'a' | - | \"a\"",
            "/X | integer plain 1 | X | X = 1 | 1",
            "/Y | integer plain 2 | Y | Y = 2 | 2",
        ],
        id="with-and-for",
    ),
    pytest.param(
        ('print("a")\nmain()\nf(x)\nos.environ.setdefault("V", "w")\nawait asyncio.run(main(k=1))\nf([])\n'),
        [
            '/print | call print | print | print("a")',
            "/print/0 | string double 'a' | - | \"a\"",
            '/os.environ.setdefault | call os.environ.setdefault | os.environ.setdefault | os.environ.s…lt("V", "w")',
            "/os.environ.setdefault/0 | string double 'V' | - | \"V\"",
            "/os.environ.setdefault/1 | string double 'w' | - | \"w\"",
            "/asyncio.run | call main | asyncio.run | await asynci…n(main(k=1)) | main(k=1)",
            "/asyncio.run/k | integer plain 1 | k | k=1 | 1",
        ],
        id="calls-that-stand-alone",
    ),
    pytest.param(
        '"""Doc."""\n{"name": "x"}\nOpenAI(k=1).run("x")\nyield "a", b\nx\n',
        [
            '/expression | dict | - | {"name": "x"}',
            '/expression/name | string double \'x\' | "name" | "name": "x" | "x"',
            '/expression@2 | call OpenAI | - | OpenAI(k=1).run("x") | OpenAI(k=1)',
            "/expression@2/k | integer plain 1 | k | k=1 | 1",
            '/expression@3 | tuple bare | - | yield "a", b | "a", b',
            "/expression@3/0 | string double 'a' | - | \"a\"",
            "/expression@3/1 | code b | - | b",
        ],
        id="expressions-that-stand-alone",
    ),
    pytest.param(
        'def f():\n    return\n    return x\n    return "a"\n    return ({"b": 1})\n',
        [
            '/f | scope | f | f():⏎    ret…n ({"b": 1}) | ():⏎    retu…n ({"b": 1})',
            '/f/return | string double \'a\' | return | return "a" | "a"',
            '/f/return@2 | dict | return | return ({"b": 1}) | {"b": 1}',
            '/f/return@2/b | integer plain 1 | "b" | "b": 1 | 1',
        ],
        id="returns",
    ),
    pytest.param(
        '@app.get("/v1", tags=["a"])\n@cached\ndef f():\n    x = 1\n',
        [
            '/app.get | call app.get | app.get | app.get("/v1… tags=["a"])',
            "/app.get/0 | string double '/v1' | - | \"/v1\"",
            '/app.get/tags | list | tags | tags=["a"] | ["a"]',
            "/app.get/tags/0 | string double 'a' | - | \"a\"",
            "/f | scope | f | f():⏎    x = 1 | ():⏎    x = 1",
            "/f/x | integer plain 1 | x | x = 1 | 1",
        ],
        id="decorators",
    ),
]


@pytest.mark.parametrize(("text", "expected"), ASSIGNMENTS)
def test_assignments_bind_under_the_code_of_their_target(text: str, expected: list[str]) -> None:
    assert expected == outline(text)


@pytest.mark.parametrize(("text", "expected"), CONTAINERS)
def test_containers_have_their_entries_in_source_order(text: str, expected: list[str]) -> None:
    assert expected == outline(text)


@pytest.mark.parametrize(("text", "expected"), SCALARS)
def test_scalars_have_value_kind_and_style(text: str, expected: list[str]) -> None:
    assert expected == outline(text)


@pytest.mark.parametrize(("text", "expected"), CALLS)
def test_calls_are_mappings_of_their_arguments(text: str, expected: list[str]) -> None:
    assert expected == outline(text)


@pytest.mark.parametrize(("text", "expected"), PARTS)
def test_an_expression_is_the_literals_in_it(text: str, expected: list[str]) -> None:
    assert expected == outline(text)


@pytest.mark.parametrize(("text", "expected"), SCOPES)
def test_functions_and_classes_are_scopes(text: str, expected: list[str]) -> None:
    assert expected == outline(text)
