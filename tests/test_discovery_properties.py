"""Whatever a config holds: the search ends without a fault, and what it reports leads to what is there."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tokenrouter_video.discovery.hosts import gateway_of
from workspace_files import KEY, URL, look

_NAMES = st.sampled_from(
    [
        *("providers", "models", "baseUrl", "api_base", "options", "env", "environment", "config", "api", "url", "key"),
        *(
            "apiKey",
            "apiKeyEnv",
            "keys",
            "headers",
            "Authorization",
            "credentials",
            "name",
            "value",
            "default",
            "a/b",
            "",
        ),
        *("OPENAI_BASE_URL", "OPENAI_API_KEY", "enabled", "litellm_credential_name", "<<", "source", "id", "0"),
    ]
)
_VALUES = st.sampled_from(
    [
        *(URL, "https://open.palebluedot.ai", "https://api.openai.com/v1", "https://api.tokenrouter.io", "${TR_URL}"),
        *(
            "${TR_URL}/v1",
            "os.environ/TR_URL",
            KEY,
            "${TR_KEY}",
            "TR_KEY",
            "!pass",
            "{file:../k}",
            "A=b",
            f"U={URL}",
            "",
        ),
        *(f"{URL};{URL}", None, True, 7, 1.5, "tr"),
    ]
)
_DATA = st.recursive(
    _VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=5),
    max_leaves=25,
)


def _check(files: dict[str, str | bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = look(Path(folder), files, environ={"TR_URL": URL, "TR_KEY": KEY})
        ids = [channel.id for channel in found.channels]
        assert sorted(set(ids)) == sorted(ids)
        for channel in found.channels:
            assert gateway_of(channel.base_url) is not None
            assert channel.document.at(channel.pointer) is not None
            assert 1 <= channel.line <= channel.document.text.count("\n") + 1
            assert 0 <= channel.score <= 100
            assert channel.key.secret is None or channel.key.problem is None
            assert (channel.key.secret is None) is (channel.key.resolved_from is None)
            assert KEY not in repr(channel.key) + repr(channel.reasons)


@settings(max_examples=120, deadline=None)
@given(_DATA)
def test_any_json(data: Any) -> None:
    _check({"config.json": json.dumps(data, indent=1)})


@settings(max_examples=60, deadline=None)
@given(_DATA, st.sampled_from(["config.yaml", "compose.yaml", "a.json.example", "config.json5"]))
def test_any_data_under_any_name(data: Any, name: str) -> None:
    _check({name: json.dumps(data), ".env": f"TR_URL={URL}\nOTHER_KEY={KEY}\n"})


@settings(max_examples=60, deadline=None)
@given(_DATA, st.sampled_from(["const a = {};\n", "export default {};\n", "const b = createOpenAI({});\n"]))
def test_any_data_in_code(data: Any, frame: str) -> None:
    _check({"a.ts": frame.replace("{}", json.dumps(data))})


_LINES = st.lists(st.tuples(_NAMES, _VALUES), max_size=8)


@settings(max_examples=60, deadline=None)
@given(_LINES)
def test_any_dotenv(lines: list[tuple[str, Any]]) -> None:
    _check({".env": "".join(f"{name or 'X'}={value}\n" for name, value in lines)})
