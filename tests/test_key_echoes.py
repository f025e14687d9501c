"""Keys that a gateway quotes in disguise: escaped, broken over lines or cut off, they are masked where they stand."""

from __future__ import annotations

import base64
import html
import json
import quopri
import sys
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_play import KEY as SENT
from gateway_play import REQUEST, Play, in_process
from tokenrouter_video.gateway.loopback import SCENARIOS, LoopbackGateway
from tokenrouter_video.gateway.loopback.answers import json_answer
from tokenrouter_video.masking import Masker
from tokenrouter_video.records import replace
from tokenrouter_video.secrets import mask

KEY = "example-key-7f2-0123&456/789=ab"
SHOWN = "exa...=ab"
ZERO_WIDTH = chr(0x200B)
SOFT_HYPHEN = chr(0xAD)
WRAPPED = "\n".join(base64.b64encode(f"Bearer {KEY}".encode()).decode()[n : n + 16] for n in range(0, 60, 16))


def masker(key: str = KEY) -> Masker:
    made = Masker()
    made.add_key(key)
    return made


def each(form: str, key: str = KEY) -> str:
    """Return a key with each character written as its number."""
    return "".join(form.format(ord(char)) for char in key)


DISGUISES = [
    pytest.param(KEY, id="none"),
    pytest.param(html.escape(KEY), id="HTML"),
    pytest.param(html.escape(html.escape(KEY)), id="HTML, twice"),
    pytest.param(html.escape(KEY).replace("/", "&sol;").replace("=", "&equals;"), id="HTML, by name"),
    pytest.param(each("&#{};"), id="HTML, by number"),
    pytest.param(each("&#x{:X};"), id="HTML, by hexadecimal number"),
    pytest.param("<wbr>".join((KEY[:9], KEY[9:20], KEY[20:])), id="HTML, with places to break"),
    pytest.param(f"{KEY[:9]}<span class='x'>{KEY[9:]}", id="HTML, with an element"),
    pytest.param("&shy;".join((KEY[:9], KEY[9:])), id="HTML, with a soft hyphen by name"),
    pytest.param(KEY.replace("-", "\\u002d"), id="JSON, one character"),
    pytest.param(KEY.replace("/", "\\/").replace("&", "\\u0026"), id="JSON, as PHP and Go write it"),
    pytest.param(each("\\u{:04X}"), id="JSON, each character"),
    pytest.param(KEY.replace("-", "\\\\u002d"), id="JSON in JSON"),
    pytest.param(each("\\u{{{:x}}}"), id="JavaScript"),
    pytest.param(each("\\x{:02x}"), id="C"),
    pytest.param(each("\\{:03o}"), id="octal"),
    pytest.param(KEY.replace("-", "\\-").replace("&", "\\&"), id="Markdown and shells"),
    pytest.param(each("%{:02X}"), id="a URL, each character"),
    pytest.param(quote(quote(KEY, safe=""), safe=""), id="a URL, twice"),
    pytest.param(html.escape(KEY).replace("-", "%2d").replace(";", "\\u003b"), id="HTML, a URL and JSON together"),
    pytest.param(quopri.encodestring(KEY.encode().replace(b"-", b"=2D")).decode(), id="mail, twice"),
    pytest.param(f"{KEY[:14]}=\r\n{KEY[14:]}", id="a soft line break of mail"),
    pytest.param(f"{KEY[:14]}= {KEY[14:]}".replace("-", "=2D"), id="mail on one line"),
    pytest.param(f"{KEY[:14]}\\\n  {KEY[14:]}", id="a line that goes on behind a backslash"),
    pytest.param(f"{KEY[:14]}\n    {KEY[14:]}", id="a line break"),
    pytest.param(f"{KEY[:14]}\\n{KEY[14:]}", id="a line break that is spelled out"),
    pytest.param(ZERO_WIDTH.join(KEY), id="zero-width characters"),
    pytest.param(SOFT_HYPHEN.join(KEY), id="soft hyphens"),
    pytest.param("\\u200b".join(KEY), id="zero-width characters that are spelled out"),
    pytest.param("&#8203;".join(KEY), id="zero-width characters by number"),
    pytest.param(f"{KEY[:9]}\x1b[31m{KEY[9:]}\x1b[0m", id="colours"),
    pytest.param(f"{KEY[:9]}\\x1b[31m{KEY[9:]}", id="colours that are spelled out"),
]


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguised_key_is_masked_where_it_stands(disguise: str) -> None:
    end = "\x1b[0m" if disguise.endswith("\x1b[0m") else ""
    assert masker().clean(f"Invalid & token '{disguise}' \\o/ 100%") == f"Invalid & token '{SHOWN}{end}' \\o/ 100%"


def test_the_keys_encodings_are_found_across_lines_too() -> None:
    cleaned = masker().clean(f"Authorization was {WRAPPED} there")
    assert SHOWN in cleaned
    assert WRAPPED[20:40] not in cleaned


@pytest.mark.parametrize(
    "key", ["a%41b-example-7f2", "a\\u0041b-example-7f2", "a&amp;b-example-7f2", "12=3D4-example-7f2"]
)
def test_a_key_may_hold_what_looks_like_an_escape(key: str) -> None:
    for text in (key, html.escape(key), quote(key, safe=""), key.replace("-", "\\u002d"), json.dumps(key)[1:-1]):
        assert masker(key).clean(f"token {text}.") == f"token {mask(key)}."


def test_of_a_row_of_backslashes_only_those_of_the_key_are_masked() -> None:
    key = ".-.example-7f2-0123.-."
    written = key.replace(".", "\\.").replace("-", "\\-")
    assert masker(key).clean(f'a \\"{written}\\"\\, b') == f'a \\"{mask(key)}\\"\\, b'


def test_a_row_of_a_million_backslashes_is_one_step() -> None:
    lines = lines_executed(masker(), "\\" * 1_000_000)
    assert lines < 1_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"Invalid token {KEY[:24]}...", "Invalid token ***...", id="cut off"),
        pytest.param(f"a {KEY[:10]}... b", "a ***... b", id="the shortest part"),
        pytest.param(f"a {KEY[:9]}... b", f"a {KEY[:9]}... b", id="too short to be told from words"),
        pytest.param(f"a {KEY[:24]}", f"a {KEY[:24]}", id="a name that the key begins with"),
    ],
)
def test_a_key_that_was_cut_off(text: str, expected: str) -> None:
    assert masker().clean(text) == expected


ORDINARY = [
    *("a & b", "100% of \\n it", "x = y\nz = w\n", "<b>bold</b>", "&amp;&lt;", "C:\\new\\table", "%41%42", "=2D="),
    *("example key 7f2", "example-key-7f2", "\\u00e9\\u200b", f"{ZERO_WIDTH}a{SOFT_HYPHEN}", "\x1b[31mred\x1b[0m"),
    *("--- a/x.ts\n+++ b/x.ts\n@@ -1 +1,2 @@\n const a: X<Y> = {};\n+const b = `${c}` && d;\n", "", "....", "é\u2028ü"),
    *("&#1114112; &#xffffff; \\u{ffffff} &nosuchname;", "\\"),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert masker().clean(text) == text


@pytest.mark.parametrize("key", ["generatevideo", "short-key-1", "my-models"])
def test_a_key_that_words_may_make_is_looked_for_as_it_stands_only(key: str) -> None:
    text = "generate\nvideo, short\n-key\n-1, my\n-models"
    assert masker(key).clean(text) == text


FORMS = [
    *("{0}", "&#{1};", "&#x{1:x};", "%{1:02x}", "%25{1:02X}", "\\u{1:04x}", "\\x{1:02x}", "\\\\u{1:04x}", "&amp;#{1};"),
    *("{0}" + ZERO_WIDTH, "{0}\n ", "{0}<wbr>", "{0}\\n", "{0}&#8203;"),
]
KEYS = st.text("abcdefghijkmnopqrsvwyz0123456789-_.~+/", min_size=16, max_size=40).filter(lambda key: not key.isalpha())


@settings(max_examples=300, deadline=None)
@given(KEYS, st.data(), st.text("ghi jkl\n", max_size=20))
def test_however_each_character_is_written_all_of_the_key_is_masked_and_nothing_else(
    key: str, data: st.DataObject, frame: str
) -> None:
    forms = data.draw(st.lists(st.sampled_from(FORMS), min_size=len(key), max_size=len(key)))
    written = "".join(form.format(char, ord(char)) for form, char in zip(forms[:-1], key, strict=False))
    before, behind = f"{frame}(", f"){frame}"
    # The last character closes the quotation: what is written behind it belongs to nobody.
    cleaned = masker(key).clean(before + written + f"&#{ord(key[-1])};" + behind)
    assert cleaned == before + mask(key) + behind


REPEATED = [
    "<a",
    "<",
    "&a",
    "&#1",
    "%4",
    "%41",
    "\\",
    "\\u004",
    "\\x41",
    "=\n",
    "=4",
    "\x1b[",
    "\\x1b[1",
    " ",
    "...",
]


@pytest.mark.parametrize("text", REPEATED)
def test_the_work_grows_as_the_text_does(text: str) -> None:
    made = masker("a" * 30 + "-7f2")
    short, long = (lines_executed(made, text * count) for count in (1_000, 4_000))
    assert long <= 4.5 * short
    # Beyond lines: an expression that went back over the text would not come to an end here.
    assert made.clean(text * (1_000_000 // len(text))) == text * (1_000_000 // len(text))


def lines_executed(made: Masker, text: str) -> int:
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        made.clean(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "echo",
    [
        pytest.param(each("&#{};", SENT), id="HTML"),
        pytest.param(SENT.replace("-", "\\u002d"), id="JSON in the message"),
        pytest.param(each("%{:02X}", SENT), id="percent-encoded"),
        pytest.param(f"{SENT[:16]}=\n{SENT[16:]}", id="a soft line break, which becomes a blank on the one line"),
        pytest.param(f"{SENT[:16]}\n{SENT[16:]}", id="a line break"),
        pytest.param(ZERO_WIDTH.join(SENT), id="zero-width characters, which are spelled out"),
    ],
)
def test_what_a_gateway_quotes_in_an_error_is_masked_in_text_json_and_journal(
    echo: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = json_answer({"error": {"message": f"Invalid token {echo}!", "code": "", "type": "x"}}, 401)
    with LoopbackGateway(replace(SCENARIOS["quick"], submit=(answer,))) as gateway:
        play = Play(tmp_path, gateway)
        ran = in_process(play, capsys, monkeypatch, "generate", *REQUEST, "--submit", "--json")
        text = play.run("generate", *REQUEST, "--submit")
    assert (ran.code, text.code) == (8, 8)
    assert "Invalid token exa...def!" in ran.json["error"]["message"]
    assert ran.json["payload"] == {"error": {"message": "Invalid token exa...def!", "code": "", "type": "x"}}
    assert "Invalid token exa...def!" in text.err
    journal = (play.state / "tasks.jsonl").read_text()
    assert "Invalid token exa...def!" in journal
    for output in (ran.out, text.out, text.err, journal):
        assert SENT[4:12] not in output


def test_a_key_at_the_end_of_a_message_that_is_too_long_is_not_shown_in_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = json_answer({"error": {"message": "x" * 475 + SENT + "y" * 100, "code": "z" * 80 + SENT}}, 400)
    with LoopbackGateway(replace(SCENARIOS["quick"], submit=(answer,))) as gateway:
        ran = in_process(Play(tmp_path, gateway), capsys, monkeypatch, "generate", *REQUEST, "--submit")
    assert ran.code == 8
    assert "x***..." in ran.err
    assert "z***..." in ran.err
    assert SENT[:8] not in ran.out + ran.err
