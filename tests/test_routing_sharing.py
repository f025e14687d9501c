"""Lists that several places use by one name: changed where all are the gateway's, refused where one is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from routed import before_and_after, channels_in
from tokenrouter_video.catalog import MODELS
from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.formats import parse
from tokenrouter_video.documents.insertion import extend_string, insert, replace_scalar
from tokenrouter_video.errors import RefusedError
from tokenrouter_video.routing.plan import NO_VIDEO_PATH, plan_route

URL = "https://api.tokenrouter.com/v1"
OTHER = "http://localhost:1/v1"

ALLOWED = [
    pytest.param(
        "a.yaml",
        f"providers:\n  tr:\n    base_url: {URL}\n    api_key: ${{A}}\n    models: &m\n      - gpt-4o\n"
        f"<+      - kling-v3\n+>"
        f"  team:\n    base_url: {URL}\n    api_key: ${{B}}\n    models: *m\n",
        ["a.yaml:10: /providers/team/models"],
        id="a second channel of the gateway",
    ),
    pytest.param(
        "a.yaml",
        f"providers:\n  tr:\n    base_url: {URL}\n    api_key: ${{A}}\n    models: &m [gpt-4o<+, kling-v3+>]\n"
        "    allowed_models: *m\n",
        [],
        id="another list of the same channel",
    ),
    pytest.param(
        "a.yaml",
        f"providers:\n  tr: {{base_url: {URL}, api_key: '${{A}}', api: openai-completions, logo_url: https://a.example/1,"
        f" models: &m [gpt-4o<+, kling-v3+>]}}\n"
        f"  team: {{base_url: {URL}, api_key: '${{B}}', logo_url: https://a.example/1, models: *m}}\n",
        ["a.yaml:3: /providers/team/models"],
        id="a picture's address and a protocol are no base URLs",
    ),
    pytest.param(
        "a.yaml",
        f"tr:\n  base_url: {URL}\n  api_key: ${{A}}\n  models: &m [gpt-4o<+, kling-v3+>]\nevals:\n"
        f"  - {{provider: tr, models: *m}}\nother:\n  base_url: {OTHER}\n  models: [x]\n",
        ["a.yaml:6: /evals/0/models"],
        id="an entry that names the channel's provider",
    ),
    pytest.param(
        "a.yaml",
        f"x-models: &m [gpt-4o<+, kling-v3+>]\ntr:\n  base_url: {URL}\n  api_key: ${{A}}\n  models: *m\n",
        [],
        id="a list that nobody else uses",
    ),
    pytest.param(
        "a.yaml",
        f"x-models: &m [gpt-4o<+, kling-v3+>]\nx-url: &u {URL}\nproviders:\n"
        f"  one: {{base_url: *u, api_key: '${{A}}', models: *m}}\n"
        "  two: {base_url: *u, api_key: '${B}', models: *m}\n",
        ["a.yaml:5: /providers/two/models"],
        id="base URLs that are aliases, too",
    ),
    pytest.param(
        "a.yaml",
        f"base: &base\n  base_url: {URL}\n  models: [gpt-4o<+, kling-v3+>]\ndev:\n  <<: *base\n"
        f"  api_key: ${{A}}\nprod:\n"
        f"  <<: *base\n  api_key: ${{B}}\nother:\n  <<: *base\n  base_url: {OTHER}\n  models: [qwen]\n",
        ["a.yaml:8: /prod"],
        id="a merged map; what another provider has of its own stays",
    ),
    pytest.param(
        "a.yaml",
        f"dev: &dev\n  base_url: {URL}\n  api_key: ${{A}}\n  models: [gpt-4o<+, kling-v3+>]\nprod:\n  <<: *dev\n"
        "  timeout: 60\n",
        [],
        id="a block that the channel merges",
    ),
    pytest.param(
        "a.yaml",
        f"providers:\n  tr:\n    options: {{baseURL: '{URL}', apiKey: '${{A}}'}}\n"
        f"    models: &m [gpt-4o<+, kling-v3+>]\n"
        f"  team:\n    options: {{baseURL: '{URL}', apiKey: '${{B}}'}}\n    models: *m\n",
        ["a.yaml:7: /providers/team/models"],
        id="base URLs in wrappers",
    ),
    pytest.param(
        "a.yaml",
        f"providers:\n  tr:\n    base_url: {URL}\n    api_key: ${{A}}\n    models: &m [gpt-4o<+, kling-v3+>]\n"
        "router:\n  fallbacks: *m\n",
        ["a.yaml:7: /router/fallbacks"],
        id="a place that merely names the models, where no other provider is",
    ),
    pytest.param(
        "a.yaml",
        f"providers:\n  tr: &tr\n    base_url: {URL}\n    api_key: ${{A}}\n    models: &m [gpt-4o<+, kling-v3+>]\n"
        "copy: {inner: *tr}\n",
        ["a.yaml:6: /copy/inner"],
        id="an alias of the whole channel",
    ),
    pytest.param(
        "a.yaml",
        f"base: &b\n  base_url: {URL}\n  models: [gpt-4o<+, kling-v3+>]\ndev:\n  <<: *b\n  api_key: ${{A}}\n"
        f"late: &late\n  <<: *b\n  base_url: {OTHER}\n  models: [x]\nother:\n  <<: [*late, *b]\n  models: [y]\n"
        "qa:\n  <<: [*late, *b]\n  timeout: 9\n",
        [],
        id="maps merged by those that are merged, of which each has a list of its own",
    ),
    pytest.param(
        "a.ts",
        f"const M = ['gpt-4o'<+, 'kling-v3'+>];\n"
        f"export const one = {{ baseURL: '{URL}', apiKey: process.env.A, models: M }};\n"
        f"export const two = {{ baseURL: '{URL}', apiKey: process.env.B, models: M }};\n",
        ["a.ts:3: /two/models"],
        id="a constant of code",
    ),
    pytest.param(
        "a.ts",
        f"const base = {{ baseURL: '{URL}', apiKey: process.env.A, models: ['gpt-4o'<+, 'kling-v3'+>] }};\n"
        "export const one = { ...base, timeout: 9 };\nexport const two = { ...base, apiKey: process.env.B };\n"
        f"export const three = {{ ...base, baseURL: '{OTHER}', models: ['x'] }};\n",
        ["a.ts:3: /two"],
        id="an object of code that others take in",
    ),
    pytest.param(
        "a.ts",
        "const M = ['gpt-4o'<+, 'kling-v3'+>];\n"
        f"const base = {{ baseURL: '{URL}', apiKey: process.env.A, models: M }};\n"
        "const more = { ...base };\n"
        "export const one = { ...more, timeout: 9 };\nexport const two = { ...more, apiKey: process.env.B };\n",
        ["a.ts:2: /base/models", "a.ts:4: /one", "a.ts:5: /two"],
        id="an object that takes in one that takes in another with the list's name",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "marked", "places"), ALLOWED)
def test_a_list_that_is_the_gateways_everywhere_is_changed_and_its_places_named(
    tmp_path: Path, name: str, marked: str, places: list[str]
) -> None:
    before, after = before_and_after(marked)
    channels = sorted(channels_in(tmp_path, {name: before}), key=lambda one: one.line)
    plan = plan_route(channels[0], MODELS["kling-v3"])
    assert after == plan.files[0].text
    warned = [f"{place} repeats the list under a name and gets the model as well" for place in places]
    assert [one for one in plan.warnings if one != NO_VIDEO_PATH] == warned
    again = channels_in(tmp_path, {name: after})
    assert {plan_route(one, MODELS["kling-v3"]).status for one in again} == {"unchanged"}


@pytest.mark.parametrize(("name", "marked", "places"), [row for row in ALLOWED if row.values[0] == "a.yaml"])
def test_exactly_the_named_places_read_otherwise(tmp_path: Path, name: str, marked: str, places: list[str]) -> None:
    before, after = before_and_after(marked)
    old, new = flat(yaml.safe_load(before)), flat(yaml.safe_load(after))
    changed = {where for where in old.keys() | new.keys() if old.get(where) != new.get(where)}
    (channel, *_) = sorted(channels_in(tmp_path, {name: before}), key=lambda one: one.line)
    named = [place.partition(": ")[2] for place in places]
    definitions = ("/x-models", "/base/", "/dev/")
    unexpected = {
        where
        for where in changed
        if not where.startswith((channel.pointer + "/", *definitions, *(n + "/" for n in named)))
    }
    assert unexpected == set()
    assert all(any(where.startswith(one + "/") for where in changed) for one in named)


def flat(data: object, where: str = "") -> dict[str, object]:
    """Return the scalars of data by their pointers, aliases and merges expanded."""
    if isinstance(data, dict):
        return {key: value for name, one in data.items() for key, value in flat(one, f"{where}/{name}").items()}
    if isinstance(data, list):
        return {key: value for number, one in enumerate(data) for key, value in flat(one, f"{where}/{number}").items()}
    return {where: data}


HELD = [
    pytest.param(f"base_url: {URL}", id="by its own URL"),
    pytest.param("<<: *second", id="by a URL that is merged from what merges it"),
]


@pytest.mark.parametrize("url", HELD)
def test_the_channel_that_holds_the_list_is_named_too(tmp_path: Path, url: str) -> None:
    text = (
        f"first: &first {{base_url: '{URL}'}}\nsecond: &second\n  <<: *first\ntr:\n  {url}\n  api_key: ${{A}}\n"
        f"  models: &m [gpt-4o]\nteam:\n  base_url: {URL}\n  api_key: ${{B}}\n  models: *m\n"
    )
    channel = next(one for one in channels_in(tmp_path, {"a.yaml": text}) if one.pointer == "/team")
    warned = ["a.yaml:7: /tr/models holds the list itself and gets the model as well"]
    assert warned == [one for one in plan_route(channel, MODELS["kling-v3"]).warnings if one != NO_VIDEO_PATH]


def test_a_template_made_of_a_template_is_no_other_provider(tmp_path: Path) -> None:
    text = (
        f"a: &a\n  models: &m [gpt-4o]\nb: &b\n  <<: *a\n  timeout: 5\nc:\n  <<: *b\n  base_url: {URL}\n"
        f"  api_key: ${{C}}\nd:\n  base_url: {URL}\n  api_key: ${{D}}\n  models: *m\n"
        f"e:\n  <<: [*b]\n  base_url: {OTHER}\n  models: [x]\n"
    )
    channel = next(one for one in channels_in(tmp_path, {"a.yaml": text}) if one.pointer == "/d")
    warned = [
        f"a.yaml:{place} repeats the list under a name and gets the model as well" for place in ("3: /b", "7: /c")
    ]
    assert warned == list(plan_route(channel, MODELS["kling-v3"]).warnings)


REFUSED = [
    pytest.param(
        f"one: &one\n  base_url: {OTHER}\ntwo: &two\n  <<: *one\nother:\n  <<: *two\n  models: &m [gpt-4o]\ntr:\n"
        f"  base_url: {URL}\n  api_key: ${{A}}\n  models: *m\n",
        (7, 7), id="another provider's list, whose base URL is merged from what merges it",
    ),
    pytest.param(
        f"x-url: &u {URL}\nother:\n  base_url: ${{OTHER_URL}}\n  models: &m [gpt-4o]\nteam:\n  base_url: *u\n"
        f"  api_key: ${{A}}\n  models: *m\n",
        (4, 4), id="a base URL that is not said here, of a channel that is the whole file",
    ),
    pytest.param(
        f"tr:\n  base_url: {URL}\n  api_key: ${{A}}\n  models: &m [gpt-4o]\nother:\n  base_url: {OTHER}\n"
        f"  models: *m\n",
        (4, 7), id="another provider",
    ),
    pytest.param(
        f"tr:\n  base_url: {URL}\n  api_key: ${{A}}\n  models: &m [gpt-4o]\nagents:\n"
        "  writer: {provider: openai, models: *m}\n",
        (4, 6), id="an entry that names another provider",
    ),
    pytest.param(
        f"other:\n  base_url: {OTHER}\n  models: &m [gpt-4o]\ntr:\n  base_url: {URL}\n  api_key: ${{A}}\n"
        f"  models: *m\n",
        (3, 3), id="another provider's list",
    ),
    pytest.param(
        f"base: &b\n  models: [gpt-4o]\ntr:\n  <<: *b\n  base_url: {URL}\n  api_key: ${{A}}\nother:\n  <<: *b\n"
        f"  base_url: {OTHER}\n",
        (2, 8), id="a merged map",
    ),
    pytest.param(
        f"providers:\n  tr:\n    base_url: {URL}\n    api_key: ${{A}}\n    models: &m [gpt-4o]\n  anthropic:\n"
        f"    key: b\n"
        "    models: *m\n",
        (5, 8), id="a provider whose base URL is its own default",
    ),
    pytest.param(
        f"tr:\n  base_url: {URL}\n  api_key: ${{A}}\n  models: &m [gpt-4o]\nother:\n"
        f"  base_url: ${{OTHER_URL}}\n  models: *m\n",
        (4, 7), id="a base URL that is not said here",
    ),
    pytest.param(
        f"providers:\n  tr:\n    base_url: {URL}\n    api_key: ${{A}}\n    models: &m [gpt-4o]\n  other:\n"
        f"    base_url: {OTHER}\n    models: [qwen]\nfallbacks: *m\n",
        (5, 9), id="a place that may be another provider's",
    ),
    pytest.param(
        f"tr:\n  base_url: {URL}\n  api_key: ${{A}}\n  models: &m [gpt-4o]\nx: &x\n  inner: *m\nother:\n"
        f"  base_url: {OTHER}\n  more: *x\n",
        (4, 6), id="an alias of what holds an alias",
    ),
    pytest.param(
        f"tr:\n  base_url: {URL}\n  api_key: ${{A}}\n  models: &m [gpt-4o]\n? [a]\n: *m\n", (4, 6),
        id="a place without a name",
    ),
    pytest.param(
        f"tr:\n  base_url: {URL}\n  api_key: ${{A}}\n  models: &m [gpt-4o]\nother:\n"
        "  base_url: https://api.tokenrouter.com.evil.example/v1\n  models: *m\n",
        (4, 7), id="a host that only looks like the gateway's",
    ),
]  # fmt: skip


REFUSED_IN_CODE = [
    pytest.param(
        f"const base = {{ baseURL: '{URL}', apiKey: process.env.A, models: ['gpt-4o'] }};\n"
        f"export const tr = {{ ...base }};\nexport const other = {{ ...base, baseURL: '{OTHER}' }};\n",
        (1, 3), id="an object that another provider takes in",
    ),
    pytest.param(
        f"const base = {{ baseURL: '{URL}', apiKey: process.env.A, models: ['gpt-4o'] }};\n"
        f"export const tr = {{ ...base }};\nexport const other = {{ models: ['x'], baseURL: '{OTHER}', ...base }};\n",
        (1, 3), id="a list of its own in front of a spread, which takes its place",
    ),
    pytest.param(
        f"const M = ['gpt-4o'];\nexport const tr = {{ baseURL: '{URL}', apiKey: process.env.A, models: M,\n"
        "  openai: { apiKey: process.env.OPENAI_API_KEY, models: M } };\n",
        (1, 3), id="a provider inside the channel's own object",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [pytest.param("a.yaml", *row.values, id=row.id) for row in REFUSED]
    + [pytest.param("a.ts", *row.values, id=row.id) for row in REFUSED_IN_CODE],
)
def test_a_list_that_another_provider_would_share_is_refused(
    tmp_path: Path, name: str, text: str, lines: tuple[int, int]
) -> None:
    (channel,) = channels_in(tmp_path, {name: text})
    with pytest.raises(RefusedError) as caught:
        plan_route(channel, MODELS["kling-v3"])
    assert caught.value.message == (
        f"{name}:{lines[0]}: the list is shared with another provider ({name}:{lines[1]}), which would get the model "
        "as well"
    )
    assert caught.value.remedy.startswith("Write the channel's models out as a list of its own")


def test_a_long_chain_of_merges_is_followed_in_time(tmp_path: Path) -> None:
    chain = "".join(f"b{number + 1}: &b{number + 1}\n  <<: *b{number}\n" for number in range(900))
    text = f"m: &m [gpt-4o]\nb0: &b0\n  base_url: {URL}\n  models: *m\n{chain}"
    (channel,) = channels_in(tmp_path, {"a.yaml": text})
    assert len(plan_route(channel, MODELS["kling-v3"]).warnings) == 900


def test_maps_that_merge_each_other_twice_are_read_once(tmp_path: Path) -> None:
    chain = "".join(f"b{number + 1}: &b{number + 1}\n  <<: [*b{number}, *b{number}]\n" for number in range(40))
    text = f"m: &m [gpt-4o]\nb0: &b0\n  base_url: {URL}\n  models: *m\n{chain}tr: {{<<: *b40, api_key: '${{A}}'}}\n"
    for channel in channels_in(tmp_path, {"a.yaml": text}):
        with pytest.raises(RefusedError):
            plan_route(channel, MODELS["kling-v3"])


SHARED = "l: &l\n  - a\nm: *l\nn: &n {inner: *l}\no: *n\n"


def test_an_insertion_changes_the_places_that_its_caller_knows_and_no_others() -> None:
    document = parse(SHARED, "yaml")
    known = frozenset({("m",), ("n", "inner"), ("o",)})
    assert insert(document, "/l", "b", shared=known).document.text == SHARED.replace("- a\n", "- a\n  - b\n")
    for missing in known:
        with pytest.raises(DocumentError):
            insert(document, "/l", "b", shared=known - {missing})


def test_a_scalar_is_replaced_and_extended_with_its_aliases() -> None:
    document = parse("a: &a chat\nb: *a\n", "yaml")
    known = frozenset({("b",)})
    assert replace_scalar(document, "/a", "video", shared=known).document.text == "a: &a video\nb: *a\n"
    assert extend_string(document, "/a", ",x", shared=known).document.text == "a: &a chat,x\nb: *a\n"
    with pytest.raises(DocumentError):
        extend_string(document, "/a", ",x")
