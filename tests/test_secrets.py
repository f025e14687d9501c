"""Keys in memory, placeholders, other services' secrets, and what masking leaves of them."""

from __future__ import annotations

import base64
import json
import pickle
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenrouter_video import secret_names
from tokenrouter_video.documents import formats
from tokenrouter_video.masking import Masker
from tokenrouter_video.secret_names import is_secret_name, name_words
from tokenrouter_video.secrets import Secret, is_foreign, is_placeholder, is_reference, mask, read_key

KEY = "example-key-7f2-9c41"


def test_a_secret_shows_itself_nowhere_but_where_it_is_asked_to() -> None:
    secret = Secret(KEY)
    shown = (repr(secret), str(secret), f"{secret}", repr({"key": secret}), secret.masked, secret.fingerprint())
    assert all(KEY not in text for text in shown)
    assert secret.reveal() == KEY
    assert (secret, hash(secret)) == (Secret(KEY), hash(Secret(KEY)))
    assert secret != KEY
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_fingerprints_tell_keys_apart() -> None:
    assert Secret(KEY).fingerprint() == Secret(KEY).fingerprint()
    assert Secret(KEY).fingerprint() != Secret(KEY + "x").fingerprint()
    assert len(Secret(KEY).fingerprint()) == 32


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("", "***", id="nothing"),
        pytest.param("example-key-7f2", "***", id="fifteen characters"),
        pytest.param("example-key-7f2a", "exa...f2a", id="sixteen characters"),
        pytest.param(KEY, "exa...c41", id="longer"),
    ],
)
def test_masked_form(value: str, expected: str) -> None:
    assert mask(value) == expected


@pytest.mark.parametrize(
    ("text", "key", "fault"),
    [
        pytest.param(KEY, KEY, None, id="a token"),
        pytest.param(f"  {KEY}\t", KEY, None, id="blanks around it"),
        pytest.param(f"\n\n {KEY}\nsecond-key-1\n", KEY, None, id="the first line that is not empty"),
        pytest.param(f"Bearer {KEY}", KEY, None, id="a Bearer in front"),
        pytest.param(f"bearer   {KEY}", KEY, None, id="a bearer in another case"),
        pytest.param("k" * 512, "k" * 512, None, id="512 bytes"),
        pytest.param("k" * 513, None, "is longer than 512 bytes", id="513 bytes"),
        pytest.param("two words", None, "is not one token of printable ASCII", id="a blank inside"),
        pytest.param("schlüssel-9c41", None, "is not one token of printable ASCII", id="beyond ASCII"),
        pytest.param("key\x1b[31m9", None, "is not one token of printable ASCII", id="an escape sequence"),
        pytest.param("key\x00nine", None, "is not one token of printable ASCII", id="a null character"),
        pytest.param(" \n\t\n", None, "is empty", id="blank lines"),
        pytest.param("Bearer ", None, "is empty", id="a Bearer alone"),
        pytest.param("YOUR_API_KEY", None, "is a placeholder", id="a placeholder"),
    ],
)
def test_reading_a_key(text: str, key: str | None, fault: str | None) -> None:
    assert read_key(text) == (Secret(key) if key is not None else None, fault)


PLACEHOLDERS = [
    *("", " ", "sk-xxx", "sk-xxxxxxxx", "sk-...", "xxx", "XXXXXX", "***", "...", "YOUR_API_KEY", "your-key-here"),
    *("sk-your-key", "<key>", "<YOUR KEY>", "[api-key]", "changeme", "change-me", "user_provided", "none", "EMPTY"),
    *("sk-REDACTED000", "sk-MRr...Ltqk", "REPLACE_ME", "insert-your-key", "api-key-here", "dummy", "sk-dummy", "TODO"),
    *("not-needed", "placeholder", "put_your_key_here", "tr-xxxxxxxx", "sk-not-set", "no-auth"),
]


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_placeholders_are_no_keys(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value", ["example-key-7f2", KEY, "test-key", "local", "lm-studio", "keystone-12", "yourself1", "hxxp-key-1", "xx"]
)
def test_what_only_resembles_a_placeholder_is_a_key(value: str) -> None:
    assert is_placeholder(value) is (value == "xx")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        pytest.param("-----BEGIN " + "PRIVATE KEY-----", None, id="PEM"),
        pytest.param("gh" + "p_" + "a1" * 18, None, id="GitHub"),
        pytest.param("github_" + "pat_" + "a1" * 20, None, id="GitHub, fine-grained"),
        pytest.param("AK" + "IA" + "A1" * 8, None, id="AWS"),
        pytest.param("AS" + "IA" + "A1" * 8, None, id="AWS, temporary"),
        pytest.param("xox" + "b-" + "1a" * 10, None, id="Slack"),
        pytest.param("AI" + "za" + "a1" * 18, None, id="Google"),
        pytest.param("s" + "k-ant-" + "a1" * 10, None, id="Anthropic"),
        pytest.param("anything-at-all-1", "AWS_SECRET_ACCESS_KEY", id="AWS, by its variable"),
        pytest.param("anything-at-all-1", "GITHUB_TOKEN", id="GitHub, by its variable"),
    ],
)
def test_other_services_secrets_are_told(value: str, name: str | None) -> None:
    assert is_foreign(value, name)


@pytest.mark.parametrize("name", [None, "TR_KEY", "OPENAI_API_KEY", "TOKENROUTER_API_KEY", "GHOST_KEY"])
def test_an_ordinary_key_is_not_foreign(name: str | None) -> None:
    assert not is_foreign(KEY, name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("apiKey", ("api", "key")),
        ("api_key", ("api", "key")),
        ("API-KEY", ("api", "key")),
        ("openAIBaseURL", ("open", "ai", "base", "url")),
        ("X-Api-Key2", ("x", "api", "key", "2")),
    ],
)
def test_words_of_a_name(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    "name",
    [
        *("apiKey", "api_key", "key", "token", "botToken", "ANTHROPIC_AUTH_TOKEN", "password", "DB_PASSWORD", "secret"),
        *("clientSecret", "Authorization", "X-Api-Key", "api_keys", "apiKey2", "secretAccessKey", "key_value"),
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "key_env",
        "apiKeyEnv",
        "api_key_location",
        "api_key_file",
        "apiKeyHelper",
        "tokens_per_minute",
        "model",
        "",
        "id",
    ],
)
def test_names_that_only_refer_to_secrets(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "${TR_KEY}",
            "$TR_KEY",
            "{env:TR_KEY}",
            "os.environ/TR_KEY",
            "env.TR_KEY",
            "env::TR_KEY",
            "!cat key",
            "<key>",
        ),
        *("process.env.TR_KEY", "TR_KEY", "op://vault/item", "Bearer ${TR_KEY}", "*anchor", "exa...7f2"),
    ],
)
def test_references_are_told_from_literals(value: str) -> None:
    assert is_reference(value)


@pytest.mark.parametrize("value", [KEY, "hunter2", "a_lower_case_secret", "Bearer " + KEY])
def test_literals_are_told_from_references(value: str) -> None:
    assert not is_reference(value)


SPECIAL = "example/key+7f2\"\\'=é-9c41"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SPECIAL, id="as it stands"),
        pytest.param(json.dumps(SPECIAL), id="as JSON spells it"),
        pytest.param(json.dumps(SPECIAL, ensure_ascii=False), id="as JSON spells it, beyond ASCII"),
        pytest.param(quote(SPECIAL, safe=""), id="percent-encoded"),
        pytest.param(quote(SPECIAL, safe="").lower(), id="percent-encoded in small letters"),
        pytest.param("'" + SPECIAL.replace("'", "''") + "'", id="in YAML's single quotes"),
        pytest.param("'" + SPECIAL.replace("'", "'\"'\"'") + "'", id="in a shell's single quotes"),
    ],
)
def test_a_key_is_masked_in_every_spelling(text: str) -> None:
    masker = Masker()
    masker.add(SPECIAL)
    cleaned = masker.clean(f"before {text} behind")
    assert "exa...c41" in cleaned
    assert "7f2" not in cleaned
    assert cleaned.startswith("before ")
    assert cleaned.endswith(" behind")


def encoded_forms(key: str) -> dict[str, str]:
    data = key.encode()
    forms = {
        "upper case": key.upper(),
        "lower case": key.lower(),
        "hexadecimal": data.hex(),
        "percent-encoded": key.replace("-", "%2D"),
        "percent-encoded in small letters": key.replace("-", "%2d"),
    }
    for before in ("", "x", "xy", "Bearer ", "user:"):
        for behind in ("", "z", "zz"):
            text = f"{before}{key}{behind}".encode()
            forms[f"Base64 of {text!r}"] = base64.b64encode(text).decode()
            forms[f"URL-safe Base64 of {text!r}"] = base64.urlsafe_b64encode(text).decode()
    return forms


@pytest.mark.parametrize("key", [KEY, "example~key?7F2>>>>>0123"])
def test_a_key_that_is_sent_is_masked_as_servers_may_quote_it(key: str) -> None:
    masker = Masker()
    masker.add_key(key)
    for name, form in encoded_forms(key).items():
        cleaned = masker.clean(f"Invalid token {form}.")
        assert mask(key) in cleaned, name
        left = cleaned.replace(mask(key), "").removeprefix("Invalid token ")
        assert len(left) <= 16, name


@pytest.mark.parametrize(
    ("secrets", "text", "expected"),
    [
        pytest.param(["example-one-1"], "a example-one-1 b", "a *** b", id="a short key"),
        pytest.param([KEY], f"{KEY}{KEY}", "exa...c41exa...c41", id="twice in a row"),
        pytest.param([KEY, KEY[4:16]], KEY, "exa...c41", id="one inside the other"),
        pytest.param(
            ["example-key-AAAA", "AAAA-tail-of-it-9"], "example-key-AAAA-tail-of-it-9", "***", id="overlapping"
        ),
        pytest.param(
            [f"{KEY}\n-second-line-22"], f" {KEY}\n  -second-line-22", " exa...c41\n  ***", id="of several lines"
        ),
        pytest.param(["locale"], "locale locales xlocale", "*** locales xlocale", id="a word only as a whole word"),
        pytest.param(
            ["litellm"],
            "litellm_config.yaml litellm.yaml my-litellm run/litellm litellm: 'litellm', litellm. @litellm/",
            "litellm_config.yaml litellm.yaml my-litellm run/litellm ***: '***', ***. @***/",
            id="a word that names are made of",
        ),
        pytest.param(["abc-12"], "abc-12-x", "***-x", id="a short key with a digit is no name"),
        pytest.param(["abc"], "abc abcdef", "abc abcdef", id="too short to look for everywhere"),
    ],
)
def test_masking_what_was_added(secrets: list[str], text: str, expected: str) -> None:
    masker = Masker()
    for secret in secrets:
        masker.add(secret)
    assert masker.clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("s" + "k-12345678abcdefgh", "sk-...fgh", id="sk-"),
        pytest.param("task-12345678abcdefgh", "task-12345678abcdefgh", id="a word that ends with sk"),
        pytest.param("gh" + "p_" + "a1" * 18, "ghp...1a1", id="GitHub"),
        pytest.param("Authorization: Bearer example9token", "Authorization: Bearer ***", id="a bearer token"),
        pytest.param("Bearer authentication", "Bearer authentication", id="the word behind Bearer"),
        pytest.param("Authorization: Bearer ${TR_KEY}", "Authorization: Bearer ${TR_KEY}", id="a reference"),
        pytest.param("https://user:pw@host.example/", "https://***@host.example/", id="a password in a URL"),
        pytest.param('"apiKey": "abc"', '"apiKey": "***"', id="a short literal beside its name"),
        pytest.param("password: x9", "password: ***", id="a plain one"),
        pytest.param("API_KEY='abc' # note", "API_KEY='***' # note", id="in a dotenv file"),
        pytest.param('api_key=os.environ["X1"]', 'api_key=os.environ["X1"]', id="code"),
        pytest.param("apiKey: process.env.TR2_KEY,", "apiKey: process.env.TR2_KEY,", id="a name in code"),
        pytest.param('"api_key_env": "TR_KEY"', '"api_key_env": "TR_KEY"', id="the name of a variable"),
        pytest.param(
            "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIE\n-----END " + "RSA PRIVATE KEY-----\nrest",
            "***\nrest",
            id="PEM",
        ),
        pytest.param("-----BEGIN " + "PRIVATE KEY-----\nMIIE", "***", id="PEM without its end"),
    ],
)
def test_known_forms_are_masked_unasked(text: str, expected: str) -> None:
    assert Masker().clean(text) == expected


def test_json_is_cleaned_in_keys_and_values_of_any_depth() -> None:
    masker = Masker()
    masker.add(KEY)
    value = {"a": [KEY, {"b": (f"x {KEY}", 7, None, True, 1.5)}], KEY: "c"}
    expected = {"a": ["exa...c41", {"b": ["x exa...c41", 7, None, True, 1.5]}], "exa...c41": "c"}
    assert masker.clean_json(value) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("a.json", '{"other": {"apiKey": "example-other-77"}}', id="someone else's key"),
        pytest.param("a.json", '{"a": {"bot_token": "example-other-77"}}', id="a token"),
        pytest.param("a.yaml", "a:\n  password: example-other-77\n", id="a password"),
        pytest.param("a.yaml", "headers:\n  Authorization: Bearer example-other-77\n", id="an Authorization header"),
        pytest.param("a.json", '{"keys": [{"name": "x", "value": "example-other-77"}]}', id="the value of a key"),
        pytest.param("a.json", '{"api_keys": ["example-other-77"]}', id="a list of keys"),
        pytest.param("a.yaml", "env:\n  - name: X_TOKEN\n    value: example-other-77\n", id="a container's variable"),
        pytest.param(
            "a.yaml",
            "headers: [{type: Exact, name: Authorization, value: Bearer example-other-77}]\n",
            id="a condition",
        ),
        pytest.param("a.json", '{"base_url": "https://x.example", "key": "example-other-77"}', id="key beside a URL"),
        pytest.param(
            "a.json", '{"api": "https://x.example", "key": "example-other-77"}', id="key beside an API that is a URL"
        ),
        pytest.param("a.toml", 'secret = "example-other-77"\n', id="a secret"),
        pytest.param("a.ts", 'const a = { apiKey: process.env.X ?? "example-other-77" };', id="a default in code"),
        pytest.param(".env", "DB_PASSWORD=example-other-77\n", id="a dotenv file"),
        pytest.param("a.ts", 'const k = "example-other-77"; const a = { apiKey: k };', id="a constant by its name"),
        pytest.param("a.py", 'K = "example-other-77"\nA = Client(api_key=K)\n', id="a constant in Python"),
        pytest.param("a.yaml", "x: &k example-other-77\na: {api_key: *k}\n", id="an anchored text"),
        pytest.param("a.yaml", 'api_key: "${A:-example-other-77}"\n', id="what a reference falls back to"),
        pytest.param("a.yaml", "api-key: ${A:example-other-77}\n", id="what a placeholder of Spring falls back to"),
        pytest.param("a.yaml", "n: &n web\n*n : {api_key: example-other-77}\n", id="below a key that is an alias"),
    ],
)
def test_every_literal_under_the_name_of_a_secret_is_masked(name: str, text: str) -> None:
    masker = Masker()
    masker.add_document(formats.parse(text, formats.detect(name) or ""))
    assert masker.clean("found example-other-77 there") == "found exa...-77 there"


def test_an_alias_of_what_holds_it_ends() -> None:
    masker = Masker()
    masker.add_document(formats.parse("x: &x\n  keys: [*x]\n  api_key: *x\n", "yaml"))
    assert masker.clean("keys") == "keys"


@pytest.mark.parametrize(("key", "is_masked"), [("lm-studio", False), ("example-key-7f2-9c41", True)])
def test_a_literal_that_is_also_a_name_is_masked_where_it_looks_like_a_key(key: str, is_masked: bool) -> None:
    masker = Masker()
    masker.add_document(formats.parse(f'{{"providers": {{"{key}": {{"apiKey": "{key}"}}}}}}', "json"))
    assert (masker.clean(key) != key) is is_masked


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"models": [{"key": "kling-v3", "label": "Kling"}]}', id="key as the name of an id"),
        pytest.param('{"models": [{"key": "kling-v3", "api": "openai"}]}', id="key as an id beside a protocol"),
        pytest.param('{"api_key": "${TR_KEY}"}', id="a reference"),
        pytest.param('{"api_key": "TR_KEY"}', id="a variable"),
        pytest.param('{"token": "default", "password": "required"}', id="common words"),
        pytest.param('{"max_tokens": 4096}', id="a number"),
        pytest.param('{"apiKey": "user_provided"}', id="a placeholder"),
        pytest.param('{"headers": [{"name": "x-ai-eg-model", "value": "kling-v3"}]}', id="a value of another name"),
    ],
)
def test_what_is_no_secret_stays_in_the_output(text: str) -> None:
    masker = Masker()
    masker.add_document(formats.parse(text, "json"))
    plain = "kling-v3 ${TR_KEY} TR_KEY default required 4096 user_provided"
    assert masker.clean(plain) == plain


_KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=40)


@settings(max_examples=150)
@given(keys=st.lists(_KEYS, min_size=1, max_size=4), frame=st.text(max_size=30))
def test_no_key_survives_masking(keys: list[str], frame: str) -> None:
    masker = Masker()
    for key in keys:
        masker.add(key)
    text = frame + frame.join(keys) + json.dumps({"k": keys})
    cleaned = masker.clean(text)
    assert [key for key in keys if key in cleaned] == []


SIGNED = (
    "https://store.example/v.mp4?X-Amz-Credential=AKIA0123456789ABCDEF%2F20260701%2Fs3%2Faws4_request&X-Amz-Signature=0a",
    "https://store.example/v.mp4?token=eyJhbGciOiJIUzI1.eyJ1cmwiOiJ2aWRlbyJ9.c2lnbmF0dXJl",
    "https://store.example/v.mp4?access_token=0123456789ab",
    "https://store.example/sk-0123456789/v.mp4",
)


@pytest.mark.parametrize("url", SIGNED)
def test_a_result_that_resembles_a_key_stays_whole(url: str) -> None:
    masker = Masker()
    assert masker.clean(url) != url
    masker.keep(url)
    for text in (url, f"It is at {url}, valid until tomorrow", f'{{"result_url": "{url}"}}', f"done\n{url}\n"):
        assert text == masker.clean(text)
    elsewhere = url.replace("store", "other")
    assert masker.clean(f"{url} {elsewhere}") == f"{url} {Masker().clean(elsewhere)}"


def test_the_key_itself_is_masked_in_a_result_too() -> None:
    masker = Masker()
    masker.add(KEY)
    url = f"https://store.example/v.mp4?key={KEY}"
    masker.keep(url)
    assert KEY not in masker.clean(url)


def test_cleaning_takes_time_in_proportion_to_the_text() -> None:
    masker = Masker()
    masker.add(KEY)
    for piece in ("Bearer ", "api_key: ", "-----BEGIN " + "PRIVATE KEY-----", "://a:", "s" + "k-", "a" * 50):
        text = piece * 20_000
        assert len(masker.clean(text)) <= len(text)


LINES = [
    pytest.param("export MY_TOKEN=first-value\n", "export MY_TOKEN=***\n", id="a script"),
    pytest.param("  password: 'second value'\n", "  password: '***'\n", id="in quotes"),
    pytest.param('"api_key" = "third-value",\n', '"api_key" = "***",\n', id="a quoted name"),
    pytest.param("max_tokens: 4096\nkey: true\nkey: ${V}\n", None, id="numbers, flags and references"),
    pytest.param("name: fourth-value\n", None, id="another name"),
]


@pytest.mark.parametrize(("text", "masked"), LINES)
def test_lines_that_give_a_secret_a_value_are_masked(text: str, masked: str | None) -> None:
    masker = Masker()
    masker.add_lines(text)
    assert masker.clean(text) == (text if masked is None else masked)


def test_all_that_a_kubernetes_secret_holds_is_masked() -> None:
    text = "kind: Secret\nmetadata: {name: plain-word}\ndata: {a: Zmlyc3Qtc2VjcmV0}\nstringData: {b: second-secret}\n"
    masker = Masker()
    masker.add_document(formats.parse(text, "yaml"))
    shown = masker.clean(text)
    assert shown == text.replace("Zmlyc3Qtc2VjcmV0", "Zml...mV0").replace("second-secret", "***")


def test_a_foreign_name_behind_a_kubernetes_secret_is_foreign() -> None:
    assert is_foreign("x", "app/GITHUB_TOKEN")
    assert not is_foreign("x", "GITHUB_TOKEN/app")


SETTINGS = [
    pytest.param("environment:\n  - MY_TOKEN=first-value\n", "first-value", id="a variable in a list"),
    pytest.param("env: A_PASSWORD='second value'\n", "second value", id="in quotes"),
    pytest.param("command: serve --api-key third-value --port 1\n", "third-value", id="an option"),
    pytest.param("command: serve --api-key=fourth-value\n", "fourth-value", id="an option with a sign"),
    pytest.param("args: [--password, fifth-value, --port, '1']\n", "fifth-value", id="a list of arguments"),
    pytest.param("a: 1\n# old_token: sixth-value-6\n", "sixth-value-6", id="a setting that is commented out"),
    pytest.param("a: 1  # - api_key: 'seventh-value-7'\n", "seventh-value-7", id="behind a value"),
    pytest.param(
        "# the token: what one gets at the desk\nargs: [--max-tokens, '200000']\nq: key=created_at\n", None, id="words"
    ),
    pytest.param("env: ['MY_TOKEN=${OTHER_TOKEN}', --token, --verbose]\n", None, id="references and options"),
]


@pytest.mark.parametrize(("text", "secret"), SETTINGS)
def test_settings_in_strings_and_comments_are_masked(text: str, secret: str | None) -> None:
    masker = Masker()
    masker.add_document(formats.parse(text, "yaml"))
    assert masker.clean(text) == (text if secret is None else text.replace(secret, "***"))


def test_looking_for_settings_takes_time_in_proportion_to_the_text() -> None:
    for piece in ("# ", "token=", "--token ", "# token: ", "a" * 50):
        text = "x: |\n  " + piece * 20_000 + "\n"
        Masker().add_document(formats.parse(text, "yaml"))


def test_lines_are_told_by_words_that_every_name_of_a_secret_holds() -> None:
    words = secret_names._SECRET_LAST_WORDS | secret_names._SECRET_WORDS
    assert [word for word in words if not secret_names.may_name_secrets(word)] == []
