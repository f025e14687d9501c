"""Dotenv files: what stands where, and what the variables are."""

from __future__ import annotations

import io
import os
from unittest import mock

import pytest
from dotenv import dotenv_values
from hypothesis import example, given
from hypothesis import strategies as st

from tokenrouter_video.documents.document import Document, DocumentError, Obstacle
from tokenrouter_video.documents.dotenv import parse, variables
from tokenrouter_video.documents.tree import Mapping, Scalar, Span


def outline(document: Document) -> list[str]:
    """Return ``key | kind style value | key text | entry text | value text`` for each entry, line ends as ⏎ and ␍."""
    assert isinstance(document.root, Mapping)
    assert document.root.layout == "file"
    assert document.root.span == document.root.body == Span(0, len(document.text))
    lines = []
    for entry in document.root.entries:
        node = entry.value
        assert isinstance(node, Scalar)
        assert node.span == node.token
        assert entry.key_span is not None
        texts = (span.of(document.text) for span in (entry.key_span, entry.span, node.span))
        line = " | ".join([str(entry.key), f"{node.kind} {node.style} {node.value!r}", *texts])
        lines.append(line.replace("\r", "␍").replace("\n", "⏎"))
    return lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "# c\n\nA=1\n  B = two words # c\nC=x#y\n",
            [
                "A | string plain '1' | A | A=1 | 1",
                "B | string plain 'two words' | B | B = two words | two words",
                "C | string plain 'x#y' | C | C=x#y | x#y",
            ],
            id="plain values end before blanks and comments",
        ),
        pytest.param(
            'A=\'it\\\'s # \\n\'# c\nB="say \\"x\\"\\n" # "c"\nC=""\nD=\'\'\n',
            [
                "A | string single \"it's # \\\\n\" | A | A='it\\'s # \\n' | 'it\\'s # \\n'",
                'B | string double \'say "x"\\n\' | B | B="say \\"x\\"\\n" | "say \\"x\\"\\n"',
                'C | string double \'\' | C | C="" | ""',
                "D | string single '' | D | D='' | ''",
            ],
            id="quoted values keep their quotes in the span and lose them in the value",
        ),
        pytest.param(
            "A=\"one\ntwo # x\n\"\nB='1\n2'\n",
            [
                'A | string double \'one\\ntwo # x\\n\' | A | A="one⏎two # x⏎" | "one⏎two # x⏎"',
                "B | string single '1\\n2' | B | B='1⏎2' | '1⏎2'",
            ],
            id="quoted values over several lines",
        ),
        pytest.param(
            "A=\nB=  \nC= # c\nD\nE =x\n",
            [
                "A | string empty '' | A | A= | ",
                "B | string empty '' | B | B= | ",
                "C | string empty '' | C | C= | ",
                "D | null empty None | D | D | ",
                "E | string plain 'x' | E | E =x | x",
            ],
            id="empty values and a name alone",
        ),
        pytest.param(
            "export A=1\n\t export\tB='x'\nexport=2\n'C D'=3\n",
            [
                "A | string plain '1' | A | A=1 | 1",
                "B | string single 'x' | B | B='x' | 'x'",
                "export | string plain '2' | export | export=2 | 2",
                "C D | string plain '3' | 'C D' | 'C D'=3 | 3",
            ],
            id="export and quoted names",
        ),
        pytest.param(
            "A=${B}\nB='$C'\r\nC=x\r\n",
            [
                "A | string plain '${B}' | A | A=${B} | ${B}",
                "B | string single '$C' | B | B='$C' | '$C'",
                "C | string plain 'x' | C | C=x | x",
            ],
            id="references stay, CRLF and LF mixed",
        ),
        pytest.param("A=1", ["A | string plain '1' | A | A=1 | 1"], id="no final line end"),
        pytest.param(
            f"A=x{chr(0x2028)}y {chr(0x85)} # c\n",
            [f"A | string plain 'x\\u2028y' | A | A=x{chr(0x2028)}y | x{chr(0x2028)}y"],
            id="what is a line end only to Python",
        ),
        pytest.param("", [], id="nothing"),
    ],
)
def test_every_assignment_is_where_it_stands(text: str, expected: list[str]) -> None:
    document = parse(text)
    assert outline(document) == expected
    assert (document.text, document.format, document.obstacles) == (text, "dotenv", ())


def test_second_assignment_and_strange_line_are_obstacles() -> None:
    document = parse("A=1\n\n  = x\nA=2\n# c\nB='open\n")
    assert outline(document) == [
        "A | string plain '1' | A | A=1 | 1",
        "A | string plain '2' | A | A=2 | 2",
    ]
    assert document.obstacles == (
        Obstacle(7, "a line that is no assignment"),
        Obstacle(11, "a duplicate key"),
        Obstacle(19, "a line that is no assignment"),
    )


@pytest.mark.parametrize(
    ("text", "environ", "expected"),
    [
        pytest.param("\n# c\nA=1\nexport B='2'\n", {}, (("A", "1", 3), ("B", "2", 4)), id="lines count from one"),
        pytest.param("A=\nA=1\nA=2\n", {}, (("A", "", 1), ("A", "1", 2), ("A", "2", 3)), id="later ones are kept"),
        pytest.param("A\nB=1\n", {}, (("B", "1", 2),), id="a name alone is no variable"),
        pytest.param("B='1\n2'\nA=3\n", {}, (("B", "1\n2", 1), ("A", "3", 3)), id="a value over two lines"),
        pytest.param(
            "A=x\nB=${A}/v1\nC='${B}'\nD=$A\n",
            {},
            (("A", "x", 1), ("B", "x/v1", 2), ("C", "x/v1", 3), ("D", "$A", 4)),
            id="references to earlier ones",
        ),
        pytest.param(
            "A=${B}\nB=1\nA=${B}${A}\n",
            {},
            (("A", "", 1), ("B", "1", 2), ("A", "1", 3)),
            id="a reference sees what stands above it",
        ),
        pytest.param(
            "A=${E}\nE=file\nB=${E}\nC=${F:-x y}${G:-}\n",
            {"E": "env"},
            (("A", "env", 1), ("E", "file", 2), ("B", "file", 3), ("C", "x y", 4)),
            id="the environment, the file above it, the default",
        ),
        pytest.param("A\nB=${A:-x}\n", {"A": "env"}, (("B", "", 2),), id="a name alone hides the environment"),
        pytest.param(
            "A=" + "x" * 3_000 + "\nB=${A}${A}\n",
            {},
            (("A", "x" * 3_000, 1), ("B", "${A}${A}", 2)),
            id="what would grow too long stays",
        ),
        pytest.param("A=" + "${B}" * 33, {"B": "1"}, (("A", "${B}" * 33, 1),), id="too many references stay"),
        pytest.param("A=" + "${B}" * 32, {"B": "1"}, (("A", "1" * 32, 1),), id="many references are replaced"),
    ],
)
def test_variables(text: str, environ: dict[str, str], expected: tuple[tuple[str, str, int], ...]) -> None:
    assert variables(text, environ) == expected


def test_doubling_references_stay_small() -> None:
    text = "A0=" + "x" * 100 + "\n" + "".join(f"A{n + 1}=${{A{n}}}${{A{n}}}\n" for n in range(200))
    assert max(len(value) for _, value, _ in variables(text)) <= 4_096


def test_the_process_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTSIDE", "example-key-7f2")
    assert variables("A=${OUTSIDE}\n") == (("A", "", 1),)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        pytest.param("A=1\nB=x" + " " * 100_000 + "y\n", 7, id="one long run"),
        pytest.param(("A=x" + " " * 4_000 + "y\n") * 5, 4_005 * 3 + 3, id="many runs"),
    ],
)
def test_blanks_that_would_take_too_long_are_refused(text: str, offset: int) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(text)
    assert (caught.value.reason, caught.value.offset) == ("the lines hold too many blanks", offset)


ALPHABET = st.sampled_from("AB=='\"\\#$ \t\n\r{}:-nex" + chr(0x85) + chr(0x0B) + chr(0) + chr(0x2028))
LINES = st.builds(
    "{0}{1}{2}={2}{3}{4}".format,
    st.sampled_from(["", "export ", "  "]),
    st.sampled_from(["A", "B", "'C D'", "e.f-g", "export"]),
    st.sampled_from(["", " ", "\t"]),
    st.sampled_from(["", "1", "x y", "'q'", '"d\\"\\n"', "'m\n#'", "${A}", '"${B:-z}"', "x#y", "'open", '"\\\\"']),
    st.sampled_from(["", " ", " # c", "# 'c'"]),
)


@given(st.lists(LINES, max_size=8).map("\n".join) | st.text(ALPHABET, max_size=40) | st.text())
@example("A=1\nA='2'\n'A'=3")
@example("export \nA=")
@example("A'=1\n''=2\n'A'B=3")
def test_values_are_those_of_python_dotenv(text: str) -> None:
    if text.startswith(chr(0xFEFF)):
        return
    document = parse(text)
    assert isinstance(document.root, Mapping)
    found = {entry.key: entry.value.value for entry in document.root.entries if isinstance(entry.value, Scalar)}
    end = 0
    for entry in document.root.entries:
        assert end <= entry.span.start <= entry.value.span.start <= entry.value.span.end == entry.span.end
        end = entry.span.end
    with mock.patch.dict(os.environ, {"B": "outside"}, clear=True):
        assert found == dotenv_values(stream=io.StringIO(text), interpolate=False)
        resolved = dotenv_values(stream=io.StringIO(text))
    last = {name: value for name, value, _ in variables(text, {"B": "outside"})}
    assert {name: value for name, value in resolved.items() if value is not None and found[name] is not None} == {
        name: value for name, value in last.items() if found[name] is not None
    }
