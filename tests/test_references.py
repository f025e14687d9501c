"""Every form in which a config refers to a variable, file, command or vault; and code that puts text together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenrouter_video.discovery.expressions import read_code
from tokenrouter_video.discovery.references import MAX_REFERENCES, read_key, read_text
from tokenrouter_video.discovery.values import (
    Command,
    FileReference,
    Joined,
    Name,
    SecretReference,
    Text,
    Unknown,
    Value,
    Variable,
    join,
)

CODE = Unknown("given by code")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("${TR_URL}", Variable("TR_URL"), id="braces"),
        pytest.param("$TR_URL", Variable("TR_URL"), id="a dollar alone"),
        pytest.param("${TR_URL}/v1", Joined((Variable("TR_URL"), Text("/v1"))), id="with a path behind"),
        pytest.param(
            "https://${HOST}/v1", Joined((Text("https://"), Variable("HOST"), Text("/v1"))), id="in the middle"
        ),
        pytest.param("${TR_URL:-https://x/v1}", Variable("TR_URL", Text("https://x/v1")), id="a default"),
        pytest.param("${TR_URL-x}", Variable("TR_URL", Text("x")), id="a default without colon"),
        pytest.param("${A:-${B}}", Variable("A", Variable("B")), id="a variable as default"),
        pytest.param("${TR_URL:?must be set}", Variable("TR_URL"), id="required"),
        pytest.param("${env:TR_URL}", Variable("TR_URL"), id="env: in braces"),
        pytest.param("{env:TR_URL}/v1", Joined((Variable("TR_URL"), Text("/v1"))), id="OpenCode"),
        pytest.param("{file:~/key}", FileReference("~/key"), id="OpenCode, a file"),
        pytest.param("os.environ/TR_URL", Variable("TR_URL"), id="LiteLLM"),
        pytest.param("env.TR_URL", Variable("TR_URL"), id="Bifrost"),
        pytest.param("env::TR_URL", Variable("TR_URL"), id="TensorZero"),
        pytest.param("env:TR_URL", Variable("TR_URL"), id="env with a colon"),
        pytest.param("path::/run/key", FileReference("/run/key"), id="TensorZero, a file"),
        pytest.param(
            "path_from_env::TR", Unknown("in a file that a variable names"), id="TensorZero, a file by variable"
        ),
        pytest.param("dynamic::tr", Unknown("given by each request"), id="TensorZero, given later"),
        pytest.param("${{ secrets.TR_KEY }}", Variable("TR_KEY", is_secret=True), id="Continue"),
        pytest.param("${{secrets.TR_KEY}}", Variable("TR_KEY", is_secret=True), id="Continue, without blanks"),
        pytest.param("${{ env.TR_KEY }}", Variable("TR_KEY"), id="GitHub's env"),
        pytest.param("{vault://env/tr-key}", Variable("TR_KEY", is_secret=True), id="Kong"),
        pytest.param("{vault://env/tr/key}", SecretReference("vault://env/tr/key"), id="Kong, a part of a variable"),
        pytest.param("{vault://aws/tr-key}", SecretReference("vault://aws/tr-key"), id="Kong, a vault elsewhere"),
        pytest.param('${{ env "DECK_TR_KEY" }}', Variable("DECK_TR_KEY"), id="Kong's decK"),
        pytest.param("$(op read tr)", Command("op read tr"), id="a command"),
        pytest.param("process.env.TR_URL", Variable("TR_URL"), id="JavaScript in a string"),
        pytest.param("%TR_URL%", Variable("TR_URL"), id="Windows"),
        pytest.param("$env:TR_URL", Variable("TR_URL"), id="PowerShell"),
        pytest.param("{{ TR_URL }}", Variable("TR_URL"), id="a template"),
        pytest.param("a$$b", Text("a$b"), id="an escaped dollar"),
        pytest.param("https://api.tokenrouter.com/v1", Text("https://api.tokenrouter.com/v1"), id="a text"),
        pytest.param("TR_URL", Text("TR_URL"), id="capitals are text where no key is due"),
        pytest.param("", Text(""), id="nothing"),
    ],
)
def test_references_in_texts(text: str, value: Value) -> None:
    assert read_text(text) == value
    assert type(read_text(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        pytest.param("TR_KEY", "value", Variable("TR_KEY"), id="capitals alone"),
        pytest.param("KEY", "value", Text("KEY"), id="one word is a literal"),
        pytest.param("TR_KEY", "env", Variable("TR_KEY"), id="the name of a variable"),
        pytest.param("tr_key", "env", Variable("tr_key"), id="the name of a variable, in small letters"),
        pytest.param("${TR_KEY}", "env", Variable("TR_KEY"), id="a reference where a name is due"),
        pytest.param("./key.txt", "file", FileReference("./key.txt"), id="the path of a file"),
        pytest.param("pass show tr", "command", Command("pass show tr"), id="the text of a command"),
        pytest.param("!security find-generic-password", "value", Command("security find-generic-password"), id="pi"),
        pytest.param("file:./key.txt", "value", FileReference("./key.txt"), id="file:"),
        pytest.param("file:///run/key", "value", FileReference("/run/key"), id="file://"),
        pytest.param("op://vault/item/key", "value", SecretReference("op://vault/item/key"), id="1Password"),
        pytest.param("vault:secret/tr", "value", SecretReference("vault:secret/tr"), id="Vault"),
        pytest.param("Bearer ${TR_KEY}", "value", Joined((Text("Bearer "), Variable("TR_KEY"))), id="Bearer in front"),
        pytest.param("YOUR_API_KEY", "value", Text("YOUR_API_KEY"), id="a placeholder in capitals"),
        pytest.param("example-key-7f2", "value", Text("example-key-7f2"), id="a literal"),
    ],
)
def test_references_where_a_key_is_due(text: str, kind: str, value: Value) -> None:
    assert read_key(text, kind) == value
    assert type(read_key(text, kind)) is type(value)


def test_one_word_in_capitals_is_a_variable_for_tools_that_read_it_so() -> None:
    assert read_key("DISPLAY", bare_variables=True) == Variable("DISPLAY")


def test_a_text_of_too_many_references_is_not_followed() -> None:
    assert read_text("${A}" * MAX_REFERENCES) == Joined((Variable("A"),) * MAX_REFERENCES)
    assert read_text("${A}" * (MAX_REFERENCES + 1)) == Unknown("made of too many references")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        pytest.param("process.env.TR_KEY", Variable("TR_KEY"), id="Node"),
        pytest.param('process.env["TR_KEY"]', Variable("TR_KEY"), id="Node, in brackets"),
        pytest.param("process.env.TR_KEY!", Variable("TR_KEY"), id="asserted"),
        pytest.param('process.env.TR_KEY ?? "x"', Variable("TR_KEY", Text("x")), id="a default"),
        pytest.param("process.env.TR_KEY || 'x'", Variable("TR_KEY", Text("x")), id="a default with ||"),
        pytest.param("process.env.A ?? process.env.B", Variable("A", Variable("B")), id="a second variable"),
        pytest.param('(process.env.A || "x") as string', Variable("A", Text("x")), id="cast"),
        pytest.param("process.env.TR_KEY?.trim()", Variable("TR_KEY"), id="trimmed"),
        pytest.param('process.env.A?.replace(/\\/$/, "")', Variable("A"), id="without its last slash"),
        pytest.param("String(process.env.A)", Variable("A"), id="made a string"),
        pytest.param("import.meta.env.VITE_TR", Variable("VITE_TR"), id="Vite"),
        pytest.param('Deno.env.get("TR_KEY")', Variable("TR_KEY"), id="Deno"),
        pytest.param("Bun.env.TR_KEY", Variable("TR_KEY"), id="Bun"),
        pytest.param("env.TR_KEY", Variable("TR_KEY"), id="a worker's env"),
        pytest.param('requireEnv("TR_KEY")', Variable("TR_KEY"), id="a helper"),
        pytest.param('os.environ["TR_KEY"]', Variable("TR_KEY"), id="Python"),
        pytest.param('os.environ.get("TR_KEY")', Variable("TR_KEY"), id="Python, get"),
        pytest.param('os.environ.get("TR_KEY", "x")', Variable("TR_KEY", Text("x")), id="Python, get with default"),
        pytest.param('os.environ.get("TR_KEY", None)', Variable("TR_KEY"), id="Python, no default"),
        pytest.param('os.getenv("A") or os.getenv("B")', Variable("A", Variable("B")), id="Python, or"),
        pytest.param('config("TR_KEY", default="x")', Variable("TR_KEY", Text("x")), id="decouple"),
        pytest.param('SecretStr(os.environ["TR_KEY"])', Variable("TR_KEY"), id="wrapped"),
        pytest.param("`${TR}/v1`", Joined((Name(("TR",)), Text("/v1"))), id="a template"),
        pytest.param(
            "`Bearer ${process.env.K}`", Joined((Text("Bearer "), Variable("K"))), id="a variable in a template"
        ),
        pytest.param('TR + "/v1"', Joined((Name(("TR",)), Text("/v1"))), id="a sum"),
        pytest.param('f"{TR}/v1"', Joined((Name(("TR",)), Text("/v1"))), id="an f-string"),
        pytest.param('f"{{a}}{TR}"', Joined((Text("{a}}"), Name(("TR",)))), id="an f-string with braces"),
        pytest.param('"https://" "x"', Text("https://x"), id="adjacent strings"),
        pytest.param('"a\\u0062\\x63\\n"', Text("abc\n"), id="escapes"),
        pytest.param('r"a\\b"', Text("a\\b"), id="a raw string"),
        pytest.param("cfg.base.url", Name(("cfg", "base", "url")), id="attributes"),
        pytest.param('cfg["base"].url', Name(("cfg", "base", "url")), id="an attribute in brackets"),
        pytest.param('"https://x" as const', Text("https://x"), id="a constant"),
        pytest.param("getKey()", CODE, id="a call"),
        pytest.param('isProd ? "a" : "b"', CODE, id="a choice"),
        pytest.param('"a" if x else "b"', CODE, id="Python's choice"),
        pytest.param("lambda: 1", CODE, id="a function"),
        pytest.param('{"a": 1}', CODE, id="an object"),
        pytest.param("", CODE, id="nothing"),
        pytest.param("x" * 5_000, CODE, id="long code"),
    ],
)
def test_expressions(code: str, value: Value) -> None:
    assert read_code(code) == value
    assert type(read_code(code)) is type(value)


def test_joining_merges_texts_and_drops_empty_ones() -> None:
    joined = join([Text("a"), Text(""), Joined((Text("b"), Variable("V"))), Text("")])
    assert joined == Joined((Text("ab"), Variable("V")))


@settings(max_examples=300)
@given(st.text(alphabet="ab.\"'`${}()[]?!|+,=\\ \n/f:", max_size=60))
def test_any_code_is_read_without_a_fault(code: str) -> None:
    assert isinstance(read_code(code), Value)
    assert isinstance(read_text(code), Value)
    assert isinstance(read_key(code), Value)
