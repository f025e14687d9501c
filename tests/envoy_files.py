"""Documents of Envoy AI Gateway as a person writes them, for tests that put files together of them."""

from __future__ import annotations

HOST = "api.tokenrouter.com"
KEY = "example-key-7f2-9c41"


def joined(*documents: str) -> str:
    """Return one YAML file of several documents."""
    return "---\n".join(documents)


def backend(
    name: str = "tr-host", host: str = HOST, port: str = "443", *, namespace: str = "ai", more: str = ""
) -> str:
    """Return the object that holds the host."""
    return f"""\
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata:
  name: {name}
  namespace: {namespace}
spec:
  endpoints:
    - fqdn:
        hostname: {host}
        port: {port}
{more}"""


def service(
    name: str = "tr",
    host: str = "tr-host",
    schema: str = "prefix: /v1",
    *,
    version: str = "v1beta1",
    namespace: str = "ai",
) -> str:
    """Return the object through which rules use a backend."""
    return f"""\
apiVersion: aigateway.envoyproxy.io/{version}
kind: AIServiceBackend
metadata:
  name: {name}
  namespace: {namespace}
spec:
  schema:
    name: OpenAI
    {schema}
  backendRef:
    name: {host}
    kind: Backend
    group: gateway.envoyproxy.io
"""


def policy(service_name: str = "tr", secret: str = "tr-key", *, name: str = "tr-policy") -> str:
    """Return the object that gives a service backend its key."""
    return f"""\
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: BackendSecurityPolicy
metadata:
  name: {name}
  namespace: ai
spec:
  targetRefs:
    - group: aigateway.envoyproxy.io
      kind: AIServiceBackend
      name: {service_name}
  type: APIKey
  apiKey:
    secretRef:
      name: {secret}
"""


def secret(held: str = f"stringData:\n  apiKey: {KEY}\n", name: str = "tr-key") -> str:
    """Return the object that holds a key."""
    return f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\n  namespace: ai\ntype: Opaque\n{held}"


def route(rules: str, name: str = "models", *, version: str = "v1beta1", namespace: str = "ai") -> str:
    """Return an object of rules."""
    return f"""\
apiVersion: aigateway.envoyproxy.io/{version}
kind: AIGatewayRoute
metadata:
  name: {name}
  namespace: {namespace}
spec:
  parentRefs:
    - name: edge
      kind: Gateway
      group: gateway.networking.k8s.io
  rules:
{rules}"""


def rule(model: str, *backends: str) -> str:
    """Return a rule that sends one model to backends."""
    refs = "".join(f"        - name: {one}\n" for one in backends or ("tr",))
    return f"""\
    - matches:
        - headers:
            - type: Exact
              name: x-ai-eg-model
              value: {model}
      backendRefs:
{refs}"""
