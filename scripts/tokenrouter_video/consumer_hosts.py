"""Consumers that write a gateway's address as a host and no URL, and whose parts name each other: as data.

Paths are names with dots between them, ``[]`` for every item of a list, seen from the object that they are a path of.
An object is a document of a YAML file that says its ``kind`` (https://kubernetes.io/docs/concepts/overview/
working-with-objects), or the whole file where a form has no kind. Objects name each other by kind and name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tokenrouter_video.records import dataclass


@dataclass(frozen=True, slots=True)
class Ref:
    """How objects of a kind name another object: the paths at which its name stands, each tried."""

    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RouteRules:
    """The rules that send models to an address: a list in objects of one kind.

    Of a rule, ``backends`` is the list of the objects that it sends to, by ``name``; ``matches`` a list of conditions
    of which one has to hold, each with a list ``headers``; the one called ``header`` holds the model's id. ``override``
    is the field of a backend with the id that is sent in the model's place. ``own`` are fields that are one rule's
    alone, ``unique`` the rule's name, ``most`` how many rules such an object may have.
    """

    kind: str
    rules: str
    backends: str
    matches: str
    headers: str
    header: str
    override: str = ""
    own: tuple[str, ...] = ()
    unique: str = ""
    most: int = 0

    @property
    def pointer(self) -> str:
        """How a JSON Patch (https://www.rfc-editor.org/rfc/rfc6902) calls the list of an object, a ``/`` behind it."""
        return f"/{self.rules.replace('.', '/')}/"


@dataclass(frozen=True, slots=True)
class HostForm:
    """How a consumer writes an address without a URL.

    ``entry`` leads from an object of ``kind`` to the entries with a host; ``host``, ``port``, ``scheme`` and ``path``
    lead on from an entry. ``tls`` are objects, ``tls_field`` a member of the object, that make an address without a
    scheme https. ``user`` are the objects through which an address is used: without one it is no channel; a form
    without them uses the object itself. ``prefix`` are a user's paths of the URL's path, ``default_prefix`` what stands
    for it.

    ``keys`` are objects that give a user its key, ``key_names`` the user's paths of such an object's name; ``secrets``
    their paths of a reference, by ``name``, to a ``Secret``, whose member ``key_field`` holds the key.
    """

    entry: str
    host: str
    port: str = ""
    scheme: str = ""
    path: str = ""
    default_scheme: str = "https"
    kind: str = ""
    tls: Ref | None = None
    tls_field: str = ""
    user: Ref | None = None
    prefix: tuple[str, ...] = ()
    default_prefix: str = ""
    keys: Ref | None = None
    key_names: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    key_field: str = ""
    routes: RouteRules | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of all objects that belong to an address but its own."""
        refs = (self.tls, self.user, self.keys, self.routes)
        return (*(ref.kind for ref in refs if ref is not None), *((KEY_KIND,) if self.secrets else ()))


# https://kubernetes.io/docs/concepts/configuration/secret: `stringData` is text, `data` base64, and the first wins.
KEY_KIND = "Secret"

HOST_FORMS: Mapping[str, HostForm] = MappingProxyType(
    {
        # api/v1beta1 and api/v1alpha1 of https://github.com/envoyproxy/ai-gateway, Backend of
        # https://gateway.envoyproxy.io/docs/api/extension_types; up to 0.5 `version` was the path's prefix, up to 0.3
        # the user named its key's policy.
        "envoy-ai-gateway": HostForm(
            kind="Backend",
            entry="spec.endpoints.[]",
            host="fqdn.hostname",
            port="fqdn.port",
            tls=Ref("BackendTLSPolicy", ("spec.targetRefs.[].name", "spec.targetRef.name")),
            tls_field="spec.tls",
            user=Ref("AIServiceBackend", ("spec.backendRef.name",)),
            prefix=("spec.schema.prefix", "spec.schema.version"),
            default_prefix="v1",
            keys=Ref("BackendSecurityPolicy", ("spec.targetRefs.[].name",)),
            key_names=("spec.backendSecurityPolicyRef.name",),
            secrets=("spec.apiKey.secretRef", "spec.anthropicAPIKey.secretRef", "spec.azureAPIKey.secretRef"),
            key_field="apiKey",
            routes=RouteRules(
                kind="AIGatewayRoute",
                rules="spec.rules",
                backends="backendRefs",
                matches="matches",
                headers="headers",
                header="x-ai-eg-model",
                override="modelNameOverride",
                own=("modelsOwnedBy", "modelsCreatedAt"),
                unique="name",
                most=15,
            ),
        ),
        # https://developer.konghq.com/gateway/entities/service
        "kong": HostForm(
            entry="services.[]", host="host", port="port", scheme="protocol", path="path", default_scheme="http"
        ),
    }
)
