"""Channels whose address is a host and no URL, put together of objects that name each other."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from envoy_files import HOST, KEY, backend, joined, policy, route, rule, secret, service
from workspace_files import key_of, look, only

TLS = """\
apiVersion: gateway.networking.k8s.io/v1alpha3
kind: BackendTLSPolicy
metadata:
  name: tls
  namespace: ai
spec:
  targetRefs:
    - group: gateway.envoyproxy.io
      kind: Backend
      name: tr-host
  validation:
    hostname: api.tokenrouter.com
"""


def test_one_channel_of_five_documents(tmp_path: Path) -> None:
    text = joined(route(rule("z-ai/glm-5")), service(), policy(), backend(), secret())
    channel = only(look(tmp_path, {"gateway.yaml": text}))
    assert channel.id == "gateway.yaml#/3/spec/endpoints/0"
    assert (channel.base_url, channel.consumer, channel.live) == (f"https://{HOST}/v1", "envoy-ai-gateway", True)
    assert text.splitlines()[channel.line - 1] == f"        hostname: {HOST}"
    line = text.splitlines().index(f"  apiKey: {KEY}") + 1
    assert key_of(channel) == f"secret-ref tr-key: {KEY} from gateway.yaml:{line}"
    assert channel.reasons == (
        f"its key is there, from gateway.yaml:{line} (+10)",
        "it is a config of Envoy AI Gateway (+5)",
    )


@pytest.mark.parametrize(
    ("documents", "url"),
    [
        pytest.param([backend(), service()], f"https://{HOST}/v1", id="port 443"),
        pytest.param([backend(port='"443"'), service()], f"https://{HOST}/v1", id="a port in quotes"),
        pytest.param([backend(port="80"), service()], f"http://{HOST}/v1", id="port 80 without TLS"),
        pytest.param(
            [backend(host="open.palebluedot.ai"), service()], "https://open.palebluedot.ai/v1", id="the other host"
        ),
        pytest.param([backend(), service(schema="prefix: openai/v1/")], f"https://{HOST}/openai/v1", id="a prefix"),
        pytest.param([backend(), service(schema='prefix: "/"')], f"https://{HOST}", id="the root as prefix"),
        pytest.param(
            [backend(), service(schema="version: v1", version="v1alpha1")], f"https://{HOST}/v1", id="the older version"
        ),
        pytest.param([backend(), service(schema="# no prefix")], f"https://{HOST}/v1", id="the default prefix"),
        pytest.param([service(), *["kind: ConfigMap\n"] * 25, backend()], f"https://{HOST}/v1", id="many documents"),
        pytest.param(
            [backend(namespace="''"), service()], f"https://{HOST}/v1", id="a namespace that is filled in later"
        ),
    ],
)
def test_the_url_is_made_of_host_port_and_prefix(documents: list[str], url: str, tmp_path: Path) -> None:
    assert only(look(tmp_path, {"gateway.yaml": joined(*documents)})).base_url == url


@pytest.mark.parametrize(
    ("documents", "host", "reason"),
    [
        pytest.param([backend(port="8443"), service()], HOST, "port 8443 is not the gateway's", id="a strange port"),
        pytest.param([backend(port="80"), service(), TLS], HOST, "port 80 is not the gateway's", id="TLS on port 80"),
        pytest.param(
            [backend(port="80", more="  tls:\n    wellKnownCACertificates: System\n"), service()],
            HOST,
            "port 80 is not the gateway's",
            id="TLS on port 80, said by the backend",
        ),
        pytest.param(
            [backend(host="api.tokenrouter.io"), service()],
            "api.tokenrouter.io",
            "not a host of TokenRouter",
            id="another host",
        ),
        pytest.param(
            [backend(host="api.tokenrouter.com.evil.example"), service()],
            "api.tokenrouter.com.evil.example",
            "not a host of TokenRouter",
            id="a host that starts alike",
        ),
    ],
)
def test_what_only_looks_alike(documents: list[str], host: str, reason: str, tmp_path: Path) -> None:
    text = joined(*documents)
    found = look(tmp_path, {"gateway.yaml": text})
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "  hostname: " in line)
    assert [(one.file, one.line, one.host, one.reason) for one in found.lookalikes] == [
        ("gateway.yaml", line, host, reason)
    ]
    assert (found.channels, [one.file for one in found.candidates]) == ((), [])


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param([backend()], id="nothing uses it"),
        pytest.param([backend(), service(host="another")], id="another backend is used"),
        pytest.param([backend(), service(namespace="dev")], id="a namesake in another namespace is used"),
        pytest.param(
            [backend(), service().replace("kind: Backend", "kind: Service")], id="a namesake of another kind is used"
        ),
    ],
)
def test_a_host_that_no_service_uses_is_no_channel(documents: list[str], tmp_path: Path) -> None:
    found = look(tmp_path, {"gateway.yaml": joined(*documents)})
    assert found.channels == ()
    (note,) = found.candidates
    assert note.reasons == (f"line 9: hostname is {HOST} alone, a host name and no base URL",)


ENCODED = base64.b64encode(f"{KEY}\n".encode()).decode()


@pytest.mark.parametrize(
    ("documents", "key"),
    [
        pytest.param(
            [policy(), secret(f"data:\n  apiKey: {ENCODED}\n")],
            f"secret-ref tr-key: {KEY} from gateway.yaml:48",
            id="base64",
        ),
        pytest.param(
            [policy(), secret(f"data:\n  apiKey: {ENCODED}\nstringData:\n  apiKey: example-key-other-5\n")],
            "secret-ref tr-key: example-key-other-5 from gateway.yaml:50",
            id="the text goes before base64",
        ),
        pytest.param(
            [policy(), secret("stringData:\n  apiKey: ${TR_KEY}\n")],
            f"secret-ref tr-key: {KEY} from .env:1",
            id="a variable that a tool fills in",
        ),
        pytest.param(
            [policy(), secret("stringData:\n  apiKey: OPENAI_API_KEY # yours\n")],
            "secret-ref tr-key: no key: Secret tr-key holds a placeholder",
            id="a name that stands for a key",
        ),
        pytest.param(
            [policy(), secret("data:\n  apiKey: example-key-7f2\n")],
            "secret-ref tr-key: no key: what Secret tr-key holds is no base64 of a text",
            id="no base64 where base64 is due",
        ),
        pytest.param(
            [policy(), secret("stringData:\n  token: example-key-7f2\n")],
            "secret-ref tr-key: no key: Secret tr-key has no apiKey",
            id="another member",
        ),
        pytest.param(
            [policy()],
            "secret-ref tr-key: no key: Secret tr-key is in no file that was read, and a cluster is never asked",
            id="a secret that only the cluster has",
        ),
        pytest.param(
            [policy(service_name="other"), secret()],
            "none None: no key: no BackendSecurityPolicy with a key is for AIServiceBackend tr",
            id="another backend's key",
        ),
        pytest.param(
            [policy().replace("kind: AIServiceBackend", "kind: InferencePool"), secret()],
            "none None: no key: no BackendSecurityPolicy with a key is for AIServiceBackend tr",
            id="the key of something of another kind",
        ),
    ],
)
def test_the_key_is_the_one_that_the_policy_refers_to(documents: list[str], key: str, tmp_path: Path) -> None:
    files = {"gateway.yaml": joined(backend(), service(), *documents), ".env": f"TR_KEY={KEY}\n"}
    assert key_of(only(look(tmp_path, files))) == key


def test_the_policy_that_a_service_names_itself(tmp_path: Path) -> None:
    named = service(version="v1alpha1") + "  backendSecurityPolicyRef:\n    name: tr-policy\n"
    text = joined(backend(), named, policy(service_name="x").replace("  targetRefs:", "  was:"), secret())
    assert key_of(only(look(tmp_path, {"gateway.yaml": text}))).startswith(f"secret-ref tr-key: {KEY} from ")


def test_two_services_with_keys_of_their_own_are_two_channels(tmp_path: Path) -> None:
    text = joined(
        backend(),
        service("chat"),
        service("video"),
        policy("chat", "chat-key", name="a"),
        policy("video", "video-key", name="b"),
        secret("stringData:\n  apiKey: example-key-chat-1\n", "chat-key"),
        secret("stringData:\n  apiKey: example-key-video-1\n", "video-key"),
    )
    channels = look(tmp_path, {"gateway.yaml": text}).channels
    assert {channel.id: key_of(channel).split(" from ")[0] for channel in channels} == {
        "gateway.yaml#/1/spec": "secret-ref chat-key: example-key-chat-1",
        "gateway.yaml#/2/spec": "secret-ref video-key: example-key-video-1",
    }
    assert {channel.line for channel in channels} == {9}


def test_two_services_with_one_key_are_one_channel(tmp_path: Path) -> None:
    text = joined(backend(), service("chat"), service("video"), policy("chat", name="a"), policy("video", name="b"))
    assert only(look(tmp_path, {"gateway.yaml": text})).id == "gateway.yaml#/0/spec/endpoints/0"


def test_objects_of_a_folders_other_files(tmp_path: Path) -> None:
    files = {
        "k8s/backend.yaml": backend(),
        "k8s/service.yaml": service(),
        "k8s/policy.yaml": policy(),
        "k8s/secret.yaml": secret(),
        "examples/policy.yaml": policy(secret="example"),
    }
    channel = only(look(tmp_path, files))
    assert (channel.id, channel.base_url) == ("k8s/backend.yaml#/spec/endpoints/0", f"https://{HOST}/v1")
    assert key_of(channel) == f"secret-ref tr-key: {KEY} from k8s/secret.yaml:8"


def test_a_name_means_the_object_of_the_same_file(tmp_path: Path) -> None:
    def whole(key: str) -> str:
        return joined(backend(), service(), policy(), secret(f"stringData:\n  apiKey: {key}\n"))

    channels = look(tmp_path, {"prod.yaml": whole("example-key-prod"), "dev.yaml": whole("example-key-dev")}).channels
    assert {channel.file: key_of(channel).split(" from ")[0] for channel in channels} == {
        "dev.yaml": "secret-ref tr-key: example-key-dev",
        "prod.yaml": "secret-ref tr-key: example-key-prod",
    }


def test_a_list_of_objects(tmp_path: Path) -> None:
    def item(text: str) -> str:
        return "  - " + text.replace("\n", "\n    ").rstrip() + "\n"

    text = "apiVersion: v1\nkind: List\nitems:\n" + item(backend()) + item(service()) + item(policy()) + item(secret())
    channel = only(look(tmp_path, {"gateway.yaml": text}))
    assert channel.id == "gateway.yaml#/items/0/spec/endpoints/0"
    assert key_of(channel).startswith(f"secret-ref tr-key: {KEY} from ")


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (f"host: {HOST}\n    protocol: https\n    port: 443\n    path: /v1", f"https://{HOST}/v1"),
        (f"host: {HOST}\n    protocol: https\n    port: 443", f"https://{HOST}"),
        (f"host: {HOST}", f"http://{HOST}"),
    ],
)
def test_a_service_of_kong(address: str, url: str, tmp_path: Path) -> None:
    text = (
        f'_format_version: "3.0"\nservices:\n  - name: tokenrouter\n    {address}\n    plugins:\n'
        "      - name: ai-proxy\n        config:\n          auth:\n            header_name: Authorization\n"
        '            header_value: "Bearer {vault://env/tr-key}"\n'
    )
    channel = only(look(tmp_path, {"kong.yml": text, ".env": f"TR_KEY={KEY}\n"}))
    assert (channel.id, channel.base_url) == ("kong.yml#/services/0", url)
    assert channel.consumer == "kong"


def test_a_service_of_kong_with_a_strange_port(tmp_path: Path) -> None:
    text = f'_format_version: "3.0"\nservices:\n  - name: tr\n    host: {HOST}\n    protocol: https\n    port: 8443\n'
    found = look(tmp_path, {"kong.yml": text})
    assert [(one.line, one.reason) for one in found.lookalikes] == [(4, "port 8443 is not the gateway's")]
    assert found.channels == ()
