"""Routes that are rules of another document: the one insertion that the owner would make, or the reason for none.

What stands between ``<+`` and ``+>`` is the edit; without it the text is the file before.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from command_line import run
from envoy_files import KEY, backend, joined, policy, route, rule, secret, service
from routed import before_and_after, channels_in, planned, routed
from tokenrouter_video import consumer_hosts
from tokenrouter_video.catalog import MODELS
from tokenrouter_video.consumer_hosts import HOST_FORMS, HostForm, Ref, RouteRules
from tokenrouter_video.errors import RefusedError
from tokenrouter_video.routing import rule_lists
from tokenrouter_video.routing.plan import plan_route
from tokenrouter_video.routing.rule_lists import globs_of
from tokenrouter_video.routing.survey import survey

REST = joined(service(), policy(), backend(), secret())
NO_VIDEO = "consumer-has-no-video-path"


def pattern(models: str, *backends: str) -> str:
    return rule(models, *backends).replace("Exact", "RegularExpression")


def gateway(rules: str, **more: str) -> str:
    return joined(route(rules, **more), REST)


RULES = [
    pytest.param(
        "kling-v3",
        rule("z-ai/glm-5") + f"<+{rule('kling-v3')}+>",
        id="behind the last of the backend's rules",
    ),
    pytest.param(
        "kling-v3",
        rule("kling-v2-6") + f"<+{rule('kling-v3')}+>" + rule("z-ai/glm-5") + rule("gpt-4o", "openai"),
        id="behind the last rule of its family",
    ),
    pytest.param(
        "MiniMax-Hailuo-2.3",
        rule("kling-v2-6") + f"<+{rule('MiniMax-Hailuo-2.3')}+>" + rule("z-ai/glm-5"),
        id="behind the last rule for a video model",
    ),
    pytest.param(
        "kling-v3",
        """\
    # chat
    - name: glm
      matches:
        - headers:
            - type: Exact
              name: x-ai-eg-model
              value: "z-ai/glm-5" # cheap
            - name: x-team
              value: media
      timeouts: {request: 120s}
      backendRefs: [{name: tr}]
<+    - name: kling-v3
      matches:
        - headers:
            - type: Exact
              name: x-ai-eg-model
              value: "kling-v3"
            - name: x-team
              value: media
      timeouts: {request: 120s}
      backendRefs: [{name: tr}]
+>    # everything else
    - backendRefs:
        - name: openai
""",
        id="quotes, flow, timeouts and further headers as the neighbour has them, before what takes every model",
    ),
    pytest.param(
        "kling-v3",
        """\
    - matches:
        - headers:
            - name: x-ai-eg-model
              value: z-ai/glm-5
      backendRefs:
        - name: openai
          weight: 10
        - name: tr
          weight: 90
          priority: 1
<+    - matches:
        - headers:
            - name: x-ai-eg-model
              value: kling-v3
      backendRefs:
        - name: tr
+>""",
        id="a rule that shares its requests is copied without the other backends and the shares",
    ),
    pytest.param(
        "kling-v3",
        rule("gpt-4o", "tr", "openai") + rule("z-ai/glm-5") + f"<+{rule('kling-v3')}+>",
        id="a rule of this backend alone is copied before one that shares",
    ),
    pytest.param(
        "kling-v3",
        """\
    - matches:
        - headers:
            - type: Exact
              name: x-ai-eg-model
              value: z-ai/glm-5
        - headers:
            - type: Exact
              name: x-ai-eg-model
              value: kling-v2-6   # drafts
<+        - headers:
            - type: Exact
              name: x-ai-eg-model
              value: kling-v3
+>      backendRefs:
        - name: tr
    - matches:
        - headers:
            - type: Exact
              name: x-ai-eg-model
              value: gpt-4o
        - headers:
            - type: Exact
              name: x-ai-eg-model
              value: gpt-4o-mini
      backendRefs:
        - name: openai
""",
        id="one more condition where the backend's rule lists models",
    ),
    pytest.param(
        "kling-v3",
        """\
    - matches:
        - headers: [{name: x-ai-eg-model, value: kling-v2-6}]
        - headers: [{name: x-ai-eg-model, value: gpt-4o}]
      backendRefs: [{name: tr}, {name: openai}]
<+    - matches:
        - headers: [{name: x-ai-eg-model, value: kling-v3}]
      backendRefs: [{name: tr}]
+>""",
        id="a rule of its own where the one that lists models shares its requests",
    ),
    pytest.param(
        "kling-v3",
        """\
    - matches:
        - headers:
            - name: X-AI-EG-Model
              value: kling-v2-6
            - name: x-key
              value: a
        - headers:
            - name: X-AI-EG-Model
              value: kling-v2-6
            - name: x-key
              value: b
      backendRefs:
        - name: tr
<+    - matches:
        - headers:
            - name: X-AI-EG-Model
              value: kling-v3
            - name: x-key
              value: a
        - headers:
            - name: X-AI-EG-Model
              value: kling-v3
            - name: x-key
              value: b
      backendRefs:
        - name: tr
+>""",
        id="one model under two conditions, header names without case",
    ),
    pytest.param(
        "kling-v3",
        """\
    - matches:
        - headers:
            - name: x-ai-eg-model
              value: tr/glm
      backendRefs:
        - name: tr
          modelNameOverride: z-ai/glm-5
    - matches:
        - headers:
            - name: x-ai-eg-model
              value: tr/four
      backendRefs:
        - name: tr
          modelNameOverride: openai/gpt-4o
<+    - matches:
        - headers:
            - name: x-ai-eg-model
              value: tr/kling-v3
      backendRefs:
        - name: tr
          modelNameOverride: kling-v3
+>""",
        id="a name of the owner's own and the id that is sent",
    ),
    pytest.param(
        "kling-v3",
        """\
    - matches:
        - headers:
            - name: x-ai-eg-model
              value: tr/glm-5
      backendRefs:
        - name: tr
<+    - matches:
        - headers:
            - name: x-ai-eg-model
              value: kling-v3
      backendRefs:
        - name: tr
+>""",
        id="without an override what clients ask for is what is sent",
    ),
    pytest.param(
        "kling-v3",
        """\
    - matches:
        - headers:
            - type: RegularExpression
              name: x-ai-eg-model
              value: z-ai/.*
      backendRefs:
        - name: tr
<+    - matches:
        - headers:
            - type: Exact
              name: x-ai-eg-model
              value: kling-v3
      backendRefs:
        - name: tr
+>    - matches:
        - headers:
            - type: RegularExpression
              name: x-ai-eg-model
              value: .*
      backendRefs:
        - name: openai
""",
        id="before another backend's pattern that takes the model, from a pattern",
    ),
    pytest.param(
        "kling-v3",
        """\
    - name: route-kling-v2-6
      modelsOwnedBy: Kuaishou
      modelsCreatedAt: "2025-01-01T00:00:00Z"
      matches:
        - headers:
            - name: x-ai-eg-model
              value: kling-v2-6
      backendRefs:
        - name: tr
<+    - name: route-kling-v3
      matches:
        - headers:
            - name: x-ai-eg-model
              value: kling-v3
      backendRefs:
        - name: tr
+>    - name: glm
      matches:
        - headers:
            - name: x-ai-eg-model
              value: z-ai/glm-5
      backendRefs:
        - name: tr
""",
        id="a rule's name, and what is true of one model only",
    ),
    pytest.param(
        "kling-v3",
        """\
    - name: kling-v3
      matches:
        - headers: [{name: x-ai-eg-model, value: "z-ai/glm-5"}]
      backendRefs: [{name: tr}]
<+    - name: kling-v3-2
      matches:
        - headers: [{name: x-ai-eg-model, value: "kling-v3"}]
      backendRefs: [{name: tr}]
+>""",
        id="a name that is taken",
    ),
    pytest.param(
        "kling-v3",
        """\
    - matches:
        - headers:
            - name: x-ai-eg-model
              value: z-ai/glm-5
      backendRefs:
        - name: tr
          namespace: ai

<+    - matches:
        - headers:
            - name: x-ai-eg-model
              value: kling-v3
      backendRefs:
        - name: tr
          namespace: ai

+>    - matches:
        - headers:
            - type: RegularExpression
              name: x-ai-eg-model
              value: ^(kling|hailuo)-.+$
      backendRefs:
        - name: openai
""",
        id="blank lines between rules",
    ),
    pytest.param(
        "kling-v3",
        """\
    - &glm
      matches:
        - headers:
            - name: x-ai-eg-model
              value: z-ai/glm-5
      backendRefs: &here
        - name: tr
    - *glm
    - matches: [{headers: [{name: x-ai-eg-model, value: gpt-4o}]}]
      backendRefs: *here
<+    - matches: [{headers: [{name: x-ai-eg-model, value: kling-v3}]}]
      backendRefs: *here
+>""",
        id="aliases stay aliases",
    ),
]


@pytest.mark.parametrize(("model", "marked"), RULES)
@pytest.mark.parametrize("version", ["v1alpha1", "v1beta1"])
def test_the_rule_that_the_owner_would_write(model: str, marked: str, version: str, tmp_path: Path) -> None:
    before, after = before_and_after(marked)
    assert routed(tmp_path, "gateway.yaml", gateway(before, version=version), model) == gateway(after, version=version)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("is_last", [False, True])
def test_line_ends_and_the_end_of_the_file(end: str, is_last: bool, tmp_path: Path) -> None:
    before, after = before_and_after(rule("z-ai/glm-5") + f"<+{rule('kling-v3')}+>")
    texts = [joined(REST, route(text)).rstrip("\n") if is_last else gateway(text) for text in (before, after)]
    before, after = (text.replace("\n", end) for text in texts)
    plan = planned(tmp_path, "gateway.yaml", b"\xef\xbb\xbf" + before.encode(), "kling-v3")
    assert plan.files[0].encoded == b"\xef\xbb\xbf" + after.encode()


MODEL_IDS = st.sampled_from(["kling-v2-6", "z-ai/glm-5", "gpt-4o", "MiniMax-Hailuo-2.3", "kling-v3", "a.b"])
BACKENDS = st.lists(st.sampled_from(["tr", "openai", "fal"]), min_size=1, max_size=2, unique=True)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Return a rule in one of the forms that people write."""
    headers = [f"name: x-ai-eg-model, value: {draw(MODEL_IDS)}"]
    headers += draw(st.lists(st.sampled_from(["name: x-team, value: media"]), max_size=1))
    matches = [f"headers: [{{{'}, {'.join(draw(st.permutations(headers)))}}}]"]
    matches += [f"headers: [{{name: x-ai-eg-model, value: {one}}}]" for one in draw(st.lists(MODEL_IDS, max_size=2))]
    backends = draw(BACKENDS)
    listed = "".join(f"        - name: {one}{draw(st.sampled_from(['', ' # x']))}\n" for one in backends)
    parts = [
        "matches:\n" + "".join(f"        - {one}\n" for one in matches),
        f"backendRefs:\n{listed}",
        draw(st.sampled_from(["timeouts: {request: 60s}\n", "streamIdleTimeout: 5s # idle\n"])),
    ]
    gap = draw(st.sampled_from(["", "", "\n", "    # next\n"]))
    first, *rest = draw(st.permutations(parts))
    return f"{gap}    - {first}" + "".join(f"      {one}" for one in rest)


@settings(max_examples=60, deadline=None)
@given(st.lists(rules(), min_size=1, max_size=5))
def test_any_edit_adds_one_rule_or_condition_for_this_backend_alone(made: list[str]) -> None:
    before = gateway("".join(made))
    with tempfile.TemporaryDirectory() as folder:
        try:
            plan = planned(Path(folder), "gateway.yaml", before, "kling-v3")
        except RefusedError:
            return
    old = next(yaml.safe_load_all(before))["spec"]["rules"]
    mine = [rule for rule in old if {"name": "tr"} in rule["backendRefs"]]
    if plan.status == "unchanged":
        assert any("kling-v3" in str(rule["matches"]) for rule in mine)
        return
    (file,) = plan.files
    assert all(edit.is_insertion for edit in file.edits)
    new = next(yaml.safe_load_all(file.text))["spec"]["rules"]
    (changed,) = [rule for rule in new if "kling-v3" in str(rule["matches"]) and rule not in old]
    assert changed["backendRefs"] == [{"name": "tr"}]
    if len(new) == len(old):
        changed["matches"] = [one for one in changed["matches"] if "kling-v3" not in str(one)]
        assert new == old
    else:
        assert [rule for rule in new if rule is not changed] == old


def test_the_edit_is_an_insertion_into_the_other_document(tmp_path: Path) -> None:
    plan = planned(tmp_path, "gateway.yaml", gateway(rule("z-ai/glm-5")), "kling-v3")
    (file,) = plan.files
    assert [(edit.is_insertion, edit.text.strip()) for edit in file.edits] == [(True, rule("kling-v3").strip())]
    assert plan.exemplar == {
        "pointer": "/0/spec/rules/0",
        "line": 12,
        "model": "z-ai/glm-5",
        "why": "the nearest rule of this backend; none is for a video model",
    }
    route_list = plan.survey.route_list
    assert route_list is not None
    assert (route_list.shape, route_list.pointer, route_list.models) == ("documents", "/0/spec/rules", ("z-ai/glm-5",))
    assert plan.warnings == (NO_VIDEO,)


def test_the_owner_hears_what_was_not_copied(tmp_path: Path) -> None:
    rules = rule("z-ai/glm-5", "tr", "openai") + "      modelsOwnedBy: Zhipu\n"
    plan = planned(tmp_path, "gateway.yaml", gateway(rules), "kling-v3")
    assert plan.warnings == (
        NO_VIDEO,
        "the rule that was copied shares its requests with other backends; the new one does not",
        "not copied, because they are another model's own: modelsOwnedBy",
    )


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        (rule("kling-v3"), "configured"),
        (rule("gpt-4o", "openai") + "    - backendRefs:\n        - name: tr\n", "configured"),
        (pattern(".*"), "configured"),
        (pattern("kling-.*"), "configured"),
        (pattern("kling-v2.*"), "missing"),
        (rule("kling-v3", "openai"), "missing"),
        (rule("kling-v3", "fal") + "    - backendRefs:\n        - name: tr\n", "missing"),
        ("    - backendRefs:\n        - name: tr\n" + pattern("kling-.*", "fal"), "missing"),
        (pattern("kling-.*", "fal") + pattern(".*"), "missing"),
        (pattern(".*") + pattern("kling-.*", "fal"), "configured"),
        (rule("kling-v3").replace("x-ai-eg-model", "x-model"), "missing"),
        (rule("kling-v3").replace("name: tr\n", "name: tr\n          weight: 0\n"), "missing"),
        (rule("kling-v3").replace("name: tr\n", "name: tr\n          namespace: dev\n"), "missing"),
        (
            rule("kling-v3").replace(
                "name: tr\n", "name: tr\n          group: inference.networking.k8s.io\n          kind: InferencePool\n"
            ),
            "missing",
        ),
    ],
)
def test_what_a_model_is_known_by(rules: str, state: str, tmp_path: Path) -> None:
    (channel,) = channels_in(tmp_path, {"gateway.yaml": gateway(rule("z-ai/glm-5") + rules)})
    assert survey(channel).video_models["kling-v3"] == state


FULL = "".join(rule(f"model-{number}") for number in range(15))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(REST, "gateway.yaml:38: no AIGatewayRoute has a rule for AIServiceBackend tr", id="no routes"),
        pytest.param(
            gateway(rule("gpt-4o", "openai")),
            "gateway.yaml:12: no rule of AIGatewayRoute models sends a model by name to this backend, and one of "
            "another's is not copied",
            id="rules of other backends only",
        ),
        pytest.param(
            joined(route(rule("a-1", "openai"), "one"), route(rule("a-2", "openai"), "two"), REST),
            "gateway.yaml:76: no AIGatewayRoute has a rule for AIServiceBackend tr",
            id="several objects of rules, none for this backend",
        ),
        pytest.param(
            gateway(rule("z-ai/glm-5") + rule("kling-v3", "fal")),
            "gateway.yaml:19: this rule sends kling-v3 to another backend, and a second rule for it would never be "
            "reached",
            id="the model is another backend's",
        ),
        pytest.param(
            gateway("    - backendRefs:\n        - name: tr\n" + rule("kling-v3", "fal")),
            "gateway.yaml:14: this rule sends kling-v3 to another backend, and a second rule for it would never be "
            "reached",
            id="the model is another backend's, all others are this one's",
        ),
        pytest.param(
            gateway(FULL),
            "gateway.yaml:12: AIGatewayRoute models has 15 rules, and more than 15 are not accepted",
            id="no room",
        ),
    ],
)
def test_refused_with_the_reason(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, "gateway.yaml", text, "kling-v3")
    assert str(caught.value) == message
    assert caught.value.remedy


def test_a_second_object_of_rules_where_the_first_is_full(tmp_path: Path) -> None:
    before, after = before_and_after(rule("z-ai/glm-5") + f"<+{rule('kling-v3')}+>")
    assert routed(tmp_path, "gateway.yaml", joined(route(FULL), route(before, "more"), REST), "kling-v3") == joined(
        route(FULL), route(after, "more"), REST
    )


def test_two_backends_with_one_key_are_one_channel(tmp_path: Path) -> None:
    rest = joined(
        *(backend("a"), service("chat", "a"), policy("chat", name="p")),
        *(backend("b"), service("video", "b"), policy("video", name="q")),
        secret(),
    )
    before, after = before_and_after(
        rule("z-ai/glm-5", "chat") + rule("kling-v2-6", "video") + f"<+{rule('kling-v3', 'video')}+>"
    )
    text = joined(route(before), rest)
    assert routed(tmp_path, "gateway.yaml", text, "kling-v3") == joined(route(after), rest)


def test_several_objects_of_rules(tmp_path: Path) -> None:
    production, staging = rule("z-ai/glm-5"), rule("kling-v2-6")
    before = joined(route(production, "production"), route(staging, "staging"), REST)
    plan = planned(tmp_path, "gateway.yaml", before, "kling-v3")
    assert plan.files[0].text == joined(
        route(production, "production"), route(staging + rule("kling-v3"), "staging"), REST
    )
    assert plan.warnings == (
        NO_VIDEO,
        "AIGatewayRoute production (gateway.yaml:12) has rules for this backend as well, and does not get the model",
    )


def test_a_given_rule(tmp_path: Path) -> None:
    entry = {
        "matches": [{"headers": [{"name": "x-ai-eg-model", "value": "kling-v3"}]}],
        "backendRefs": [{"name": "tr"}],
    }
    before, after = before_and_after(
        rule("gpt-4o", "openai")
        + """\
<+    - matches:
        - headers:
            - name: x-ai-eg-model
              value: kling-v3
      backendRefs:
        - name: tr
+>"""
    )
    assert routed(tmp_path, "gateway.yaml", gateway(before), "kling-v3", entry) == gateway(after)  # type: ignore[arg-type]


def test_rules_in_another_file_of_the_folder(tmp_path: Path) -> None:
    before, after = before_and_after(rule("z-ai/glm-5") + f"<+{rule('kling-v3')}+>")
    files = {
        "k8s/backends.yaml": joined(backend(), service(), policy()),
        "k8s/routes.yaml": route(before),
        "examples/routes.yaml": route(before),
    }
    (channel,) = channels_in(tmp_path, files)
    plan = plan_route(channel, MODELS["kling-v3"])
    assert {file.name: file.text for file in plan.files} == {"k8s/routes.yaml": route(after)}
    assert plan.exemplar is not None
    assert plan.exemplar["why"].endswith(": k8s/routes.yaml")


def test_rules_in_the_one_file_of_another_folder(tmp_path: Path) -> None:
    files = {"base/tr.yaml": joined(backend(), service()), "routes/all.yaml": route(rule("z-ai/glm-5"))}
    (channel,) = channels_in(tmp_path, files)
    plan = plan_route(channel, MODELS["kling-v3"])
    assert {file.name: file.text for file in plan.files} == {
        "routes/all.yaml": route(rule("z-ai/glm-5") + rule("kling-v3"))
    }


def test_rules_in_several_other_folders_are_not_chosen_between(tmp_path: Path) -> None:
    routes = route(rule("z-ai/glm-5"))
    files = {"base/tr.yaml": joined(backend(), service()), "prod/r.yaml": routes, "dev/r.yaml": routes}
    (channel,) = channels_in(tmp_path, files)
    with pytest.raises(RefusedError) as caught:
        plan_route(channel, MODELS["kling-v3"])
    assert str(caught.value) == (
        "base/tr.yaml:9: several files have a rule for AIServiceBackend tr, and which is meant is not said: "
        "dev/r.yaml, prod/r.yaml"
    )


PATCH = "- op: replace\n  path: /spec/rules/{}/timeouts\n  value: {{request: 9s}}\n"
TARGETED = "patches:\n- target: {{kind: AIGatewayRoute}}\n  patch: |-\n    {}"
NUMBERED = [
    pytest.param(
        "overlays/prod/kustomization.yaml", TARGETED.format(PATCH.format(1).replace("\n", "\n    ")), 3, id="text"
    ),
    pytest.param("overlays/prod/slow.yaml", PATCH.format(2), 2, id="a file of its own"),
]


@pytest.mark.parametrize(("name", "patch", "line"), NUMBERED)
def test_a_rule_that_a_patch_calls_by_its_number_is_not_moved(name: str, patch: str, line: int, tmp_path: Path) -> None:
    before = gateway(rule("kling-v2-6") + rule("gpt-4o", "openai") + rule("qwen", "openai"))
    (channel,) = channels_in(tmp_path, {"base/gateway.yaml": before, name: patch})
    with pytest.raises(RefusedError) as caught:
        plan_route(channel, MODELS["kling-v3"])
    assert caught.value.message == (
        f"{name}:{line}: a patch calls an entry of /spec/rules by its number, and would change another one, since the "
        "new one is number 1"
    )


def test_a_rule_in_front_of_the_new_one_may_be_patched(tmp_path: Path) -> None:
    files = {"base/gateway.yaml": gateway(rule("kling-v2-6")), "overlays/prod/slow.yaml": PATCH.format(0)}
    (channel,) = channels_in(tmp_path, files)
    assert plan_route(channel, MODELS["kling-v3"]).status == "planned"


@pytest.mark.parametrize(
    ("rules_there", "is_warned"), [(rule("gpt-4o"), True), (rule("gpt-4o") + rule("kling-v3"), False)]
)
def test_rules_that_may_be_put_in_place_of_these_are_named(rules_there: str, is_warned: bool, tmp_path: Path) -> None:
    files = {"base/gateway.yaml": gateway(rule("gpt-4o")), "overlays/prod/route.yaml": route(rules_there)}
    (channel,) = channels_in(tmp_path, files)
    warning = (
        "overlays/prod/route.yaml:12 has rules for AIGatewayRoute models as well, without the model: where they are "
        "applied over these, they take their place"
    )
    assert plan_route(channel, MODELS["kling-v3"]).warnings == ((NO_VIDEO, warning) if is_warned else (NO_VIDEO,))


def test_a_name_that_fits_two_namespaces_of_its_file_means_neither(tmp_path: Path) -> None:
    rules_object = route(rule("gpt-4o")).replace("  namespace: ai\n", "")
    text = joined(rules_object, REST, service(host="openai-host", namespace="other"))
    (channel,) = channels_in(tmp_path, {"gateway.yaml": text})
    with pytest.raises(RefusedError):
        plan_route(channel, MODELS["kling-v3"])


def test_a_condition_of_a_template_in_a_comment_is_no_comment(tmp_path: Path) -> None:
    rules_text = rule("gpt-4o") + "    # {{- if .Values.more }}\n" + rule("qwen", "openai") + "    # {{- end }}\n"
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, "templates/gateway.yaml", gateway(rules_text), "kling-v3")
    assert caught.value.message == (
        "templates/gateway.yaml:19: a comment that is a template's condition or loop, so that nobody can tell what is "
        "around it"
    )


@pytest.mark.parametrize(
    ("pattern", "globs"),
    [
        (".*", ("*",)),
        (".+", ("?*",)),
        ("^kling-.*$", ("kling-*",)),
        ("(kling-v3|MiniMax-Hailuo-2\\.3)", ("kling-v3", "MiniMax-Hailuo-2.3")),
        ("^(?:a|b.c)$", ("a", "b?c")),
        ("^(kling|hailuo)-.+$", ("kling-?*", "hailuo-?*")),
        ("(a|b)(c|d)", ()),
        ("kling-[a-z]+", ()),
        ("(a+)+", ()),
        ("a*", ()),
    ],
)
def test_patterns_are_read_and_never_run(pattern: str, globs: tuple[str, ...]) -> None:
    assert globs_of(pattern) == globs


def test_another_consumer_of_the_kind_is_a_few_lines_of_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = HostForm(
        kind="Backend",
        entry="spec.endpoints.[]",
        host="fqdn.hostname",
        port="fqdn.port",
        keys=Ref("KeyPolicy", ("spec.targetRefs.[].name",)),
        secrets=("spec.secretRef",),
        key_field="token",
        routes=RouteRules("HTTPRoute", "spec.rules", "backendRefs", "matches", "headers", "x-model"),
    )
    for module in (consumer_hosts, rule_lists):
        monkeypatch.setattr(module, "HOST_FORMS", {**HOST_FORMS, "envoy-ai-gateway": form})
    keys = "kind: KeyPolicy\nspec:\n  targetRefs: [{kind: Backend, name: tr-host}]\n  secretRef: {name: tr-key}\n"
    before, after = before_and_after(
        """\
kind: HTTPRoute
spec:
  rules:
    - matches: [{headers: [{name: x-model, value: z-ai/glm-5}]}]
      backendRefs: [{name: tr-host, kind: Backend}]
<+    - matches: [{headers: [{name: x-model, value: kling-v3}]}]
      backendRefs: [{name: tr-host, kind: Backend}]
+>"""
    )
    rest = joined(backend(), keys, secret(f"stringData:\n  token: {KEY}\n"))
    assert routed(tmp_path, "gateway.yaml", joined(before, rest), "kling-v3") == joined(after, rest)
    (channel,) = channels_in(tmp_path, {})
    assert (channel.base_url, channel.key.secret is not None) == ("https://api.tokenrouter.com", True)


def test_the_command_line_edits_the_other_file_masks_the_key_and_takes_it_back(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    before = route(
        rule("z-ai/glm-5").replace(
            "      backendRefs", f"            - name: Authorization\n              value: {KEY}\n      backendRefs"
        )
    )
    files = {"tr.yaml": joined(backend(), service(), policy(), secret()), "routes.yaml": before}
    for name, text in files.items():
        (workspace / name).parent.mkdir(exist_ok=True)
        (workspace / name).write_text(text)
    found = json.loads(run("find", "--json", cwd=workspace).stdout)
    (channel,) = found["channels"]
    assert channel["route_list"] == {
        "shape": "documents",
        "pointer": "/spec/rules",
        "models": ["z-ai/glm-5"],
        "file": "routes.yaml",
    }
    done = run("route", "kling-v3", "--apply", "--json", cwd=workspace)
    assert done.returncode == 0
    assert KEY not in done.stdout
    assert [one["file"] for one in json.loads(done.stdout)["files"]] == ["routes.yaml"]
    assert (workspace / "routes.yaml").read_text().startswith(before)
    assert (workspace / "routes.yaml").read_text().count(KEY) == 2
    undone = run("route", "--undo", "--json", cwd=workspace)
    assert json.loads(undone.stdout)["status"] == "undone"
    assert KEY not in undone.stdout
    assert {name: (workspace / name).read_text() for name in files} == files
