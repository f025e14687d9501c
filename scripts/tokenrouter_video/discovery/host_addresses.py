"""Addresses that a config writes as host, port and path, and the keys that other objects give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tokenrouter_video.consumer_hosts import KEY_KIND, HostForm, Ref
from tokenrouter_video.discovery.addresses import Address, GivenKey
from tokenrouter_video.discovery.fields import Field
from tokenrouter_video.discovery.files import ParsedFile
from tokenrouter_video.discovery.findings import Sighting
from tokenrouter_video.discovery.hosts import gateway_of, lookalike
from tokenrouter_video.discovery.key_resolution import KeyResolver
from tokenrouter_video.discovery.keys import KeyField
from tokenrouter_video.discovery.references import read_key as read_reference
from tokenrouter_video.discovery.resolution import Standing
from tokenrouter_video.discovery.values import SecretReference, Variable
from tokenrouter_video.documents.tree import Place, Scalar
from tokenrouter_video.manifests import Manifest, Manifests, decoded, is_named, places_at, text_at
from tokenrouter_video.records import dataclass, replace
from tokenrouter_video.secrets import KeyReference, ResolvedKey, Secret, read_key

MAX_ENTRIES = 1_000
MAX_DATA = 65_536


@dataclass(frozen=True, slots=True)
class HostAddresses:
    """What a file's hosts are: gateways' addresses, and hosts with a port that is not theirs."""

    addresses: tuple[Address, ...]
    sightings: tuple[Sighting, ...]


def find_host_addresses(
    file: ParsedFile, form: HostForm, others: tuple[ParsedFile, ...], keys: KeyResolver
) -> HostAddresses:
    """Return the gateway addresses that a file writes in a consumer's form; ``others`` may hold what names them."""
    files = {one.name: one for one in (file, *others)}
    manifests = Manifests((name, one.document.root) for name, one in files.items())
    finder = _Finder(file, form, manifests, files, keys)
    found = list(finder.find())
    addresses = [one for one in found if isinstance(one, Address)]
    return HostAddresses(tuple(addresses), tuple(one for one in found if isinstance(one, Sighting)))


class _Finder:
    def __init__(
        self,
        file: ParsedFile,
        form: HostForm,
        manifests: Manifests,
        files: Mapping[str, ParsedFile],
        keys: KeyResolver,
    ) -> None:
        self.file = file
        self.form = form
        self.manifests = manifests
        self.files = files
        self.keys = keys

    def find(self) -> Iterator[Address | Sighting]:
        """Yield the addresses and look-alikes of the file, in source order."""
        for one in self.manifests.of_kind(self.form.kind) if self.form.kind else self.manifests.objects:
            if one.file == self.file.name:
                for number, entry in enumerate(places_at(one.place, self.form.entry)):
                    if number < MAX_ENTRIES:
                        yield from self._entry(one, entry)

    def _entry(self, holder: Manifest, entry: Place) -> Iterator[Address | Sighting]:
        host = next(places_at(entry, self.form.host), None)
        if host is None or not isinstance(host.node, Scalar):
            return
        outcome = self.keys.resolver.text_of(Standing(self.file, host.node, host.parts, host.parents))
        name = (outcome.text or "").strip()
        authority = self._authority(holder, entry, name)
        profile = gateway_of(authority)
        if profile is None:
            found = lookalike(authority) if gateway_of(f"https://{name}") is not None else None
            if found is not None:
                line = self.file.document.line(host.node.token.start)
                yield Sighting(self.file.name, line, found.host, found.reason)
            return
        base = Address(
            Field(host.parts[-1], host.node, host.parts, host.parents),
            Place(host.parts[:-1], host.parents[-1], host.parents[:-1]),
            entry.parts,
            authority + _as_path(text_at(entry, self.form.path)),
            profile,
            outcome,
            host.node.token.start,
            is_host=True,
        )
        if self.form.user is not None:
            yield from self._used(base, holder, self.form.user)
        else:
            yield replace(base, given=self._key(holder)) if self.form.keys is not None else base

    def _authority(self, holder: Manifest, entry: Place, host: str) -> str:
        """Return scheme, host and port; a port that is the scheme's own is left out."""
        scheme, port = text_at(entry, self.form.scheme).lower(), text_at(entry, self.form.port)
        if not scheme:
            has_tls = self.form.tls is not None and bool(self.manifests.naming(holder, self.form.tls))
            has_tls = has_tls or bool(self.form.tls_field and list(places_at(holder.place, self.form.tls_field)))
            is_http = port == "80" and not has_tls
            scheme = "http" if is_http else "https" if has_tls else self.form.default_scheme
        usual = {"https": "443", "http": "80"}.get(scheme)
        return f"{scheme}://{host}" + (f":{port}" if port not in ("", usual) else "")

    def _used(self, base: Address, holder: Manifest, ref: Ref) -> Iterator[Address]:
        """Yield the address as each of its users has it; users with keys of their own are channels of their own."""
        found = [(user, self._key(user)) for user in self.manifests.naming(holder, ref)]
        is_shared = len({key.resolved.reference for _, key in found if key.key is not None}) > 1
        for user, key in found:
            address = replace(base, url=base.url + self._prefix(user), given=key)
            if is_shared and user.file == self.file.name:
                names = (name for path in ref.names for name in places_at(user.place, path))
                name = next(one for one in names if is_named(holder, user, one))
                address = replace(
                    address,
                    field=Field(name.parts[-1], name.node, name.parts, name.parents),
                    place=Place(name.parts[:-1], name.parents[-1], name.parents[:-1]),
                    block=name.parts[: len(user.place.parts) + 1],
                )
            yield address

    def _prefix(self, user: Manifest) -> str:
        texts = (text_at(user.place, path) for path in self.form.prefix)
        return _as_path(next(filter(None, texts), self.form.default_prefix))

    def _key(self, user: Manifest) -> GivenKey:
        """Return the key that another object gives a user of an address."""
        assert self.form.keys is not None
        kind = self.form.keys.kind
        policies = self.manifests.naming(user, self.form.keys)
        for path in self.form.key_names:
            named = (self.manifests.named(user, kind, name) for name in places_at(user.place, path))
            policies += [one for one in named if one is not None]
        for policy in policies:
            for path in self.form.secrets:
                for reference in places_at(policy.place, path):
                    return self._secret(policy, reference)
        problem = f"no {kind} with a key is for {user.kind} {user.name}"
        return GivenKey(None, ResolvedKey(KeyReference("none", None), None, None, problem))

    def _secret(self, policy: Manifest, reference: Place) -> GivenKey:
        """Return the key that a reference to a Kubernetes secret comes to, where the secret is in one of the files."""
        name = text_at(reference, "name")
        is_here = policy.file == self.file.name and bool(reference.parents)
        field = Field(reference.parts[-1], reference.node, reference.parts, reference.parents) if is_here else None
        place = next(places_at(reference, "name"), None)
        secret = self.manifests.named(policy, KEY_KIND, place) if place is not None else None
        key = KeyField(SecretReference(name), field)
        if secret is None:
            problem = f"{KEY_KIND} {name} is in no file that was read, and a cluster is never asked"
            return GivenKey(key, ResolvedKey(KeyReference("secret-ref", name), None, None, problem))
        found = self._held(secret)
        return GivenKey(key, ResolvedKey(KeyReference("secret-ref", name), *found))

    def _held(self, secret: Manifest) -> tuple[Secret | None, str | None, str | None]:
        """Return the key that a secret holds, where it stands, and why it is none."""
        place = next(places_at(secret.place, f"stringData.{self.form.key_field}"), None)
        if place is not None and isinstance(place.node, Scalar):
            text = str(place.node.value or "")
            value = read_reference(text)
            if isinstance(value, Variable) and text.strip() == value.name:
                # In a Kubernetes secret a bare name is the text itself; Envoy's own examples have one to be replaced.
                return None, None, f"{KEY_KIND} {secret.name} holds a placeholder"
            field = Field(self.form.key_field, place.node, place.parts, place.parents)
            resolved = self.keys.resolve(KeyField(value, field), self.files[secret.file])
            return resolved.secret, resolved.resolved_from, resolved.problem
        place = next(places_at(secret.place, f"data.{self.form.key_field}"), None)
        if place is None or not isinstance(place.node, Scalar) or not isinstance(place.node.value, str):
            return None, None, f"{KEY_KIND} {secret.name} has no {self.form.key_field}"
        held = decoded("".join(place.node.value.split())[:MAX_DATA])
        if held is None:
            return None, None, f"what {KEY_KIND} {secret.name} holds is no base64 of a text"
        key, fault = read_key(held)
        if key is None:
            return None, None, f"{KEY_KIND} {secret.name} holds no key: it {fault}"
        file = self.files[secret.file]
        return key, f"{file.name}:{file.document.line(place.node.token.start)}", None


def _as_path(text: str) -> str:
    path = text.strip("/")
    return f"/{path}" if path else ""
