import json

import pytest

from tokenrouter_video.catalog import (
    FLAG_PATHS,
    LABEL_STYLES,
    MODELS,
    FieldType,
    Presence,
    VideoModel,
    find_model,
    nearest_models,
)
from tokenrouter_video.errors import InvalidRequestError
from tokenrouter_video.gateway.validation import validate

IDS = [
    "MiniMax-Hailuo-2.3",
    "kling-v3",
    "kling-v2-6",
    "dreamina-seedance-2-0-fast-260128",
    "dreamina-seedance-2-0-260128",
]
EVERY_MODEL = pytest.mark.parametrize("model", MODELS.values(), ids=IDS)


def rules(model: VideoModel) -> list[tuple[str, str, str, bool]]:
    return [(each.path, each.type.name, each.presence.name, each.with_image) for each in model.fields]


def test_the_five_models_are_there_in_the_order_of_the_document() -> None:
    assert list(MODELS) == IDS


def test_hailuo_has_the_rules_of_the_document() -> None:
    model = MODELS["MiniMax-Hailuo-2.3"]
    assert rules(model) == [
        ("prompt", "STRING", "REQUIRED", True),
        ("size", "STRING", "REQUIRED", True),
        ("duration", "INTEGER", "REQUIRED", True),
    ]
    assert model.forbidden == ("mode", "image", "images", "metadata")
    assert [each.values for each in model.fields] == [(), ("1080P", "768P"), (6, 10)]
    assert [each.allowed for each in model.combinations] == [(("1080P", 6), ("768P", 10), ("768P", 6))]
    assert model.image_field is None


@pytest.mark.parametrize("name", ["kling-v3", "kling-v2-6"])
def test_kling_has_the_rules_of_the_document(name: str) -> None:
    model = MODELS[name]
    assert rules(model) == [
        ("prompt", "STRING", "REQUIRED_FOR_TEXT", True),
        ("image", "URL", "OPTIONAL", True),
        ("mode", "STRING", "REQUIRED", True),
        ("duration", "DIGITS", "REQUIRED", True),
        ("metadata.aspect_ratio", "STRING", "OPTIONAL", False),
        ("metadata.sound", "STRING", "OPTIONAL", True),
        ("metadata.negative_prompt", "STRING", "OPTIONAL", True),
    ]
    assert model.forbidden == ("size", "images")
    assert model.image_field == "image"


@pytest.mark.parametrize("name", ["dreamina-seedance-2-0-fast-260128", "dreamina-seedance-2-0-260128"])
def test_seedance_has_the_rules_of_the_document(name: str) -> None:
    model = MODELS[name]
    assert rules(model) == [
        ("prompt", "STRING", "REQUIRED_FOR_TEXT", True),
        ("images", "URLS", "OPTIONAL", True),
        ("metadata.duration", "INTEGER", "OPTIONAL", True),
        ("metadata.resolution", "STRING", "OPTIONAL", True),
        ("metadata.ratio", "STRING", "OPTIONAL", True),
        ("metadata.generate_audio", "BOOLEAN", "OPTIONAL", False),
    ]
    assert model.forbidden == ("size", "mode", "image")
    assert model.image_field == "images"


@EVERY_MODEL
def test_examples_keep_their_own_rules_without_a_warning(model: VideoModel) -> None:
    assert [example.kind for example in model.examples] == list(model.kinds)
    for example in model.examples:
        assert validate(model, example.body) == []
        assert (model.image_field in example.body) == (example.kind == "image-to-video")


@EVERY_MODEL
def test_an_example_handed_out_can_be_changed_without_changing_the_catalog(model: VideoModel) -> None:
    for example in model.examples:
        before = json.dumps(example.body)
        body = example.body
        body["prompt"] = "another"
        body.setdefault("metadata", {})["sound"] = "changed"
        assert json.dumps(example.body) == before


@EVERY_MODEL
def test_every_model_has_a_label_in_every_style(model: VideoModel) -> None:
    assert len(LABEL_STYLES) == len(model.labels)
    assert all(model.labels)


@EVERY_MODEL
def test_no_field_is_both_known_and_forbidden(model: VideoModel) -> None:
    names = {each.path.partition(".")[0] for each in model.fields}
    assert names.isdisjoint(model.forbidden)


def test_labels_in_one_style_belong_to_one_model() -> None:
    for place, style in enumerate(LABEL_STYLES):
        labels = [model.labels[place] for model in MODELS.values()]
        assert len(labels) == len(set(labels)), style


def test_every_flag_goes_to_the_place_of_the_first_model_that_knows_it() -> None:
    assert dict(sorted(FLAG_PATHS.items())) == {
        "aspect_ratio": "metadata.aspect_ratio",
        "duration": "duration",
        "generate_audio": "metadata.generate_audio",
        "image": "image",
        "images": "images",
        "mode": "mode",
        "negative_prompt": "metadata.negative_prompt",
        "prompt": "prompt",
        "ratio": "metadata.ratio",
        "resolution": "metadata.resolution",
        "size": "size",
        "sound": "metadata.sound",
    }


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("prompt", "a string", id="text"),
        pytest.param("image", "an http(s) URL", id="url"),
        pytest.param("duration", 'a string of digits such as "5"', id="with an example"),
        pytest.param("metadata.sound", '"on" or "off"', id="closed set"),
    ],
)
def test_what_a_field_takes_is_said_in_words(path: str, words: str) -> None:
    field = MODELS["kling-v3"].field(path)
    assert field is not None
    assert words == field.allowed


def test_a_list_is_said_to_be_non_empty() -> None:
    field = MODELS["dreamina-seedance-2-0-260128"].field("images")
    assert field is not None
    assert (field.type, field.presence, field.allowed) == (
        FieldType.URLS,
        Presence.OPTIONAL,
        "a non-empty list of http(s) URLs",
    )


@pytest.mark.parametrize("name", IDS)
def test_a_model_is_found_by_its_id(name: str) -> None:
    assert find_model(name).id == name


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        pytest.param("KLING-V3", ("kling-v3",), id="other case is a hint and no match"),
        pytest.param("Kling 3.0", ("kling-v3",), id="label"),
        pytest.param("kling v2.6", ("kling-v2-6",), id="label without case"),
        pytest.param("hailuo-2.3", ("MiniMax-Hailuo-2.3",), id="short slug"),
        pytest.param("minimax_hailuo_2.3", ("MiniMax-Hailuo-2.3",), id="other punctuation"),
        pytest.param("kling", ("kling-v3", "kling-v2-6"), id="two are as near"),
        pytest.param(
            "seedance-2.0-fsat",
            ("dreamina-seedance-2-0-fast-260128", "dreamina-seedance-2-0-260128"),
            id="slip of the finger",
        ),
        pytest.param("sora-2", (), id="nothing near"),
        pytest.param("", (), id="empty"),
        pytest.param("k" * 100_000, (), id="very long"),
    ],
)
def test_the_nearest_models_are_named(name: str, nearest: tuple[str, ...]) -> None:
    assert nearest == nearest_models(name)
    with pytest.raises(InvalidRequestError) as caught:
        find_model(name)
    assert caught.value.details["nearest"] == list(nearest)
    assert caught.value.details["models"] == IDS
    assert ("Did you mean" in caught.value.message) == bool(nearest)


def test_an_unknown_model_is_quoted_bounded_and_visible() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        find_model("a\x1b[2J\u202e" + "b" * 1000)
    assert caught.value.message == f'Unknown video model "a\\x1b[2J\\u202e{"b" * 71}...".'


def test_an_id_names_its_models_family() -> None:
    """Names without one of the families in them are no ids of the catalog, which is then not asked."""
    assert [model.id for model in MODELS.values() if model.family not in model.id.lower()] == []
