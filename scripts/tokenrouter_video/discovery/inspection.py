"""The part of a search that parses: from files that name a gateway to channels, look-alikes and candidates."""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH118, PTH119, PTH120

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from tokenrouter_video.channels import Channel, OtherFile
from tokenrouter_video.consumers import Consumer, is_generated, recognise
from tokenrouter_video.discovery import definitions, evidence, hosts, liveness, lookalikes
from tokenrouter_video.discovery.addresses import Survey, survey
from tokenrouter_video.discovery.carriers import carrier_rank, overriding, without_holders
from tokenrouter_video.discovery.drafts import Draft, drafts_of, shape_of, used_constants
from tokenrouter_video.discovery.environment import Environment
from tokenrouter_video.discovery.evidence import MAX_REASONS, Target
from tokenrouter_video.discovery.fields import Fields
from tokenrouter_video.discovery.files import Files, ParsedFile
from tokenrouter_video.discovery.findings import Candidate, Sighting, Skipped
from tokenrouter_video.discovery.key_resolution import KeyResolver
from tokenrouter_video.discovery.liveness import Reason
from tokenrouter_video.discovery.lookalikes import MAX_LOOKALIKES
from tokenrouter_video.discovery.resolution import CODE_FORMATS, Resolver
from tokenrouter_video.discovery.walk import Listing, is_within
from tokenrouter_video.documents import embedded
from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.embedded import Embedded
from tokenrouter_video.documents.tree import Mapping as Node
from tokenrouter_video.documents.tree import Scalar
from tokenrouter_video.records import dataclass, field, replace

MAX_NOTES = 50
MAX_CHANNELS = 1_000


@dataclass()
class Inspection:
    """Inspects the files of one run, one after the other; :meth:`channels` then judges what was found.

    ``home_consumers`` names the tool of each file that was added from the home directory.
    """

    listing: Listing
    environ: Mapping[str, str]
    allowed: frozenset[str] = frozenset()
    home_consumers: Mapping[str, Consumer] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    notes: list[Candidate] = field(default_factory=list)
    unreadable: list[Skipped] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set up what is shared between the files."""
        extra = {path: _dotenv_of(consumer, self.listing.home) for path, consumer in self.home_consumers.items()}
        self.files = Files(self.listing)
        self.environment = Environment(self.listing, self.environ, extra)
        self.resolver = Resolver(self.files, self.environment)
        self.keys = KeyResolver(self.resolver, self.allowed)
        self._consumers: dict[tuple[str, tuple[str, ...] | None], Consumer | None] = {}
        self._overriding: dict[tuple[str, str], str] = {}
        self._others: dict[str, tuple[ParsedFile, ...]] = {}
        self._strange: set[str] = set()

    def inspect(self, path: str, data: bytes) -> None:
        """Look for channels and look-alikes in a file that names a gateway; ``data`` are its bytes."""
        names_host = hosts.names_a_host(data)
        file = self.files.load(path)
        name = self.listing.name(path)
        if file is None:
            line, reason = self.files.faults[path]
            text = data.decode("utf-8", "replace")
            self._see(lookalikes.in_text(name, text))
            if names_host:
                self.unreadable.append(Skipped(name, reason, line))
                self.listing.skip(path, reason, line)
            return
        self._see(lookalikes.in_document(name, file.document))
        found = self._drafts(file, names_host=names_host)
        faults: dict[int, str] = {}
        found += self._embedded(
            file, found, lambda text: hosts.may_name_a_host(text.encode("utf-8", "replace")), faults
        )
        if names_host and not (found or path in self._strange) and len(self.notes) < MAX_NOTES:
            from tokenrouter_video.discovery.candidates import holds_no_channel

            self.notes += holds_no_channel(file, faults)

    def follow(self, path: str, refers: Callable[[bytes], bool]) -> None:
        """Look for channels in a file that may refer to a base URL that stands elsewhere, as ``refers`` tells."""
        file = self.files.load(path)
        if file is not None:
            found = self._drafts(file)
            self._embedded(file, found, lambda text: refers(text.encode("utf-8", "replace")), {})

    def _see(self, sightings: Iterable[Sighting]) -> None:
        for sighting in sightings:
            if len(self.sightings) < MAX_LOOKALIKES and sighting not in self.sightings:
                self.sightings.append(sighting)

    def _drafts(self, file: ParsedFile, *, names_host: bool = False, needs_key: bool = False) -> list[Draft]:
        fields = Fields(file.document)
        surveyed = survey(file, fields, self.resolver)
        if names_host and hosts.stands_alone(file.document.text):
            surveyed = self._with_hosts(file, surveyed)
        consumer = self._consumer(file) if surveyed.addresses else None
        drafts = drafts_of(file, fields, surveyed, consumer, self.keys)
        found = [draft for draft in drafts if draft.key is not None] if needs_key else drafts
        self.drafts += found
        return found

    def _embedded(
        self, file: ParsedFile, beside: list[Draft], is_promising: Callable[[str], bool], faults: dict[int, str]
    ) -> list[Draft]:
        """Return the channels of the configs that a file's strings are; strings in those are not looked into.

        Why a text that its name calls a config cannot be read is noted in ``faults``, by its offset.
        """
        found: list[Draft] = []
        for place in embedded.strings_in(file.document):
            assert isinstance(place.node, Scalar)
            text = str(place.node.value)
            if not is_promising(text):
                continue
            inner = embedded.read_embedded(file.document, place)
            if isinstance(inner, DocumentError):
                faults[place.node.token.start] = inner.reason
            elif inner is not None and not _is_a_providers(inner, beside):
                config = file.with_embedded(inner)
                is_known = inner.is_named or self._consumer(config) is not None
                # Of a text that nothing calls a config, a base URL alone may be an example.
                drafts = self._drafts(config, needs_key=not is_known)
                if drafts or inner.is_named:
                    self._see(lookalikes.in_document(file.name, inner.document, inner.line))
                found += drafts
        return found

    def _with_hosts(self, file: ParsedFile, surveyed: Survey) -> Survey:
        """Add the addresses that a file's consumer writes as a host and no URL."""
        from tokenrouter_video.consumer_hosts import HOST_FORMS

        consumer = self._consumer(file)
        form = HOST_FORMS.get(consumer.name) if consumer is not None else None
        if form is None:
            return surveyed
        from tokenrouter_video.discovery.host_addresses import find_host_addresses
        from tokenrouter_video.discovery.related_files import related_files

        self._others[file.path] = related_files(file, form, self.files)
        found = find_host_addresses(file, form, self._others[file.path], self.keys)
        self._see(found.sightings)
        if found.sightings:
            self._strange.add(file.path)
        return replace(surveyed, addresses=(*surveyed.addresses, *found.addresses))

    def _consumer(self, file: ParsedFile) -> Consumer | None:
        key = (file.path, file.embedded.parts if file.embedded is not None else None)
        if key not in self._consumers:
            known = self.home_consumers.get(file.path) if file.embedded is None else None
            found = known or recognise(file.label, shape_of(file.document))
            if found is None and file.holder is not None and file.embedded is not None and not file.embedded.is_named:
                # A text without a name of its own is a part of the config around it.
                found = self._consumer(file.holder)
            self._consumers[key] = found
        return self._consumers[key]

    def definitions(self) -> definitions.Definitions:
        """Return the variables and constants that hold a gateway's host, for finding who refers to them."""
        return definitions.collect(self.files, self.resolver, self.environ)

    def channels(self) -> tuple[Channel, ...]:
        """Return the channels: those that are used by others left out, live ones first, then by score and id."""
        drafts = without_holders(self.drafts)[:MAX_CHANNELS]
        if len(self.drafts) > MAX_CHANNELS:
            self.listing.skip(self.listing.root, f"more than {MAX_CHANNELS:,} channels; the rest is not listed")
        self._overriding = overriding(drafts)
        self._drop_notes(drafts)
        targets = self._targets(drafts)
        seen = evidence.gather(targets.values(), self.listing, self.environ)
        channels = self._judged(drafts, seen)
        # What code says of a lone live config would decide nothing, and takes another look at every code file.
        is_open = len(channels) != 1 or not channels[0].live
        in_question = [target for target in targets.values() if is_open or target.is_code]
        code = evidence.from_code(in_question, self.listing)
        for path, reasons in code.items():
            seen.setdefault(path, []).extend(reasons)
        if any(code.values()):
            channels = self._judged(drafts, seen)
        return tuple(sorted(_one_name_each(channels, drafts), key=lambda c: (not c.live, -c.score, c.id)))

    def _judged(self, drafts: list[Draft], seen: Mapping[str, list[Reason]]) -> list[Channel]:
        started = {
            consumer.name: draft.file.name
            for draft in drafts
            if (consumer := self._runs(draft)) is not None
            and liveness.is_started([*seen.get(_key(draft), []), *self._mounted(draft)])
        }
        found: list[Channel] = []
        for draft in drafts:
            reasons = [*seen.get(_key(draft), []), *self._mounted(draft)]
            consumer = self._runs(draft)
            if consumer is not None and consumer.name in started and not liveness.has_evidence(reasons):
                text = f"{consumer.title} is started with {started[consumer.name]}, not with it"
                reasons.append(Reason("another is started", text))
            found.append(self._channel(draft, reasons))
        return found

    def _mounted(self, draft: Draft) -> list[Reason]:
        """Return the evidence of a config that is a text of a ConfigMap."""
        return [] if draft.file.embedded is None else list(self.resolver.manifests.reasons(draft.file))[:MAX_REASONS]

    def _runs(self, draft: Draft) -> Consumer | None:
        """Return the tool that is started with one config of those that it could read."""
        is_config = draft.file.document.format not in CODE_FORMATS and not carrier_rank(draft)
        return self._consumer(draft.file) if is_config else None

    def _drop_notes(self, drafts: list[Draft]) -> None:
        """Say nothing of files that only hold what a channel takes from them."""
        used = {self.listing.name(path) for path, _ in used_constants(drafts)}
        for draft in drafts:
            for name in draft.names:
                found = self.environment.lookup(name, draft.file.path)
                used.add(found.file or "" if found is not None else "")
        self.notes = [note for note in self.notes if note.file not in used]

    def _targets(self, drafts: list[Draft]) -> dict[str, Target]:
        names: dict[tuple[int, int], set[str]] = {}
        for draft in drafts:
            names.setdefault(draft.file.identity, set()).update((draft.file.path, draft.file.real))
        return {_key(draft): Target(draft.file.whole, tuple(sorted(names[draft.file.identity]))) for draft in drafts}

    def _channel(self, draft: Draft, seen: list[Reason]) -> Channel:
        file, base, consumer = draft.file, draft.base, self._consumer(draft.file)
        score, live, reasons = liveness.judge([*self._reasons(draft, consumer), *seen])
        return Channel(
            file=file.name,
            path=Path(file.path),
            line=file.line(base.offset),
            parts=draft.block,
            format=file.whole.document.format,
            gateway=base.profile.name,
            host=base.host,
            base_url=base.url,
            consumer=consumer.name if consumer is not None else None,
            key=draft.resolved,
            live=live,
            score=score,
            reasons=reasons,
            document=file.document,
            source=file.source,
            data=file.data,
            url_parts=tuple(dict.fromkeys(address.field.parts for address in draft.addresses)),
            key_parts=draft.key.field.parts if draft.key is not None and draft.key.field is not None else None,
            embedded=file.embedded,
            repeats=tuple(draft.repeats),
            is_host=base.is_host,
            others=tuple(
                OtherFile(one.name, Path(one.path), one.document, one.source, one.data)
                for one in (self._others.get(file.path, ()) if file.embedded is None else ())
            ),
        )

    def _reasons(self, draft: Draft, consumer: Consumer | None) -> Iterator[Reason]:
        file, resolved = draft.file, draft.resolved
        in_workspace = is_within(file.path, self.listing.root)
        parts = tuple(file.name.split("/"))
        by_path = (liveness.by_path(parts) or liveness.by_suffix(parts[-1])) if in_workspace else []
        found = [*by_path, *_of_document(file.whole.document)]
        if file.embedded is not None:
            found += (*liveness.by_path(file.label[-1:]), *_of_document(file.document))
            if file.whole.document.format in CODE_FORMATS:
                found.append(Reason("text in code", "it is a text in code, as samples and prompts are, too"))
        # What a text says of itself its file may say as well: that counts once.
        yield from {reason.weight: reason for reason in reversed(found)}.values()
        switched_off = draft.is_switched_off()
        if switched_off is not None:
            yield switched_off
        if consumer is not None:
            yield from _about_consumer(file, consumer, is_home=file.path in self.home_consumers)
        if resolved.secret is not None:
            yield Reason("key resolved", f"its key is there, from {resolved.resolved_from}")
        elif draft.reference.source != "none":
            yield Reason("key referred to", _REFERENCES.get(draft.reference.source, "its key is written there"))
        elif draft.key is not None:
            yield Reason("key is a placeholder", resolved.problem or "its key is a placeholder")
        else:
            yield Reason("no key", resolved.problem or "no key stands with the base URL")
        is_lone = draft.key is None and not draft.doubt
        if draft.base.field.parts == draft.block and is_lone and file.document.format in CODE_FORMATS:
            yield Reason("constant that nothing uses", "it is a constant without a key, which no entry uses")
        other = self._overriding.get((os.path.dirname(file.path), draft.base.field.name))
        if other is not None and os.path.basename(file.path) == ".env":
            yield Reason("overridden", f"{other} beside it sets the same variables")


_REFERENCES = {
    "env": "its key refers to a variable",
    "file": "its key refers to a file",
    "command": "its key is a command's output",
    "secret-ref": "its key refers to a secret store",
}


def _of_document(document: Document) -> Iterator[Reason]:
    """Yield what a document says against itself."""
    yield from liveness.by_text(document.text)
    root = document.root
    if isinstance(root, Node) and (root.get("openapi") or root.get("swagger")) is not None:
        yield Reason("documentation", "it describes an API (OpenAPI)")


def _is_a_providers(inner: Embedded, beside: list[Draft]) -> bool:
    """Whether a text on one line is a part of a provider's entry, such as its list of models."""
    is_line = "\n" not in str(inner.node.value).strip() and not inner.is_named
    return is_line and any(draft.block == inner.parts[: len(draft.block)] for draft in beside)


def _key(draft: Draft) -> str:
    return draft.file.path


def _about_consumer(file: ParsedFile, consumer: Consumer, *, is_home: bool) -> Iterator[Reason]:
    parts = file.label
    yield Reason("known consumer", f"it is a config of {consumer.title}")
    if is_home or consumer.is_in_place(parts):
        yield Reason("consumer's own place", f"it stands in the place of {consumer.title}")
    if is_generated(consumer, parts):
        yield Reason("generated", f"{consumer.title} writes it itself")


def _dotenv_of(consumer: Consumer, home: str) -> tuple[str, ...]:
    return tuple(os.path.join(home, name.removeprefix("~/")) for name in consumer.dotenv)


def _one_name_each(channels: list[Channel], drafts: list[Draft]) -> Iterator[Channel]:
    """Keep one name of each file: the one most likely live, then the shortest path, then the file's own."""
    by_file: dict[tuple[int, int], dict[str, list[Channel]]] = {}
    real: dict[str, str] = {}
    for channel, draft in zip(channels, drafts, strict=True):
        by_file.setdefault(draft.file.identity, {}).setdefault(channel.file, []).append(channel)
        real[channel.file] = draft.file.real
    for names in by_file.values():
        best = min(
            names.values(),
            key=lambda found: (
                -max(channel.score for channel in found),
                found[0].file.count("/"),
                str(found[0].path) != real[found[0].file],
                found[0].file,
            ),
        )
        yield from best
