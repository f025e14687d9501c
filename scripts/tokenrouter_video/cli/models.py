"""``models``: the video models, or one model's parameters with example requests, as the catalog has them."""

from __future__ import annotations

import json
import shlex

from tokenrouter_video.catalog import MODELS, Field, FieldType, Presence, VideoModel, find_model
from tokenrouter_video.cli.layout import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from tokenrouter_video.cli.console import Console


def execute(args: argparse.Namespace, console: Console) -> int:
    """Print all models, or the one that ``args.model`` names; raises InvalidRequestError for an unknown one."""
    models = (find_model(args.model),) if args.model else tuple(MODELS.values())
    console.result(
        {"schema": 1, "models": [as_json(model) for model in models]},
        lambda: _page(models[0], console) if args.model else _table(models, console),
    )
    return 0


def as_json(model: VideoModel) -> dict[str, Any]:
    """Return everything that the catalog knows of a model, for ``--json``."""
    return {
        "id": model.id,
        "label": model.label,
        "family": model.family,
        "kinds": list(model.kinds),
        "summary": model.summary,
        "fields": [_field_json(field) for field in model.fields],
        "forbidden": list(model.forbidden),
        "image_field": model.image_field,
        "combinations": [
            {"fields": list(each.paths), "allowed": [list(values) for values in each.allowed]}
            for each in model.combinations
        ],
        "examples": [{"kind": example.kind, "request": example.body} for example in model.examples],
    }


def _field_json(field: Field) -> dict[str, Any]:
    return {
        "field": field.path,
        "flag": field.flag,
        "type": field.type.value,
        "presence": field.presence.value,
        "values": list(field.values),
        "such_as": list(field.such_as),
        "with_image": field.with_image,
        "summary": field.summary,
    }


def _table(models: tuple[VideoModel, ...], console: Console) -> str:
    rows = [("MODEL", "FROM", "FIELDS"), *map(_row, models)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [
        wrapped(f"{name:<{widths[0]}}  {source:<{widths[1]}}  {fields}", console.width, sum(widths) + 4)
        for name, source, fields in rows
    ]
    lines[0] = console.style(lines[0], "bold")
    page = shlex.join(console.command("models", "NAME"))
    note = wrapped(f"[optional] field. One model's rules and an example request: {page}", console.width, 0)
    return "\n".join([*lines, "", note])


def _row(model: VideoModel) -> tuple[str, str, str]:
    fields = (f"[{each.name}]" if each.presence is Presence.OPTIONAL else each.name for each in model.fields)
    return model.id, ", ".join(kind.partition("-")[0] for kind in model.kinds), " ".join(fields)


def _page(model: VideoModel, console: Console) -> str:
    rows = [(field.path, field.flag, _rule(model, field)) for field in model.fields]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [
        f"{console.style(model.id, 'bold')} - {model.label}",
        wrapped(model.summary, console.width, 0),
        "",
        console.style("fields", "bold"),
        *(
            wrapped(f"  {path:<{widths[0]}}  {flag:<{widths[1]}}  {rule}", console.width, sum(widths) + 6)
            for path, flag, rule in rows
        ),
        *(f"  {combination}" for combination in model.combinations),
        f"  not to be sent: {', '.join(model.forbidden)}",
    ]
    for example in model.examples:
        body = json.dumps(example.body, indent=2, ensure_ascii=False)
        lines += ["", console.style(f"{example.kind}, the request", "bold")]
        lines += [f"  {line}" for line in body.splitlines()]
        lines += [console.style("the same as a command (it sends nothing without --submit)", "bold")]
        lines += ["  " + shlex.join(console.command("generate", *flags_for(model, example.body)))]
    return "\n".join(lines)


def _rule(model: VideoModel, field: Field) -> str:
    alone = "" if field.with_image else f", not together with {model.image_field}"
    return f"{field.presence.value}, {field.allowed}{alone}: {field.summary}"


def flags_for(model: VideoModel, body: dict[str, Any]) -> list[str]:
    """Return the ``generate`` flags that make this body of the model's known fields."""
    words = ["--model", model.id]
    for field in model.fields:
        container, _, name = field.path.rpartition(".")
        members = body.get(container, {}) if container else body
        if name not in members:
            continue
        value = members[name]
        flag = f"--{name.replace('_', '-')}"
        if field.type is FieldType.BOOLEAN:
            words.append(flag if value else f"--no-{flag[2:]}")
        else:
            words += [flag, *(value if isinstance(value, list) else [str(value)])]
    return words
