"""Build a request body from flags and parameters, and hold it against the model's rules before anything is sent."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from tokenrouter_video.catalog import (
    FLAG_PATHS,
    MODELS,
    Field,
    FieldType,
    Presence,
    VideoModel,
)
from tokenrouter_video.display import visible
from tokenrouter_video.errors import InvalidRequestError, UsageError
from tokenrouter_video.gateway.web_urls import is_web_url
from tokenrouter_video.gateway.wording import SHOWN_LENGTH, cut, shown
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

# The one container that fields may stand in.
_CONTAINER = "metadata"
_MISSING = object()

_DIGITS = regex(r"[0-9]{1,9}")
_INTEGER = regex(r"-?[0-9]{1,9}")
_WORD = regex(r"[A-Z]?[a-z0-9]+|[A-Z]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: the field, what was given (``None``: nothing; shown bounded), what is allowed, a sentence."""

    field: str
    given: str | None
    allowed: str
    message: str

    def report(self) -> dict[str, str | None]:
        """Return the problem as JSON output shows it."""
        return {"field": self.field, "given": self.given, "allowed": self.allowed, "message": self.message}


def build_body(model: VideoModel, flags: Mapping[str, object], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request body: the model's id, what the flags say, and the parameters as written.

    ``flags`` are named as on the command line with underscores (``aspect_ratio``); ``None`` means not given. Each goes
    to the place and the type that the model has for it. A prompt of nothing but white space is left out. Fields stand
    in the catalog's order, others behind them. Raises ``UsageError`` for a field that is given both ways, and where
    the parameters name another model.
    """
    body: dict[str, Any] = copy.deepcopy(dict(params))
    if body.get("model", model.id) != model.id:
        raise UsageError(
            f"The parameters name the model {shown(body['model'])}, the command {model.id}.",
            "Name the model once.",
        )
    body["model"] = model.id
    for name, value in flags.items():
        if value is not None:
            _place(model, body, name, value)
    if isinstance(body.get("prompt"), str) and not body["prompt"].strip():
        del body["prompt"]
    return _ordered(model, body)


def validate(model: VideoModel, body: Mapping[str, Any], *, allow_unknown: bool = False) -> list[str]:
    """Check a body against every rule of its model; return warnings about what is allowed but may not be wanted.

    ``allow_unknown`` lets fields through that no rule names; forbidden ones stay forbidden.
    Raises ``InvalidRequestError`` with all broken rules at once; ``details["problems"]`` are they, as ``Problem`` has
    them.
    """
    problems = [
        *_model_problems(model, body),
        *_forbidden(model, body),
        *_container_problems(model, body),
        *_fields(model, body),
        *_combinations(model, body),
        *([] if allow_unknown else _unknown(model, body)),
        *_unsendable(body),
    ]
    if problems:
        raise _error(model, problems)
    if model.image_field in body and _is_blank(body.get("prompt", "")):
        return [f"no prompt: {model.id} allows that with {model.image_field}, but the gateway may want one"]
    return []


def _place(model: VideoModel, body: dict[str, Any], name: str, value: object) -> None:
    """Set a flag's field in the body."""
    field = next((field for field in model.fields if field.name == name), None)
    path = field.path if field else FLAG_PATHS[name]
    flag = "--" + name.replace("_", "-")
    target = body
    container, _, key = path.rpartition(".")
    if container:
        target = body.setdefault(container, {})
        if not isinstance(target, dict):
            raise UsageError(
                f"{flag} sets {path}, but {container} in the parameters is {shown(target)}.",
                f"Make {container} a JSON object.",
            )
    if key in target:
        raise UsageError(f"{path} is given twice: by {flag} and in the parameters.", "Give each field one way only.")
    target[key] = _converted(field.type if field else None, value)


def _converted(kind: FieldType | None, value: object) -> object:
    """Give a flag's value the type of its field; what does not fit stays, for the validator to refuse."""
    if isinstance(value, tuple):
        return list(value)
    if kind is FieldType.INTEGER and isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    if kind is FieldType.DIGITS and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _ordered(model: VideoModel, body: dict[str, Any]) -> dict[str, Any]:
    places = {path: place for place, path in enumerate(field.path for field in model.fields)}
    last = len(places)
    container = min((place for path, place in places.items() if path.startswith(f"{_CONTAINER}.")), default=last)
    order = {"model": -1, _CONTAINER: container, **places}
    inner = body.get(_CONTAINER)
    if isinstance(inner, dict):
        names = sorted(inner, key=lambda name: places.get(f"{_CONTAINER}.{name}", last))
        body = {**body, _CONTAINER: {name: inner[name] for name in names}}
    return {name: body[name] for name in sorted(body, key=lambda name: order.get(name, last))}


def _model_problems(model: VideoModel, body: Mapping[str, Any]) -> Iterator[Problem]:
    if body.get("model") != model.id:
        yield _problem("model", body.get("model", _MISSING), f'"{model.id}"', f'it must be "{model.id}"')


def _forbidden(model: VideoModel, body: Mapping[str, Any]) -> Iterator[Problem]:
    for name in model.forbidden:
        if name not in body:
            continue
        owners = dict.fromkeys(
            other.family.capitalize()
            for other in MODELS.values()
            if any(field.path.partition(".")[0] == name for field in other.fields)
        )
        near = _nearest(model, name, cutoff=0.8)
        instead = f"; use {near}" if near else ""
        rule = f"it must not be sent with {model.id} (it is a field of {' and '.join(owners)}){instead}"
        yield _problem(name, body[name], "not present", rule)


def _container_problems(model: VideoModel, body: Mapping[str, Any]) -> Iterator[Problem]:
    if _CONTAINER in body and _CONTAINER not in model.forbidden and not isinstance(body[_CONTAINER], dict):
        yield _problem(_CONTAINER, body[_CONTAINER], "object", "it must be a JSON object")


def _fields(model: VideoModel, body: Mapping[str, Any]) -> Iterator[Problem]:
    from_image = model.image_field in body
    for field in model.fields:
        value = _lookup(body, field.path)
        if _is_missing(field, value):
            required = field.presence is Presence.REQUIRED
            if required or (field.presence is Presence.REQUIRED_FOR_TEXT and not from_image):
                yield _problem(field.path, value, field.allowed, f"it must be {field.allowed}", _pairs(model, field))
        elif from_image and not field.with_image:
            rule = f"it must not be sent together with {model.image_field}"
            yield _problem(field.path, value, f"not present with {model.image_field}", rule)
        elif not _fits(field, value):
            yield _problem(field.path, value, field.allowed, f"it must be {field.allowed}", _pairs(model, field))


def _is_missing(field: Field, value: object) -> bool:
    if value is _MISSING:
        return True
    # an empty text says as little as none; where the field is optional it is a wrong value instead
    return field.presence is not Presence.OPTIONAL and _is_blank(value)


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _combinations(model: VideoModel, body: Mapping[str, Any]) -> Iterator[Problem]:
    for combination in model.combinations:
        fields = [field for path in combination.paths if (field := model.field(path))]
        values = [_lookup(body, field.path) for field in fields]
        if all(_fits(field, value) for field, value in zip(fields, values, strict=True)) and (
            tuple(values) not in combination.allowed
        ):
            names = " and ".join(combination.paths)
            yield Problem(
                ", ".join(combination.paths),
                ", ".join(shown(value) for value in values),
                combination.tuples,
                f"{names} are {' and '.join(shown(value) for value in values)}; together they must be one of "
                f"{combination.tuples}",
            )


def _pairs(model: VideoModel, field: Field) -> str:
    """Return what a field's message adds where its value depends on another's."""
    combinations = (combination for combination in model.combinations if field.path in combination.paths)
    return "".join(f"; {each}" for each in combinations)


def _unknown(model: VideoModel, body: Mapping[str, Any]) -> Iterator[Problem]:
    names = [name for name in body if name not in _top_level_names(model)]
    inner = body.get(_CONTAINER)
    if isinstance(inner, Mapping) and _CONTAINER in _top_level_names(model) and _CONTAINER not in model.forbidden:
        names += [path for name in inner if model.field(path := f"{_CONTAINER}.{name}") is None]
    for path in names:
        near = _nearest(model, path, cutoff=0.5)
        known = ", ".join(field.path for field in model.fields)
        if path in body and model.field(path):
            hint = f"put {path.partition('.')[2]} inside the object {_CONTAINER}"
        else:
            hint = f"did you mean {near}?" if near else f"its fields are {known}"
        value = body[path] if path in body else _lookup(body, path)
        name = cut(visible(path))
        yield Problem(name, shown(value), near or known, f"{name} is no field of {model.id}; {hint}")


def _top_level_names(model: VideoModel) -> set[str]:
    return {"model", *model.forbidden, *(field.path.partition(".")[0] for field in model.fields)}


def _unsendable(body: Mapping[str, Any]) -> Iterator[Problem]:
    """Find texts with half a surrogate pair: bytes of an argument that were no UTF-8."""
    waiting: list[tuple[str, object]] = [("", dict(body))]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{path}.{key}" if path else key, child) for key, child in value.items()]
            texts = [key for key in value if isinstance(key, str)]
        elif isinstance(value, list):
            waiting += [(path, child) for child in value]
            continue
        else:
            texts = [value] if isinstance(value, str) else []
        if any("\ud800" <= char <= "\udfff" for text in texts for char in text):
            name = cut(visible(path)) or "the request"
            yield Problem(name, None, "text in UTF-8", f"{name} holds characters that are no valid Unicode")


def _lookup(body: Mapping[str, Any], path: str) -> Any:
    value: Any = body
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return _MISSING
        value = value[key]
    return value


def _fits(field: Field, value: object) -> bool:
    """Tell whether a value has the field's type and, where there is one, is of its closed set."""
    if not _has_type(field.type, value):
        return False
    return not field.values or value in field.values


def _has_type(kind: FieldType, value: object) -> bool:
    match kind:
        case FieldType.STRING:
            return isinstance(value, str) and not _is_blank(value)
        case FieldType.DIGITS:
            return isinstance(value, str) and _DIGITS.fullmatch(value) is not None
        case FieldType.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case FieldType.BOOLEAN:
            return isinstance(value, bool)
        case FieldType.URL:
            return is_web_url(value)
        case FieldType.URLS:
            return isinstance(value, list) and bool(value) and all(map(is_web_url, value))


def _nearest(model: VideoModel, path: str, cutoff: float) -> str | None:
    """Return the path of the model's field whose name is most like the given one."""
    wanted = path.rpartition(".")[2][:SHOWN_LENGTH]
    scores = {field.path: _likeness(wanted, field.name) for field in model.fields}
    best = max(scores, key=lambda name: scores[name], default=None)
    return best if best is not None and scores[best] >= cutoff else None


def _likeness(name: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1: ``ratio`` is more like ``aspect_ratio`` than like ``duration``."""
    words, others = ({word.casefold() for word in _WORD.findall(each)} for each in (name, other))
    if words and others and (words <= others or others <= words):
        return 1.0 if words == others else 0.95
    return difflib.SequenceMatcher(None, name.casefold(), other.casefold()).ratio()


def _problem(field: str, value: object, allowed: str, rule: str, addition: str = "") -> Problem:
    missing = value is _MISSING or _is_blank(value)
    given = None if value is _MISSING else shown(value)
    return Problem(field, given, allowed, f"{field} is {'missing' if missing else given}; {rule}{addition}")


def _error(model: VideoModel, problems: list[Problem]) -> InvalidRequestError:
    if len(problems) == 1:
        message = f"The request breaks a rule of {model.id}: {problems[0].message}."
    else:
        lines = "".join(f"\n- {problem.message}" for problem in problems)
        message = f"The request breaks {len(problems)} rules of {model.id}:{lines}"
    pairs = "".join(f" Allowed: {each}." for each in model.combinations)
    return InvalidRequestError(
        message,
        f"Correct the request; nothing was sent.{pairs} All rules: tokenrouter-video models {model.id}",
        details={"model": model.id, "problems": [problem.report() for problem in problems]},
    )
