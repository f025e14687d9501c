"""``references/config_patterns.md``: what is known of each consumer's config, made from the tables.

``python -m tokenrouter_video.routing.config_patterns FILE`` writes the page anew; a test holds it equal to this.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tokenrouter_video.consumer_hosts import HOST_FORMS, HostForm
from tokenrouter_video.consumer_readings import READINGS, Reading
from tokenrouter_video.consumer_rules import Rules, SecondPlace, rules_of
from tokenrouter_video.consumers import CONSUMERS, Consumer

_HEAD = """\
# Config patterns

What the program knows of the tools whose configs hold channels. `find` names the tool as `consumer`; a config of a tool
that is not listed is read by its shape alone. Under "models" stands the way to the list from the top of the file: `[]`
is an item of a list, `<...>` a name that the owner chose.

A new entry is a copy of its best neighbour: the last entry of the same family, else the last video entry, else the
nearest. From a video entry everything is copied but prices and dates; from a chat entry what is true of any model. What
was left behind, and neighbours that break their tool's rules, are named in `warnings`.

| shape | the list | the new route |
|---|---|---|
| `objects`, `call` | objects, or calls in code, in the provider's entry | one more object or call |
| `strings` | ids in the provider's entry | one more id |
| `map` | a map from id to settings | one more key |
| `flat` | each entry repeats URL and key | one more entry with the same URL and key |
| `tables` | TOML tables, most of which name their provider | one more table |
| `delimited` | one string of ids | one more id behind the separator |
| `files` | one file a model | one more file beside the others |
| `documents` | rules in another document or file that send models here | one more rule, or a condition in one |

A config may be the text of a string in another file: a ConfigMap's or compose file's block of lines, cloud-init's
`content`, JSON or YAML in quotes, a template literal without substitutions. It is found by the name that it has there
(`config.yaml`), or by what it holds, and edited through the string; the pointer leads on behind the string's own.
A text that is folded (`>`, quotes over several lines) is found and not edited.

A list that YAML aliases, merge keys or a constant repeat is edited where every place that gets the model belongs to
this gateway; a warning names the places.

Refused with the reason: a list that another provider shares (alias, constant), one that another file or a call makes,
an empty list without a neighbour (`--entry` fills it), files that the tool writes itself,
a list whose entries share all requests, a rule that would never be reached, rules that stand in several other folders.

An address may be a host and a port instead of a URL. What else belongs to it (path, TLS, key, rules) are then objects
that name each other by kind and name: those of the same file first, then of its folder, then the one file elsewhere.

## Tools
"""


def page() -> str:
    """Return the whole page."""
    consumers = [consumer for _, consumer in sorted(CONSUMERS.items())]
    contents = "\n".join(f"- [{one.title}](#{_anchor(one)})" for one in consumers)
    entries = ("\n".join(_entry(one, rules_of(one.name))) for one in consumers)
    return "\n\n".join([_HEAD.rstrip(), contents, *entries]) + "\n"


def _anchor(consumer: Consumer) -> str:
    """Return the anchor that Markdown hosts make of an entry's heading."""
    heading = f"{consumer.title} (`{consumer.name}`)".lower().replace(" ", "-")
    return "".join(char for char in heading if char.isalnum() or char in "-_")


def _entry(consumer: Consumer, rules: Rules) -> Iterator[str]:
    yield f"### {consumer.title} (`{consumer.name}`)"
    yield ""
    places = dict.fromkeys((*consumer.files, *consumer.home))
    if places:
        yield f"- files: {_codes(places)}"
    if consumer.name in HOST_FORMS:
        yield f"- a host without a URL: {_host(HOST_FORMS[consumer.name])}"
    if rules.models:
        is_map = "<id>" in rules.models
        says = "what is sent is" if is_map else "the id is"
        yield f"- models: `{rules.models}`" + (f", {says} `{'.'.join(rules.id_field)}`" if rules.id_field else "")
    if rules.required:
        yield f"- required: {_codes('.'.join(path) for path in rules.required)}"
    if rules.allowed:
        yield f"- no other fields than: {_codes(sorted(rules.allowed))}"
    if rules.words:
        yield f"- no other words than: {_fields((path, ', '.join(sorted(words))) for path, words in rules.words)}"
    if rules.all_or_nothing:
        yield "- one entry that breaks these rules, and none of the file's models is read"
    if rules.id_prefixes:
        yield f"- ids start with: {_fields(rules.id_prefixes)}"
    if rules.video_marks:
        marks = [(path, word if isinstance(word, str) else ", ".join(word)) for path, word in rules.video_marks]
        yield f"- video is marked by: {_fields(marks)}"
    if rules.models and not rules.has_video:
        yield "- has no notion of video: the entry comes with the warning `consumer-has-no-video-path`"
    if rules.second_places:
        yield f"- named as well in: {', '.join(map(_place, rules.second_places))}, where that is there"
    if rules.facts:
        yield f"- named in a warning where the new file lacks them: {_codes(rules.facts)}"
    if rules.chosen_by:
        yield f"- refused where no entry for video has `{'.'.join(rules.chosen_by)}`: the entries share all requests"
    for trap in rules.traps:
        yield f"- warned of: {trap.effect}"
    if consumer.generated:
        yield f"- written by the tool itself, never edited: {_codes(consumer.generated)}"
    if consumer.reload:
        yield f"- reload: `{' '.join(consumer.reload)}`"
    if rules.advice:
        yield f"- without a list: {rules.advice}"
    for reading in READINGS.get(consumer.name, ()):
        yield f"- read by {reading.package} {reading.version} on {reading.on}"
        yield from _seen(reading)
    yield f"- source: {rules.source}"


def _host(form: HostForm) -> str:
    """Return where the parts of an address stand, and which objects belong to it."""
    fields = [f"{form.entry}.{name}" for name in (form.host, form.port, form.scheme, form.path) if name]
    text = (f"of each `{form.kind}` " if form.kind else "") + _codes(fields)
    return text + (f"; with {_codes(form.kinds)}" if form.kinds else "")


def _seen(reading: Reading) -> Iterator[str]:
    kinds = {"accepts": reading.accepts, "refuses": reading.refuses, "drops silently": reading.drops}
    for kind, texts in kinds.items():
        if texts:
            yield f"  - {kind}: {'; '.join(texts)}"


def _place(place: SecondPlace) -> str:
    path = f"{place.path.removeprefix('.')} of the provider" if place.path.startswith(".") else place.path
    return f"`{path}` as `{place.item}`"


def _fields(pairs: Iterable[tuple[tuple[str, ...], str]]) -> str:
    return _codes(f"{'.'.join(path)}: {text}" for path, text in pairs)


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
