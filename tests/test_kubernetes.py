"""Kubernetes: who mounts the ConfigMap that a config is in, and what its containers' variables and Secrets hold."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from routed import planned
from workspace_files import KEY, URL, key_of, look, only

MAP = f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: gateway}}
data:
  config.yaml: |
    providers:
      tr: {{base_url: {URL}, api_key: "${{TR_KEY}}", models: [gpt-4o]}}
"""


def deployment(pod: str, kind: str = "Deployment", namespace: str = "") -> str:
    """Return a workload with a pod's members, given as lines without indentation."""
    lines = "\n".join("      " + line for line in pod.splitlines())
    meta = f"{{name: proxy, namespace: {namespace}}}" if namespace else "{name: proxy}"
    return f"kind: {kind}\nmetadata: {meta}\nspec:\n  template:\n    spec:\n{lines}\n"


VOLUME = "volumes:\n  - name: v\n    configMap: {name: gateway}\n"
FROM_SECRET = "containers:\n  - env:\n      - name: TR_KEY\n        valueFrom: {secretKeyRef: {name: gw, key: tr}}\n"
SECRET = "kind: Secret\nmetadata: {name: gw}\n"
ENCODED = base64.b64encode(KEY.encode()).decode()

USED = [
    pytest.param(VOLUME + "containers: []\n", id="a volume"),
    pytest.param(
        "volumes:\n  - projected:\n      sources:\n        - configMap: {name: gateway}\ncontainers: []\n",
        id="a projected volume",
    ),
    pytest.param("containers:\n  - envFrom:\n      - configMapRef: {name: gateway}\n", id="envFrom"),
    pytest.param(
        "containers:\n  - env:\n      - name: C\n        valueFrom:\n"
        "          configMapKeyRef: {name: gateway, key: config.yaml}\n",
        id="a variable",
    ),
]  # fmt: skip


@pytest.mark.parametrize("pod", USED)
def test_a_workload_that_names_the_config_map_is_evidence(tmp_path: Path, pod: str) -> None:
    channel = only(look(tmp_path, {"map.yaml": MAP, "deploy/proxy.yaml": deployment(pod)}))
    text = deployment(pod)
    line = text.count("\n", 0, text.index("gateway")) + 1
    assert f"deploy/proxy.yaml:{line} names its ConfigMap (Deployment proxy) (+20)" in channel.reasons


def test_a_config_in_a_secret_is_used_by_who_mounts_the_secret(tmp_path: Path) -> None:
    secret = MAP.replace("kind: ConfigMap", "kind: Secret").replace("\ndata:", "\nstringData:")
    pod = "volumes:\n  - secret: {secretName: gateway}\ncontainers: []\n"
    channel = only(look(tmp_path, {"secret.yaml": secret, "d.yaml": deployment(pod)}))
    assert channel.id == "secret.yaml#/stringData/config.yaml/providers/tr"
    assert "d.yaml:7 names its Secret (Deployment proxy) (+20)" in channel.reasons


UNUSED = [
    pytest.param({"deploy.yaml": deployment(VOLUME.replace("gateway", "other") + "containers: []\n")}, id="another"),
    pytest.param({"examples/deploy.yaml": deployment(VOLUME + "containers: []\n")}, id="a sample"),
    pytest.param({"deploy.yaml": "kind: ConfigMap\nmetadata: {name: b}\ndata: {x: gateway}\n"}, id="a mere mention"),
]


@pytest.mark.parametrize("files", UNUSED)
def test_what_does_not_use_the_config_map_is_no_evidence(tmp_path: Path, files: dict[str, str]) -> None:
    channel = only(look(tmp_path, {"map.yaml": MAP, **files}))
    assert [reason for reason in channel.reasons if "ConfigMap" in reason] == []


def test_another_namespace_is_another_config_map(tmp_path: Path) -> None:
    map_ = MAP.replace("{name: gateway}", "{name: gateway, namespace: a}")
    for namespace, count in (("a", 1), ("b", 0), ("", 1)):
        files = {"map.yaml": map_, "d.yaml": deployment(VOLUME + "containers: []\n", namespace=namespace)}
        reasons = only(look(tmp_path, files)).reasons
        assert sum("ConfigMap" in reason for reason in reasons) == count


UNHELD = (
    "secret-ref gw/tr: no key: d.yaml:9 sets TR_KEY from the Secret gw/tr, and no one file of the workspace holds it; "
    "set TR_KEY in the environment"
)
KEYS = [
    pytest.param(
        {"secret.yaml": f"{SECRET}stringData: {{tr: {KEY}}}\n"}, f"secret-ref gw/tr: {KEY} from secret.yaml:3",
        id="stringData",
    ),
    pytest.param(
        {"secret.yaml": f"{SECRET}data:\n  tr: {ENCODED}\n"}, f"secret-ref gw/tr: {KEY} from secret.yaml:4", id="data"
    ),
    pytest.param(
        {
            "all.yaml": "kind: List\nitems:\n  - kind: Secret\n    metadata: {name: gw}\n"
            f"    stringData: {{tr: {KEY}}}\n"
        },
        f"secret-ref gw/tr: {KEY} from all.yaml:5", id="an item of a list",
    ),
    pytest.param(
        {},
        UNHELD,
        id="no Secret",
    ),
    pytest.param(
        {"a.yaml": f"{SECRET}stringData: {{tr: {KEY}}}\n", "b.yaml": f"{SECRET}stringData: {{tr: example-key-2}}\n"},
        UNHELD,
        id="two Secrets that differ",
    ),
    pytest.param(
        {"secret.yaml": f"{SECRET}data: {{tr: no base64}}\n"},
        UNHELD,
        id="no base64",
    ),
    pytest.param(
        {"secret.yaml": f"{SECRET}stringData: {{tr: YOUR_KEY}}\n"},
        "secret-ref gw/tr: no key: secret.yaml:3 holds no key: it is a placeholder", id="a placeholder",
    ),
    pytest.param({".env": f"TR_KEY={KEY}\n"}, f"env TR_KEY: {KEY} from .env:1", id="something nearer"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), KEYS)
def test_a_variable_that_a_secret_sets_is_named_by_it(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    channel = only(look(tmp_path, {"map.yaml": MAP, "d.yaml": deployment(FROM_SECRET + VOLUME), **files}))
    assert key_of(channel) == expected


SETTINGS = [
    pytest.param(
        f"containers:\n  - env:\n      - {{name: TR_KEY, value: {KEY}}}\n",
        f"env TR_KEY: {KEY} from d.yaml:8", id="text",
    ),
    pytest.param(
        "containers:\n  - envFrom:\n      - secretRef: {name: all}\n", f"secret-ref all/TR_KEY: {KEY} from s.yaml:3",
        id="a whole Secret",
    ),
    pytest.param(
        "containers:\n  - envFrom:\n      - prefix: TR_\n        secretRef: {name: part}\n",
        f"secret-ref part/KEY: {KEY} from p.yaml:3", id="a whole Secret with a prefix",
    ),
    pytest.param(
        "containers:\n  - env:\n      - name: TR_KEY\n        valueFrom: {configMapKeyRef: {name: plain, key: k}}\n",
        f"env TR_KEY: {KEY} from m.yaml:3", id="another ConfigMap",
    ),
    pytest.param(
        "containers:\n  - env: []\n",
        "env TR_KEY: no key: TR_KEY is not set: not in the environment, .env.local, .env or a compose file",
        id="nothing",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("pod", "expected"), SETTINGS)
def test_what_the_containers_that_mount_it_are_given(tmp_path: Path, pod: str, expected: str) -> None:
    files = {
        "map.yaml": MAP,
        "d.yaml": deployment(pod + VOLUME),
        "s.yaml": f"kind: Secret\nmetadata: {{name: all}}\nstringData: {{TR_KEY: {KEY}}}\n",
        "p.yaml": f"kind: Secret\nmetadata: {{name: part}}\nstringData: {{KEY: {KEY}}}\n",
        "m.yaml": f"kind: ConfigMap\nmetadata: {{name: plain}}\ndata: {{k: {KEY}}}\n",
        "unrelated.yaml": deployment("containers:\n  - env:\n      - {name: TR_KEY, value: example-key-other}\n"),
    }
    assert key_of(only(look(tmp_path, files))) == expected


def test_a_containers_own_reference_is_read_as_well(tmp_path: Path) -> None:
    pod = (
        f"containers:\n  - env:\n      - {{name: OPENAI_BASE_URL, value: {URL}}}\n      - name: OPENAI_API_KEY\n"
        "        valueFrom: {secretKeyRef: {name: gw, key: tr}}\n"
    )
    files = {"d.yaml": deployment(pod), "s.yaml": f"{SECRET}stringData: {{tr: {KEY}}}\n"}
    assert key_of(only(look(tmp_path, files))) == f"secret-ref gw/tr: {KEY} from s.yaml:3"


def test_a_base_url_that_the_deployment_sets(tmp_path: Path) -> None:
    pod = f"containers:\n  - env:\n      - {{name: TR_BASE, value: {URL}}}\n{VOLUME}"
    files = {"map.yaml": MAP.replace(URL, '"${TR_BASE}"'), "d.yaml": deployment(pod)}
    assert [channel.id for channel in look(tmp_path, files).channels] == ["map.yaml#/data/config.yaml/providers/tr"]


MODELS = (
    "model_list:\n{0}- model_name: kling-v2-6\n"
    f"{{0}}  litellm_params: {{{{model: openai/kling-v2-6, api_base: {URL}}}}}\n"
)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        pytest.param(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: gw}\ndata:\n  config.yaml: |\n    "
            + MODELS.format("    "),
            ("the cluster has it once gw.yaml is applied to it: kubectl apply, or what deploys it here",),
            id="an object of Kubernetes",
        ),
        pytest.param(MODELS.format(""), (), id="a file that its tool reads"),
    ],
)
def test_an_edit_that_a_cluster_does_not_see_by_itself(tmp_path: Path, text: str, advice: tuple[str, ...]) -> None:
    plan = planned(tmp_path, "gw.yaml", text, "kling-v3")
    assert (plan.status, plan.advice) == ("planned", advice)
