from typing import Any

import pytest

from tokenrouter_video.errors import UsageError
from tokenrouter_video.gateway.params import MAX_BYTES, MAX_DEPTH, parse_params

BOM = chr(0xFEFF)


@pytest.mark.parametrize(
    ("data", "params"),
    [
        pytest.param("{}", {}, id="empty object"),
        pytest.param(
            '{"metadata": {"sound": "on"}, "duration": 6}', {"metadata": {"sound": "on"}, "duration": 6}, id="text"
        ),
        pytest.param('{"prompt": "caf\u00e9"}'.encode(), {"prompt": "caf\u00e9"}, id="UTF-8 bytes"),
        pytest.param((BOM + '{"a": 1.5}').encode(), {"a": 1.5}, id="bytes with a BOM"),
        pytest.param(BOM + '{"a": null}', {"a": None}, id="text with a BOM"),
        pytest.param('\n {"a": "\\ud83d\\ude00"}\n', {"a": "\U0001f600"}, id="an escaped pair"),
        pytest.param('{"a":' * (MAX_DEPTH - 1) + "{}" + "}" * (MAX_DEPTH - 1), None, id="as deep as is allowed"),
    ],
)
def test_an_object_is_read(data: str | bytes, params: dict[str, Any] | None) -> None:
    read = parse_params(data)
    assert params is None or read == params


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param("", "--params is no JSON: expecting value at line 1 column 1", id="nothing"),
        pytest.param(
            '{"a": 1,}',
            "--params is no JSON: ",
            id="a trailing comma",
        ),
        pytest.param("{'a': 1}", "--params is no JSON: ", id="single quotes"),
        pytest.param('{"a": 1} {"b": 2}', "--params is no JSON: extra data at line 1 column 10", id="two documents"),
        pytest.param("[1]", "--params must be a JSON object, not a list", id="a list"),
        pytest.param('"a"', "--params must be a JSON object, not a string", id="a string"),
        pytest.param("null", "--params must be a JSON object, not null", id="null"),
        pytest.param("true", "--params must be a JSON object, not a boolean", id="a boolean"),
        pytest.param("6", "--params must be a JSON object, not a number", id="a number"),
        pytest.param('{"a": 1, "b": 2, "a": 1}', '--params: the name "a" is given twice', id="a name twice"),
        pytest.param('{"m": {"a": 1, "a": 2}}', '--params: the name "a" is given twice', id="a name twice, inside"),
        pytest.param('{"a": NaN}', "--params: NaN is no JSON number", id="NaN"),
        pytest.param('{"a": -Infinity}', "--params: -Infinity is no JSON number", id="Infinity"),
        pytest.param('{"a": 1e999}', "--params: a number is too large", id="a number that is no float"),
        pytest.param('{"a": ' + "9" * 5000 + "}", "--params holds a number that is too long", id="a giant integer"),
        pytest.param('{"a":' * 100 + "1" + "}" * 100, "--params is nested too deeply", id="a hundred levels"),
        pytest.param('{"a":' * 200_000, "--params is nested too deeply", id="without end"),
        pytest.param('{"a": "' + "x" * MAX_BYTES + '"}', "--params is larger than 1,000,000 bytes", id="too large"),
        pytest.param(b'{"a": "\xff"}', "--params is not UTF-8: byte 7", id="bytes that are no UTF-8"),
        pytest.param(
            '{"a": "\n"}', "--params is no JSON: invalid control character at at line 1 column 8", id="a line end"
        ),
    ],
)
def test_anything_else_is_a_usage_error(data: str | bytes, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_params(data)
    assert caught.value.message.startswith(message)


def test_the_message_says_where_the_text_stands_and_quotes_none_of_it() -> None:
    with pytest.raises(UsageError) as caught:
        parse_params(b'{"prompt": "secret words"\n "b"}', "batch.jsonl:7")
    assert caught.value.message == "batch.jsonl:7 is no JSON: expecting ',' delimiter at line 2 column 2"
    assert caught.value.__cause__ is None
