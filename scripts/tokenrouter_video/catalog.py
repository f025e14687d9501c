"""The video models and the rules of their requests, once, as data.

The validator, ``models``, the command line's help and ``references/api_reference.md`` all read this table.
Source of every rule and example: the user document that the project was asked for with (its sections "API Calls" and
"Parameter Validation Rule"). Two closed sets narrow it: ``metadata.sound`` is ``on`` or ``off``, the only values that
it and Kling's own API name (https://kling.ai/document-api), and a Kling duration is a string of digits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from tokenrouter_video.display import visible
from tokenrouter_video.errors import InvalidRequestError
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class FieldType(StrEnum):
    """The JSON type that a field's value must have."""

    STRING = "string"
    DIGITS = "string of digits"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    URL = "http(s) URL"
    URLS = "list of http(s) URLs"


class Presence(StrEnum):
    """When a field has to be in the request."""

    REQUIRED = "required"
    REQUIRED_FOR_TEXT = "required for text-to-video"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Field:
    """One field that a model knows.

    ``path`` is its dotted name in the body. ``values`` is the closed set that it must be of, empty where any value of
    the type is allowed; ``such_as`` are examples then. ``with_image``: whether an image-to-video request may hold it.
    """

    path: str
    type: FieldType
    presence: Presence
    summary: str
    values: tuple[str | int, ...] = ()
    such_as: tuple[str | int, ...] = ()
    with_image: bool = True

    @property
    def name(self) -> str:
        """The last part of the path, which is also the command line's name for it."""
        return self.path.rpartition(".")[2]

    @property
    def flag(self) -> str:
        """The command-line flag that sets the field."""
        flag = self.name.replace("_", "-")
        return f"--{flag}/--no-{flag}" if self.type is FieldType.BOOLEAN else f"--{flag}"

    @property
    def allowed(self) -> str:
        """What the field takes, in words: ``"on" or "off"``, ``a string of digits such as "5"``."""
        if self.values:
            return " or ".join(map(json.dumps, self.values))
        article = "an" if self.type in (FieldType.URL, FieldType.INTEGER) else "a"
        kind = "a non-empty" if self.type is FieldType.URLS else article
        return f"{kind} {self.type.value}" + (f" such as {json.dumps(self.such_as[0])}" if self.such_as else "")


@dataclass(frozen=True, slots=True)
class Combination:
    """Fields whose values are only allowed together, as one of ``allowed``."""

    paths: tuple[str, ...]
    allowed: tuple[tuple[str | int, ...], ...]

    @property
    def tuples(self) -> str:
        """The allowed values in words: ``(1080P, 6), (768P, 10)``."""
        return ", ".join(f"({', '.join(map(str, values))})" for values in self.allowed)

    def __str__(self) -> str:
        return f"({', '.join(self.paths)}) is one of {self.tuples}"


@dataclass(frozen=True, slots=True)
class Example:
    """A complete request body; ``kind`` is ``text-to-video`` or ``image-to-video``."""

    kind: str
    _body: Mapping[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        """A fresh copy of the body."""
        from copy import deepcopy

        return deepcopy(dict(self._body))


@dataclass(frozen=True, slots=True)
class VideoModel:
    """A video model.

    ``labels`` are its display names in the styles of ``LABEL_STYLES``, one each: a label of one model in style ``i``
    turns into another model's ``labels[i]``. ``image_field`` is the field whose presence makes the request
    image-to-video, ``None`` where the model takes no image. ``forbidden`` are the fields that belong to other models.
    """

    id: str
    family: str
    labels: tuple[str, ...]
    summary: str
    fields: tuple[Field, ...]
    forbidden: tuple[str, ...]
    examples: tuple[Example, ...]
    image_field: str | None = None
    combinations: tuple[Combination, ...] = ()

    @property
    def label(self) -> str:
        """The display name."""
        return self.labels[0]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the model makes a video from."""
        return ("text-to-video", "image-to-video") if self.image_field else ("text-to-video",)

    def field(self, path: str) -> Field | None:
        """Return the field of that path, ``None`` where the model knows none."""
        return next((field for field in self.fields if field.path == path), None)


_PROMPT_ALWAYS = Field("prompt", FieldType.STRING, Presence.REQUIRED, "what the video shows")
_PROMPT = Field(
    "prompt", FieldType.STRING, Presence.REQUIRED_FOR_TEXT, "what the video shows; recommended for image-to-video too"
)

_HAILUO_FIELDS = (
    _PROMPT_ALWAYS,
    Field("size", FieldType.STRING, Presence.REQUIRED, "height of the picture", values=("1080P", "768P")),
    Field("duration", FieldType.INTEGER, Presence.REQUIRED, "length in seconds", values=(6, 10)),
)

_KLING_FIELDS = (
    _PROMPT,
    Field("image", FieldType.URL, Presence.OPTIONAL, "first picture; makes the request image-to-video"),
    Field("mode", FieldType.STRING, Presence.REQUIRED, "quality mode", such_as=("pro",)),
    Field("duration", FieldType.DIGITS, Presence.REQUIRED, "length in seconds", such_as=("5",)),
    Field(
        "metadata.aspect_ratio",
        FieldType.STRING,
        Presence.OPTIONAL,
        "width to height",
        such_as=("16:9",),
        with_image=False,
    ),
    Field("metadata.sound", FieldType.STRING, Presence.OPTIONAL, "sound with the video", values=("on", "off")),
    Field(
        "metadata.negative_prompt",
        FieldType.STRING,
        Presence.OPTIONAL,
        "what the video must not show",
        such_as=("blurry, low quality",),
    ),
)

_SEEDANCE_FIELDS = (
    _PROMPT,
    Field("images", FieldType.URLS, Presence.OPTIONAL, "pictures to start from; make the request image-to-video"),
    Field("metadata.duration", FieldType.INTEGER, Presence.OPTIONAL, "length in seconds", such_as=(5,)),
    Field(
        "metadata.resolution",
        FieldType.STRING,
        Presence.OPTIONAL,
        "height of the picture",
        such_as=("720p", "1080p"),
    ),
    Field("metadata.ratio", FieldType.STRING, Presence.OPTIONAL, "width to height", such_as=("16:9", "9:16")),
    Field(
        "metadata.generate_audio",
        FieldType.BOOLEAN,
        Presence.OPTIONAL,
        "sound with the video",
        with_image=False,
    ),
)


def _kling_examples(model: str) -> tuple[Example, ...]:
    return (
        Example(
            "text-to-video",
            {
                "model": model,
                "prompt": "A silver robot walking through a rainy neon alley",
                "mode": "pro",
                "duration": "5",
                "metadata": {"aspect_ratio": "16:9", "sound": "on", "negative_prompt": "blurry, low quality"},
            },
        ),
        Example(
            "image-to-video",
            {
                "model": model,
                "prompt": "The girl smiles slightly and the camera slowly pushes in",
                "image": "https://example.com/portrait.png",
                "mode": "pro",
                "duration": "5",
                "metadata": {"sound": "off", "negative_prompt": "flicker, blur"},
            },
        ),
    )


def _seedance_examples(model: str) -> tuple[Example, ...]:
    return (
        Example(
            "text-to-video",
            {
                "model": model,
                "prompt": "A vintage sports car driving along a coastal road at sunset",
                "metadata": {"duration": 5, "resolution": "1080p", "ratio": "16:9", "generate_audio": True},
            },
        ),
        Example(
            "image-to-video",
            {
                "model": model,
                "prompt": "The subject looks up toward the camera while hair moves gently in the wind",
                "images": ["https://example.com/input-image.png"],
                "metadata": {"duration": 5, "resolution": "720p", "ratio": "9:16"},
            },
        ),
    )


# Longer names are cut in messages.
_SHOWN_LENGTH = 80

# One style for each place in `VideoModel.labels`.
LABEL_STYLES = (
    "name",
    "capital V",
    "number",
    "number with point",
    "short name",
    "maker and name",
    "hyphens",
    "lower case",
    "short slug",
    "short slug without points",
)


def _model_table(*models: VideoModel) -> Mapping[str, VideoModel]:
    return MappingProxyType({model.id: model for model in models})


MODELS: Mapping[str, VideoModel] = _model_table(
    VideoModel(
        id="MiniMax-Hailuo-2.3",
        family="hailuo",
        labels=(
            "MiniMax Hailuo 2.3",
            "MiniMax Hailuo 2.3",
            "Hailuo 2.3",
            "Hailuo 2.3",
            "Hailuo 2.3",
            "MiniMax Hailuo 2.3",
            "MiniMax-Hailuo-2.3",
            "minimax hailuo 2.3",
            "hailuo-2.3",
            "hailuo-2-3",
        ),
        summary="Text-to-video by MiniMax, 6 or 10 seconds, with camera directions in square brackets.",
        fields=_HAILUO_FIELDS,
        forbidden=("mode", "image", "images", "metadata"),
        combinations=(Combination(("size", "duration"), (("1080P", 6), ("768P", 10), ("768P", 6))),),
        examples=(
            Example(
                "text-to-video",
                {
                    "model": "MiniMax-Hailuo-2.3",
                    "prompt": "A man picks up a book [Pedestal up], then reads [Static shot].",
                    "size": "1080P",
                    "duration": 6,
                },
            ),
        ),
    ),
    VideoModel(
        id="kling-v3",
        family="kling",
        labels=(
            "Kling v3",
            "Kling V3",
            "Kling 3",
            "Kling 3.0",
            "Kling 3.0",
            "Kuaishou Kling v3",
            "Kling-v3",
            "kling v3",
            "kling-v3",
            "kling-3",
        ),
        summary="Text- and image-to-video by Kuaishou, with sound and negative prompt.",
        fields=_KLING_FIELDS,
        forbidden=("size", "images"),
        image_field="image",
        examples=_kling_examples("kling-v3"),
    ),
    VideoModel(
        id="kling-v2-6",
        family="kling",
        labels=(
            "Kling v2.6",
            "Kling V2.6",
            "Kling 2.6",
            "Kling 2.6",
            "Kling 2.6",
            "Kuaishou Kling v2.6",
            "Kling-v2.6",
            "kling v2.6",
            "kling-v2.6",
            "kling-2-6",
        ),
        summary="Text- and image-to-video by Kuaishou, with sound and negative prompt; the version before v3.",
        fields=_KLING_FIELDS,
        forbidden=("size", "images"),
        image_field="image",
        examples=_kling_examples("kling-v2-6"),
    ),
    VideoModel(
        id="dreamina-seedance-2-0-fast-260128",
        family="seedance",
        labels=(
            "Seedance 2.0 Fast",
            "Seedance 2.0 Fast",
            "Seedance 2 Fast",
            "Seedance 2.0 Fast",
            "Seedance 2.0 Fast",
            "ByteDance Seedance 2.0 Fast",
            "Seedance-2.0-Fast",
            "seedance 2.0 fast",
            "seedance-2.0-fast",
            "seedance-2-0-fast",
        ),
        summary="Text- and image-to-video by ByteDance, from several pictures, with sound; the faster one.",
        fields=_SEEDANCE_FIELDS,
        forbidden=("size", "mode", "image"),
        image_field="images",
        examples=_seedance_examples("dreamina-seedance-2-0-fast-260128"),
    ),
    VideoModel(
        id="dreamina-seedance-2-0-260128",
        family="seedance",
        labels=(
            "Seedance 2.0",
            "Seedance 2.0",
            "Seedance 2",
            "Seedance 2.0",
            "Seedance 2.0",
            "ByteDance Seedance 2.0",
            "Seedance-2.0",
            "seedance 2.0",
            "seedance-2.0",
            "seedance-2-0",
        ),
        summary="Text- and image-to-video by ByteDance, from several pictures, with sound.",
        fields=_SEEDANCE_FIELDS,
        forbidden=("size", "mode", "image"),
        image_field="images",
        examples=_seedance_examples("dreamina-seedance-2-0-260128"),
    ),
)

# The command line's field names (`aspect_ratio`) and where each goes for a model that does not know the field: to
# the place of the first model that does, so that the validator can say what is wrong with it.
FLAG_PATHS: Mapping[str, str] = MappingProxyType(
    {field.name: field.path for model in reversed(tuple(MODELS.values())) for field in reversed(model.fields)}
)


def find_model(name: str) -> VideoModel:
    """Return the model whose id is exactly ``name``; the id is what is sent, so no other spelling is taken for it.

    Raises ``InvalidRequestError`` that names the nearest models, found by id and by label without case.
    """
    if (model := MODELS.get(name)) is not None:
        return model
    known = ", ".join(MODELS)
    shown = _quoted(name)
    nearest = nearest_models(name)
    hint = f" Did you mean {' or '.join(nearest)}?" if nearest else ""
    raise InvalidRequestError(
        f"Unknown video model {shown}.{hint}",
        f"Use one of: {known}.",
        details={"model": name[:_SHOWN_LENGTH], "nearest": list(nearest), "models": list(MODELS)},
    )


def _quoted(name: str) -> str:
    """Return a name in quotes for a message: bounded, with control and bidi characters escaped."""
    cut = name if len(name) <= _SHOWN_LENGTH else name[: _SHOWN_LENGTH - 3] + "..."
    return f'"{visible(cut)}"'


def nearest_models(name: str) -> tuple[str, ...]:
    """Return the ids of the models that are most like ``name``, best first, at most two, none where nothing is."""
    wanted = _folded(name[:_SHOWN_LENGTH])
    spellings = {
        _folded(text): model.id for model in reversed(tuple(MODELS.values())) for text in (*model.labels, model.id)
    }
    exact = spellings.get(wanted)
    if exact is not None:
        return (exact,)
    from difflib import get_close_matches

    close = get_close_matches(wanted, spellings, n=4, cutoff=0.6)
    return tuple(dict.fromkeys(spellings[spelling] for spelling in close))[:2]


def _folded(name: str) -> str:
    """Reduce a name to what identifies it, so that ``Kling V3`` and ``kling-v3`` are one."""
    return "".join(char for char in name.casefold() if char.isalnum())
