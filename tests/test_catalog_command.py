import argparse
import io
import json
import shlex

import pytest

from tokenrouter_video.catalog import MODELS
from tokenrouter_video.cli import models
from tokenrouter_video.cli.arguments import parse
from tokenrouter_video.cli.console import Console
from tokenrouter_video.errors import InvalidRequestError
from tokenrouter_video.gateway.validation import build_body


def output(name: str | None, *, as_json: bool = False) -> str:
    stdout = io.StringIO()
    assert models.execute(argparse.Namespace(model=name), Console(json=as_json, stdout=stdout)) == 0
    return stdout.getvalue()


def test_the_table_names_every_model_and_marks_optional_fields() -> None:
    assert output(None).splitlines() == [
        "MODEL                              FROM         FIELDS",
        "MiniMax-Hailuo-2.3                 text         prompt size duration",
        "kling-v3                           text, image  prompt [image] mode duration [aspect_ratio] [sound] "
        "[negative_prompt]",
        "kling-v2-6                         text, image  prompt [image] mode duration [aspect_ratio] [sound] "
        "[negative_prompt]",
        "dreamina-seedance-2-0-fast-260128  text, image  prompt [images] [duration] [resolution] [ratio] "
        "[generate_audio]",
        "dreamina-seedance-2-0-260128       text, image  prompt [images] [duration] [resolution] [ratio] "
        "[generate_audio]",
        "",
        "[optional] field. One model's rules and an example request: tokenrouter-video models NAME",
    ]


def test_the_page_of_a_model_has_its_rules_and_its_request() -> None:
    assert output("MiniMax-Hailuo-2.3").splitlines() == [
        "MiniMax-Hailuo-2.3 - MiniMax Hailuo 2.3",
        "Text-to-video by MiniMax, 6 or 10 seconds, with camera directions in square brackets.",
        "",
        "fields",
        "  prompt    --prompt    required, a string: what the video shows",
        '  size      --size      required, "1080P" or "768P": height of the picture',
        "  duration  --duration  required, 6 or 10: length in seconds",
        "  (size, duration) is one of (1080P, 6), (768P, 10), (768P, 6)",
        "  not to be sent: mode, image, images, metadata",
        "",
        "text-to-video, the request",
        "  {",
        '    "model": "MiniMax-Hailuo-2.3",',
        '    "prompt": "A man picks up a book [Pedestal up], then reads [Static shot].",',
        '    "size": "1080P",',
        '    "duration": 6',
        "  }",
        "the same as a command (it sends nothing without --submit)",
        "  tokenrouter-video generate --model MiniMax-Hailuo-2.3 --prompt 'A man picks up a book [Pedestal up], then "
        "reads [Static shot].' --size 1080P --duration 6",
    ]


def test_json_holds_every_rule() -> None:
    page = json.loads(output("kling-v3", as_json=True))
    assert page["schema"] == 1
    (model,) = page["models"]
    assert model["image_field"] == "image"
    assert model["forbidden"] == ["size", "images"]
    assert model["fields"][4] == {
        "field": "metadata.aspect_ratio",
        "flag": "--aspect-ratio",
        "type": "string",
        "presence": "optional",
        "values": [],
        "such_as": ["16:9"],
        "with_image": False,
        "summary": "width to height",
    }
    assert [each["kind"] for each in model["examples"]] == ["text-to-video", "image-to-video"]
    assert model["examples"][1]["request"] == MODELS["kling-v3"].examples[1].body


def test_json_without_a_name_has_all_models_and_their_pairs() -> None:
    listed = json.loads(output(None, as_json=True))["models"]
    assert [model["id"] for model in listed] == list(MODELS)
    assert listed[0]["combinations"] == [
        {"fields": ["size", "duration"], "allowed": [["1080P", 6], ["768P", 10], ["768P", 6]]}
    ]


def test_an_unknown_name_is_an_invalid_request() -> None:
    with pytest.raises(InvalidRequestError, match='Unknown video model "kling-v4"'):
        output("kling-v4")


@pytest.mark.parametrize("name", MODELS)
def test_the_commands_shown_make_the_requests_shown(name: str) -> None:
    commands = [line for line in output(name).splitlines() if line.startswith("  tokenrouter-video generate")]
    model = MODELS[name]
    assert len(commands) == len(model.examples)
    for command, example in zip(commands, model.examples, strict=True):
        arguments = parse(shlex.split(command)[1:])
        flags = {field.name: getattr(arguments, field.name) for field in model.fields}
        assert build_body(model, flags, {}) == example.body
