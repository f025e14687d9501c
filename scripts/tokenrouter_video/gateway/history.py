"""What became of each request, derived from the journal's records: pure, and forgiving about what it does not know.

A request is *open* from before its POST until its end is known. An intent without an answer is open with an unknown
fate: the program may have been killed while the request was on its way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from tokenrouter_video.records import dataclass, field, replace

INTENT, ACCEPTED, PROGRESS, UNCERTAIN = "intent", "accepted", "progress", "uncertain"
REFUSED, UNSENT, SUCCEEDED, FAILED, FORGOTTEN = "refused", "unsent", "succeeded", "failed", "forgotten"

# The status of a request that was remembered and surely never left.
NEVER_SENT = "planned"

# What is left of the body of a request that ended long ago; its identity is a member of its own.
_SHORT_BODY = frozenset({"model"})


@dataclass(frozen=True, slots=True)
class Submission:
    """A request as it will be sent, and what is needed to find its channel again.

    ``gateway`` is an origin, ``key`` the fingerprint of the key, ``body`` the JSON object to send, ``workspace`` an
    absolute path, ``options`` the flags that channel and key were found with. ``line`` is a batch line's own id.
    """

    gateway: str
    key: str
    body: Mapping[str, Any]
    workspace: str
    channel: str
    options: Mapping[str, Any] = field(default_factory=dict)
    batch: bool = False
    line: str | None = None

    @property
    def identity(self) -> str:
        """A digest that is equal for the same gateway, key, body and batch line, however the body is ordered."""
        parts = [self.gateway, self.key, self.body, self.line]
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One remembered request: what was sent from where, and the last thing that is known about it.

    ``id`` is the program's own, ``task_id`` the gateway's or None. ``status`` is a word of the contract; ``planned``
    is a request that never left. Times are ISO 8601 in UTC.
    """

    id: str
    identity: str
    body: Mapping[str, Any]
    gateway: str
    key: str
    workspace: str
    channel: str
    options: Mapping[str, Any]
    batch: bool
    line: str | None
    submitted_at: str
    status: str = "unknown"
    open: bool = True
    task_id: str | None = None
    accepted_at: str | None = None
    closed_at: str | None = None
    video_urls: tuple[str, ...] = ()
    expires_at: str | None = None
    reason: str | None = None
    forgotten: bool = False

    @property
    def model(self) -> str:
        """The model that was asked for."""
        model = self.body.get("model")
        return model if isinstance(model, str) else ""

    @property
    def ended(self) -> bool:
        """Whether the gateway said how the task ended."""
        return self.status in (SUCCEEDED, FAILED)

    @property
    def is_asked_for(self) -> bool:
        """Whether this request still decides about a later one, or warns of it, so that none is billed unawares.

        It is open; or it made a video; or it is a line of a batch, of which no run sends again what an earlier one saw
        end.
        """
        return self.open or self.status == SUCCEEDED or (self.batch and self.ended)

    @property
    def is_short(self) -> bool:
        """Whether of the request no more is remembered than what tells it apart."""
        return self.body.keys() <= _SHORT_BODY


def intent_record(submission: Submission, id: str, at: str) -> dict[str, Any]:
    """Return the record that is written before a request is sent."""
    return {
        "v": 1,
        "kind": INTENT,
        "id": id,
        "at": at,
        "identity": submission.identity,
        "gateway": submission.gateway,
        "key": submission.key,
        "workspace": submission.workspace,
        "channel": submission.channel,
        "options": dict(submission.options),
        "batch": submission.batch,
        "line": submission.line,
        "body": dict(submission.body),
    }


def shortened(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what is kept of a record of a request that ended long ago: no prompt, no step on the way."""
    kind, body = record.get("kind"), record.get("body")
    if kind in (PROGRESS, UNCERTAIN):
        return None
    if kind != INTENT or not isinstance(body, dict):
        return record
    return {**record, "body": {name: value for name, value in body.items() if name in _SHORT_BODY}}


class History:
    """All requests of a journal, in the order in which they were made; records of unknown kinds change nothing."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._by_identity: dict[str, list[str]] = {}

    def entries(self) -> list[Entry]:
        """Return every request, oldest first."""
        return list(self._entries.values())

    def find(self, id: str) -> Entry | None:
        """Return the request with this id, or the latest one with this task id."""
        if id in self._entries:
            return self._entries[id]
        return next((entry for entry in reversed(self._entries.values()) if entry.task_id == id), None)

    def same(self, identity: str) -> list[Entry]:
        """Return the requests with this identity, the latest first."""
        return [self._entries[id] for id in reversed(self._by_identity.get(identity, ()))]

    def open_with(self, identity: str) -> Entry | None:
        """Return the latest open request with this identity."""
        return next((entry for entry in self.same(identity) if entry.open), None)

    def add(self, record: object) -> None:
        """Fold one record in; what is no record, of an unknown kind or about an unknown request is left out."""
        if not isinstance(record, dict):
            return
        kind, id, at = record.get("kind"), record.get("id"), record.get("at")
        if not (isinstance(id, str) and isinstance(at, str)):
            return
        if kind == INTENT:
            self._begin(record, id, at)
        elif (entry := self._entries.get(id)) is not None:
            self._entries[id] = _changed(entry, record, at)

    def _begin(self, record: Mapping[str, Any], id: str, at: str) -> None:
        texts = [record.get(name) for name in ("identity", "gateway", "key", "workspace", "channel")]
        known = [text for text in texts if isinstance(text, str)]
        body, options, line = record.get("body"), record.get("options"), record.get("line")
        if id in self._entries or not isinstance(body, dict) or len(known) != len(texts):
            return
        identity, gateway, key, workspace, channel = known
        self._entries[id] = Entry(
            id=id,
            identity=identity,
            body=body,
            gateway=gateway,
            key=key,
            workspace=workspace,
            channel=channel,
            options=options if isinstance(options, dict) else {},
            batch=record.get("batch") is True,
            line=line if isinstance(line, str) else None,
            submitted_at=at,
        )
        self._by_identity.setdefault(identity, []).append(id)


def _changed(entry: Entry, record: Mapping[str, Any], at: str) -> Entry:
    """Return an entry as one more record leaves it; an ending is not undone by what was known before it."""
    reason = record.get("reason")
    reason = reason if isinstance(reason, str) else None
    match record.get("kind"):
        case "accepted":
            task_id = record.get("task_id")
            if not isinstance(task_id, str):
                return entry
            entry = replace(entry, task_id=task_id, accepted_at=at)
            return entry if entry.ended else replace(entry, status="queued")
        case "progress":
            status = record.get("status")
            known = status in ("queued", "in_progress") and not entry.ended
            return replace(entry, status=str(status)) if known else entry
        case "uncertain":
            return entry if entry.task_id else replace(entry, reason=reason)
        case "refused":
            return replace(entry, status="rejected", open=False, closed_at=at, reason=reason)
        case "unsent":
            return replace(entry, status=NEVER_SENT, open=False, closed_at=at, reason=reason)
        case "succeeded":
            urls, expires_at = record.get("video_urls"), record.get("expires_at")
            return replace(
                entry,
                status=SUCCEEDED,
                open=False,
                closed_at=at,
                reason=None,
                video_urls=tuple(_texts(urls if isinstance(urls, list) else ())),
                expires_at=expires_at if isinstance(expires_at, str) else None,
            )
        case "failed":
            return replace(entry, status=FAILED, open=False, closed_at=at, reason=reason)
        case "forgotten":
            return replace(entry, open=False, closed_at=at, forgotten=True)
        case _:
            return entry


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (value for value in values if isinstance(value, str))
