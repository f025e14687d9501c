"""The generated parts of ``references/api_reference.md``: what the catalog and the gateway's profile say, as Markdown.

``python -m tokenrouter_video.reference FILE`` renews them in place; a test holds the file equal to its own renewal.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tokenrouter_video.catalog import Field, VideoModel
from tokenrouter_video.gateway_answers import ErrorRule, TaskStatus
from tokenrouter_video.gateways import TOKENROUTER
from tokenrouter_video.patterns import regex

_PART = regex(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end of generated part -->)", re.DOTALL)


def endpoints() -> str:
    """Return the table of endpoints."""
    profile = TOKENROUTER
    first, *others = (path.replace("{task_id}", ":task_id") for path in profile.poll_paths)
    rows = [
        ("create a task", f"`{profile.submit_method} {profile.submit_path}`", "costs money; JSON body, see Models"),
        ("fetch a task", f"`{profile.poll_method} {first}`", "asked first, once"),
        *(("fetch a task", f"`{profile.poll_method} {path}`", "where the first is no API") for path in others),
        ("the video's bytes", f"`GET {profile.content_path.replace('{task_id}', ':task_id')}`", "only without a URL"),
        ("what the key may use", f"`GET {profile.models_path}`", "free; `check` asks it"),
    ]
    header = f"`{profile.auth_header}: {profile.auth_scheme} KEY`"
    lines = [f"Base URL: `{profile.origin}`, always. Every request carries {header} with the channel's own key.", ""]
    return "\n".join(lines + _table(("for", "request", "note"), rows))


def models() -> str:
    """Return every model's rules, those of a family once, with an example request of each kind."""
    families: dict[tuple[Field, ...], list[VideoModel]] = {}
    for model in TOKENROUTER.models.values():
        families.setdefault(model.fields, []).append(model)
    return "\n".join("\n".join(_family(members)) for members in families.values()).rstrip()


def _family(members: Sequence[VideoModel]) -> list[str]:
    model = members[0]
    rows = [
        (f"`{field.path}`", field.presence.value, _allowed(model, field), field.summary, f"`{field.flag}`")
        for field in model.fields
    ]
    lines = [f"### {', '.join(member.id for member in members)}", ""]
    lines += [f"- `{member.id}` ({member.label}): {member.summary}" for member in members]
    lines += ["", *_table(("field", "when", "value", "what", "flag"), rows), ""]
    lines += [f"- {combination}." for combination in model.combinations]
    lines += [f"- Never sent: {', '.join(f'`{name}`' for name in model.forbidden)}."]
    if model.image_field:
        lines += [f"- `{model.image_field}` makes the request image-to-video."]
    for example in model.examples:
        body = json.dumps(example.body, indent=2, ensure_ascii=False)
        lines += ["", f"{example.kind.capitalize()}:", "", "```json", body, "```"]
    return [*lines, ""]


def _allowed(model: VideoModel, field: Field) -> str:
    return field.allowed + ("" if field.with_image else f"; not together with `{model.image_field}`")


def status_words() -> str:
    """Return the table of status words by meaning."""
    meanings = (
        (TaskStatus.QUEUED, "ask again"),
        (TaskStatus.IN_PROGRESS, "ask again"),
        (TaskStatus.SUCCEEDED, "take the URL"),
        (TaskStatus.FAILED, "stop; the reason is in the payload"),
    )
    words = TOKENROUTER.answers.status_words
    rows = [
        (f"`{status}`", ", ".join(f"`{word}`" for word, meaning in words.items() if meaning is status), then)
        for status, then in meanings
    ]
    return "\n".join(_table(("status", "words, without case", "then"), rows))


def url_places() -> str:
    """Return the places of the URL in the order in which they are tried."""
    return "\n".join(f"{number}. `{place}`" for number, place in enumerate(TOKENROUTER.answers.url_places, 1))


def error_codes() -> str:
    """Return the table of error codes."""
    rows = [
        (f"`{code}`", rule.cause.value, *_consequences(rule)) for code, rule in TOKENROUTER.answers.error_rules.items()
    ]
    return "\n".join(_table(("code", "cause", "accepted?", "send again?"), rows))


def _consequences(rule: ErrorRule) -> tuple[str, str]:
    accepted = {True: "no", False: "perhaps", None: "by HTTP status"}[rule.certain]
    if rule.certain is False:
        return accepted, "not by itself"
    return accepted, {True: "later", False: "no, change something first", None: "by HTTP status"}[rule.retryable]


GENERATED: Mapping[str, Callable[[], str]] = {
    "endpoints": endpoints,
    "models": models,
    "status-words": status_words,
    "url-places": url_places,
    "error-codes": error_codes,
}


def renewed(text: str) -> str:
    """Return the page with every generated part made anew; raises ValueError where a part is unknown or missing."""
    found = [match["name"] for match in _PART.finditer(text)]
    if sorted(found) != sorted(GENERATED):
        raise ValueError(f"the page has the parts {found}, wanted are {list(GENERATED)}")
    return _PART.sub(lambda match: f"{match[1]}\n{GENERATED[match['name']]()}\n\n{match[3]}", text)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cells)} |"

    return [line(head), line(["---"] * len(head)), *map(line, rows)]


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
