import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenrouter_video.catalog import MODELS, find_model
from tokenrouter_video.display import visible
from tokenrouter_video.errors import InvalidRequestError, UsageError
from tokenrouter_video.gateway.validation import build_body, validate

HAILUO = "MiniMax-Hailuo-2.3"
KLING = "kling-v3"
SEEDANCE = "dreamina-seedance-2-0-fast-260128"
PAIRS = "(1080P, 6), (768P, 10), (768P, 6)"
ABSENT = object()


def hailuo(**changes: object) -> dict[str, Any]:
    return changed({"model": HAILUO, "prompt": "a", "size": "768P", "duration": 6}, changes)


def kling(**changes: object) -> dict[str, Any]:
    return changed({"model": KLING, "prompt": "a", "mode": "pro", "duration": "5"}, changes)


def kling_image(**changes: object) -> dict[str, Any]:
    return kling(**{"image": "https://example.com/a.png", **changes})


def seedance(**changes: object) -> dict[str, Any]:
    return changed({"model": SEEDANCE, "prompt": "a"}, changes)


def seedance_images(**changes: object) -> dict[str, Any]:
    return seedance(**{"images": ["https://example.com/a.png"], **changes})


def changed(body: dict[str, Any], changes: dict[str, object]) -> dict[str, Any]:
    return {name: value for name, value in (body | changes).items() if value is not ABSENT}


def problems(body: dict[str, Any], **options: bool) -> list[str]:
    """Return the messages of all broken rules, none where the body is allowed."""
    before = copy.deepcopy(body)
    try:
        validate(find_model(body["model"]), body, **options)
    except InvalidRequestError as error:
        return [problem["message"] for problem in error.details["problems"]]
    finally:
        assert before == body
    return []


# --- what is allowed


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(hailuo(size="1080P", duration=6), id="hailuo 1080P 6"),
        pytest.param(hailuo(size="768P", duration=10), id="hailuo 768P 10"),
        pytest.param(hailuo(size="768P", duration=6), id="hailuo 768P 6"),
        pytest.param(kling(), id="kling without metadata"),
        pytest.param(kling(model="kling-v2-6", mode="std", duration="10"), id="another mode and length"),
        pytest.param(kling(metadata={}), id="kling with empty metadata"),
        pytest.param(kling(metadata={"aspect_ratio": "9:16", "sound": "off"}), id="kling with metadata"),
        pytest.param(kling_image(metadata={"sound": "on"}), id="kling with an image"),
        pytest.param(kling_image(image="http://pictures.example:8080/a b.png".replace(" ", "%20")), id="http and port"),
        pytest.param(seedance(), id="seedance prompt only"),
        pytest.param(seedance(metadata={"generate_audio": False, "duration": -1}), id="seedance with metadata"),
        pytest.param(seedance_images(images=["https://example.com/a", "https://example.com/b"]), id="two images"),
    ],
)
def test_a_request_that_keeps_the_rules_passes_without_a_warning(body: dict[str, Any]) -> None:
    assert validate(find_model(body["model"]), body) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param(kling_image(prompt=ABSENT), "image", id="kling, none"),
        pytest.param(kling_image(prompt=""), "image", id="kling, empty"),
        pytest.param(seedance_images(prompt=ABSENT), "images", id="seedance, none"),
        pytest.param(seedance_images(prompt=" \n"), "images", id="seedance, blank"),
    ],
)
def test_image_to_video_without_a_prompt_passes_with_a_warning(body: dict[str, Any], field: str) -> None:
    assert validate(find_model(body["model"]), body) == [
        f"no prompt: {body['model']} allows that with {field}, but the gateway may want one"
    ]


# --- what is not: one row for each rule of the document


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(hailuo(prompt=ABSENT), "prompt is missing; it must be a string", id="hailuo without prompt"),
        pytest.param(hailuo(prompt="  "), "prompt is missing; it must be a string", id="blank prompt is missing"),
        pytest.param(hailuo(prompt=5), "prompt is 5; it must be a string", id="prompt is a number"),
        pytest.param(
            hailuo(size=ABSENT),
            f'size is missing; it must be "1080P" or "768P"; (size, duration) is one of {PAIRS}',
            id="hailuo without size",
        ),
        pytest.param(
            hailuo(size="1080p"),
            f'size is "1080p"; it must be "1080P" or "768P"; (size, duration) is one of {PAIRS}',
            id="size in other case",
        ),
        pytest.param(
            hailuo(duration=ABSENT),
            f"duration is missing; it must be 6 or 10; (size, duration) is one of {PAIRS}",
            id="hailuo without duration",
        ),
        pytest.param(
            hailuo(duration="6"),
            f'duration is "6"; it must be 6 or 10; (size, duration) is one of {PAIRS}',
            id="hailuo duration as a string",
        ),
        pytest.param(
            hailuo(duration=6.0),
            f"duration is 6.0; it must be 6 or 10; (size, duration) is one of {PAIRS}",
            id="hailuo duration as a float",
        ),
        pytest.param(
            hailuo(duration=8),
            f"duration is 8; it must be 6 or 10; (size, duration) is one of {PAIRS}",
            id="hailuo duration out of the set",
        ),
        pytest.param(
            hailuo(size="1080P", duration=10),
            f'size and duration are "1080P" and 10; together they must be one of {PAIRS}',
            id="both right and not together",
        ),
        pytest.param(
            hailuo(mode="pro"), f'mode is "pro"; it must not be sent with {HAILUO} (it is a field of Kling)', id="mode"
        ),
        pytest.param(
            hailuo(metadata={}),
            f"metadata is {{}}; it must not be sent with {HAILUO} (it is a field of Kling and Seedance)",
            id="metadata, even empty",
        ),
        pytest.param(
            hailuo(images=[]),
            f"images is []; it must not be sent with {HAILUO} (it is a field of Seedance)",
            id="images, even none",
        ),
        pytest.param(
            hailuo(image=None),
            f"image is null; it must not be sent with {HAILUO} (it is a field of Kling)",
            id="image, even null",
        ),
        pytest.param(
            kling(prompt=ABSENT), "prompt is missing; it must be a string", id="kling text-to-video without prompt"
        ),
        pytest.param(kling(mode=ABSENT), 'mode is missing; it must be a string such as "pro"', id="kling without mode"),
        pytest.param(kling(mode=""), 'mode is missing; it must be a string such as "pro"', id="empty mode"),
        pytest.param(kling(mode=True), 'mode is true; it must be a string such as "pro"', id="mode is a boolean"),
        pytest.param(
            kling(duration=5),
            'duration is 5; it must be a string of digits such as "5"',
            id="kling duration as a number",
        ),
        pytest.param(
            kling(duration="5s"),
            'duration is "5s"; it must be a string of digits such as "5"',
            id="duration with a unit",
        ),
        pytest.param(
            kling(duration="٥"),
            'duration is "٥"; it must be a string of digits such as "5"',
            id="digits of another script",
        ),
        pytest.param(
            kling(size="1080P"),
            'size is "1080P"; it must not be sent with kling-v3 (it is a field of Hailuo)',
            id="size",
        ),
        pytest.param(
            kling(images=["https://example.com/a"]),
            'images is ["https://example.com/a"]; it must not be sent with kling-v3 (it is a field of Seedance); '
            "use image",
            id="images for image",
        ),
        pytest.param(
            kling_image(image="portrait.png"), 'image is "portrait.png"; it must be an http(s) URL', id="a file name"
        ),
        pytest.param(
            kling_image(image="data:image/png;base64,AAAA"),
            'image is "data:image/png;base64,AAAA"; it must be an http(s) URL',
            id="a data URL",
        ),
        pytest.param(
            kling_image(image="https:///a.png"), 'image is "https:///a.png"; it must be an http(s) URL', id="no host"
        ),
        pytest.param(
            kling_image(image="https://example.com:port/a"),
            'image is "https://example.com:port/a"; it must be an http(s) URL',
            id="no port number",
        ),
        pytest.param(
            kling_image(image="https://example.com/a b"),
            'image is "https://example.com/a b"; it must be an http(s) URL',
            id="a space in the URL",
        ),
        pytest.param(kling_image(image=""), "image is missing; it must be an http(s) URL", id="an empty image"),
        pytest.param(
            kling_image(image=["https://example.com/a"]),
            'image is ["https://example.com/a"]; it must be an http(s) URL',
            id="a list for one image",
        ),
        pytest.param(
            kling_image(metadata={"aspect_ratio": "16:9"}),
            'metadata.aspect_ratio is "16:9"; it must not be sent together with image',
            id="aspect ratio with an image",
        ),
        pytest.param(
            kling(metadata={"sound": "loud"}), 'metadata.sound is "loud"; it must be "on" or "off"', id="sound"
        ),
        pytest.param(
            kling(metadata={"sound": True}), 'metadata.sound is true; it must be "on" or "off"', id="sound as a boolean"
        ),
        pytest.param(
            kling(metadata='{"sound": "on"}'),
            'metadata is "{\\"sound\\": \\"on\\"}"; it must be a JSON object',
            id="metadata as JSON in a string",
        ),
        pytest.param(
            seedance(prompt=ABSENT),
            "prompt is missing; it must be a string",
            id="seedance text-to-video without prompt",
        ),
        pytest.param(
            seedance(mode="pro"),
            f'mode is "pro"; it must not be sent with {SEEDANCE} (it is a field of Kling)',
            id="mode ",
        ),
        pytest.param(
            seedance(image="https://example.com/a"),
            f'image is "https://example.com/a"; it must not be sent with {SEEDANCE} (it is a field of Kling); '
            "use images",
            id="image for images",
        ),
        pytest.param(
            seedance_images(images=[]), "images is []; it must be a non-empty list of http(s) URLs", id="no images"
        ),
        pytest.param(
            seedance_images(images="https://example.com/a"),
            'images is "https://example.com/a"; it must be a non-empty list of http(s) URLs',
            id="one image that is no list",
        ),
        pytest.param(
            seedance_images(images=["https://example.com/a", "b"]),
            'images is ["https://example.com/a", "b"]; it must be a non-empty list of http(s) URLs',
            id="one of two images is no URL",
        ),
        pytest.param(
            seedance_images(metadata={"generate_audio": True}),
            "metadata.generate_audio is true; it must not be sent together with images",
            id="audio with images",
        ),
        pytest.param(
            seedance(metadata={"generate_audio": "yes"}),
            'metadata.generate_audio is "yes"; it must be a boolean',
            id="audio as a string",
        ),
        pytest.param(
            seedance(metadata={"duration": "5"}),
            'metadata.duration is "5"; it must be an integer such as 5',
            id="seedance duration as a string",
        ),
        pytest.param(
            seedance(metadata={"duration": True}),
            "metadata.duration is true; it must be an integer such as 5",
            id="a boolean is no integer",
        ),
        pytest.param(
            seedance(metadata={"resolution": ""}),
            'metadata.resolution is missing; it must be a string such as "720p"',
            id="an empty text for an optional field",
        ),
        pytest.param(
            seedance(duration=5),
            f"duration is no field of {SEEDANCE}; did you mean metadata.duration?",
            id="a field at the wrong level",
        ),
        pytest.param(
            seedance(metadata={"aspect_ratio": "1:1"}),
            f"metadata.aspect_ratio is no field of {SEEDANCE}; did you mean metadata.ratio?",
            id="another family's name",
        ),
        pytest.param(
            kling(**{"metadata.sound": "on"}),
            "metadata.sound is no field of kling-v3; put sound inside the object metadata",
            id="a path as a name",
        ),
        pytest.param(
            kling(negativePrompt="x"),
            "negativePrompt is no field of kling-v3; did you mean metadata.negative_prompt?",
            id="camel case",
        ),
        pytest.param(
            seedance(metadata={"audio": True}),
            f"metadata.audio is no field of {SEEDANCE}; did you mean metadata.generate_audio?",
            id="a word of the name",
        ),
        pytest.param(
            hailuo(zzz=1), f"zzz is no field of {HAILUO}; its fields are prompt, size, duration", id="nothing like it"
        ),
        pytest.param(
            hailuo(**{"a\x1b[2J": 1}),
            f"a\\x1b[2J is no field of {HAILUO}; its fields are prompt, size, duration",
            id="a name with an escape sequence",
        ),
        pytest.param(
            hailuo(size="\u202e" + "x" * 1000),
            f'size is "\\u202e{"x" * 50}...; it must be "1080P" or "768P"; (size, duration) is one of {PAIRS}',
            id="a value is shown bounded and visible",
        ),
        pytest.param(
            hailuo(prompt="bytes \udcff"),
            "prompt holds characters that are no valid Unicode",
            id="half a surrogate pair",
        ),
    ],
)
def test_a_broken_rule_names_the_field_what_was_given_and_what_is_allowed(body: dict[str, Any], message: str) -> None:
    assert problems(body) == [message]


def test_all_broken_rules_are_reported_at_once() -> None:
    body = {"model": KLING, "size": "1080P", "duration": 5, "metadata": {"sound": "x", "ratio": "1:1"}}
    with pytest.raises(InvalidRequestError) as caught:
        validate(MODELS[KLING], body)
    assert caught.value.message == (
        "The request breaks 6 rules of kling-v3:\n"
        '- size is "1080P"; it must not be sent with kling-v3 (it is a field of Hailuo)\n'
        "- prompt is missing; it must be a string\n"
        '- mode is missing; it must be a string such as "pro"\n'
        '- duration is 5; it must be a string of digits such as "5"\n'
        '- metadata.sound is "x"; it must be "on" or "off"\n'
        "- metadata.ratio is no field of kling-v3; did you mean metadata.aspect_ratio?"
    )
    assert caught.value.details["problems"][2] == {
        "field": "mode",
        "given": None,
        "allowed": 'a string such as "pro"',
        "message": 'mode is missing; it must be a string such as "pro"',
    }


def test_the_remedy_gives_the_allowed_pairs_and_where_all_rules_are() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        validate(MODELS[HAILUO], hailuo(size="1080P", duration=10))
    assert caught.value.remedy == (
        f"Correct the request; nothing was sent. Allowed: (size, duration) is one of {PAIRS}. "
        "All rules: tokenrouter-video models MiniMax-Hailuo-2.3"
    )


def test_the_body_names_the_model_that_its_rules_are_of() -> None:
    with pytest.raises(InvalidRequestError, match='model is "kling-v2-6"; it must be "kling-v3"'):
        validate(MODELS[KLING], kling(model="kling-v2-6"))


@pytest.mark.parametrize(
    ("body", "left"),
    [
        pytest.param(kling(cfg_scale=0.5, metadata={"camera_control": {"type": "x"}}), [], id="unknown fields pass"),
        pytest.param(
            kling(size="1080P"),
            ['size is "1080P"; it must not be sent with kling-v3 (it is a field of Hailuo)'],
            id="forbidden fields do not",
        ),
        pytest.param(
            kling(duration=5),
            ['duration is 5; it must be a string of digits such as "5"'],
            id="known fields keep their types",
        ),
    ],
)
def test_unknown_fields_can_be_let_through(body: dict[str, Any], left: list[str]) -> None:
    assert problems(body, allow_unknown=True) == left


# --- building the body


@pytest.mark.parametrize(
    ("name", "flags", "params", "body"),
    [
        pytest.param(
            HAILUO,
            {"prompt": "a", "size": "768P", "duration": "10", "sound": None},
            {},
            {"model": HAILUO, "prompt": "a", "size": "768P", "duration": 10},
            id="a duration as an integer at the top",
        ),
        pytest.param(
            KLING,
            {"duration": 5, "mode": "pro", "prompt": "a", "sound": "on", "aspect_ratio": "1:1"},
            {},
            {
                "model": KLING,
                "prompt": "a",
                "mode": "pro",
                "duration": "5",
                "metadata": {"aspect_ratio": "1:1", "sound": "on"},
            },
            id="a duration as a string at the top, the rest in the catalog's order",
        ),
        pytest.param(
            SEEDANCE,
            {"prompt": "a", "duration": "5", "generate_audio": False, "ratio": "1:1", "resolution": "720p"},
            {},
            {
                "model": SEEDANCE,
                "prompt": "a",
                "metadata": {"duration": 5, "resolution": "720p", "ratio": "1:1", "generate_audio": False},
            },
            id="a duration as an integer in metadata",
        ),
        pytest.param(
            SEEDANCE,
            {"images": ("https://example.com/a",), "prompt": "  "},
            {},
            {"model": SEEDANCE, "images": ["https://example.com/a"]},
            id="a blank prompt is left out",
        ),
        pytest.param(
            KLING,
            {"prompt": "a"},
            {"duration": "5", "metadata": {"sound": "on"}, "zzz": 1, "mode": "pro", "model": KLING},
            {
                "model": KLING,
                "prompt": "a",
                "mode": "pro",
                "duration": "5",
                "metadata": {"sound": "on"},
                "zzz": 1,
            },
            id="parameters as they are, unknown ones last",
        ),
        pytest.param(
            KLING,
            {"negative_prompt": "b"},
            {"metadata": {"zzz": 1, "sound": "on"}},
            {"model": KLING, "metadata": {"sound": "on", "negative_prompt": "b", "zzz": 1}},
            id="flags and parameters meet in metadata",
        ),
        pytest.param(
            HAILUO,
            {"aspect_ratio": "1:1", "image": "https://example.com/a"},
            {},
            {"model": HAILUO, "metadata": {"aspect_ratio": "1:1"}, "image": "https://example.com/a"},
            id="a flag of another model goes where that model has it",
        ),
        pytest.param(
            HAILUO, {"duration": "6.0"}, {}, {"model": HAILUO, "duration": "6.0"}, id="what is no integer stays"
        ),
        pytest.param(
            HAILUO, {"duration": "9" * 5000}, {}, {"model": HAILUO, "duration": "9" * 5000}, id="nor is a giant one"
        ),
    ],
)
def test_flags_and_parameters_make_the_body(
    name: str, flags: dict[str, object], params: dict[str, Any], body: dict[str, Any]
) -> None:
    built = build_body(MODELS[name], flags, params)
    assert built == body
    assert list(built) == list(body)
    assert list(built.get("metadata", {})) == list(body.get("metadata", {}))


def test_parameters_are_not_changed() -> None:
    params: dict[str, Any] = {"metadata": {"sound": "on"}}
    build_body(MODELS[KLING], {"negative_prompt": "b"}, params)
    assert params == {"metadata": {"sound": "on"}}


@pytest.mark.parametrize(
    ("name", "flags", "params", "message"),
    [
        pytest.param(
            KLING,
            {"prompt": "a"},
            {"prompt": "a"},
            "prompt is given twice: by --prompt and in the parameters.",
            id="the same value too",
        ),
        pytest.param(
            SEEDANCE,
            {"duration": 5},
            {"metadata": {"duration": 6}},
            "metadata.duration is given twice: by --duration and in the parameters.",
            id="inside metadata",
        ),
        pytest.param(
            SEEDANCE,
            {"generate_audio": False},
            {"metadata": {"generate_audio": True}},
            "metadata.generate_audio is given twice: by --generate-audio and in the parameters.",
            id="a switch",
        ),
        pytest.param(
            KLING,
            {"sound": "on"},
            {"metadata": [1]},
            "--sound sets metadata.sound, but metadata in the parameters is [1].",
            id="metadata that can hold nothing",
        ),
        pytest.param(
            KLING,
            {},
            {"model": "sora-2"},
            'The parameters name the model "sora-2", the command kling-v3.',
            id="another model",
        ),
    ],
)
def test_a_field_given_both_ways_is_a_usage_error(
    name: str, flags: dict[str, object], params: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        build_body(MODELS[name], flags, params)
    assert caught.value.message == message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(["sound", "duration", "ratio", "x"]) | st.text(max_size=4), children, max_size=3
        )
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["model", "prompt", "size", "duration", "mode", "image", "images", "metadata", "metadata.sound"]
) | st.text(max_size=6)


@given(st.sampled_from(list(MODELS)), st.dictionaries(NAMES, JSON, max_size=6), st.booleans())
@settings(max_examples=200)
def test_any_body_passes_or_is_refused_in_bounded_words(name: str, body: dict[str, Any], allow_unknown: bool) -> None:
    try:
        warnings = validate(MODELS[name], body, allow_unknown=allow_unknown)
    except InvalidRequestError as caught:
        refusal = caught
    else:
        assert body["model"] == name
        assert len(warnings) <= 1
        return
    found = refusal.details["problems"]
    assert found
    assert all(len(problem["message"]) < 500 for problem in found)
    assert visible(refusal.message, keep="\n") == refusal.message
