"""What the journal's records add up to, one table row for each way in which a request can go."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenrouter_video.gateway.history import History, Submission, intent_record

BODY = {"model": "kling-v3", "prompt": "a robot"}


def submission(**changes: Any) -> Submission:
    plain: dict[str, Any] = {
        "gateway": "https://gateway.example",
        "key": "fp-1",
        "body": BODY,
        "workspace": "/work",
        "channel": "a.yaml#/x",
    }
    return Submission(**{**plain, **changes})


def record(kind: str, at: str = "2026-01-02T00:00:00Z", **members: Any) -> dict[str, Any]:
    return {"v": 1, "kind": kind, "id": "req_1", "at": at, **members}


INTENT = intent_record(submission(), "req_1", "2026-01-01T00:00:00Z")
ACCEPTED = record("accepted", task_id="task_1")
SUCCEEDED = record("succeeded", video_urls=["https://v.example/1?a=b"], expires_at="2026-01-03T00:00:00Z")


@pytest.mark.parametrize(
    ("records", "status", "is_open", "task_id", "urls"),
    [
        pytest.param([], "unknown", True, None, (), id="killed before the answer"),
        pytest.param([record("uncertain", reason="reset")], "unknown", True, None, (), id="no answer came"),
        pytest.param([ACCEPTED], "queued", True, "task_1", (), id="accepted"),
        pytest.param(
            [ACCEPTED, record("progress", status="in_progress")], "in_progress", True, "task_1", (), id="runs"
        ),
        pytest.param([record("refused", reason="no")], "rejected", False, None, (), id="refused"),
        pytest.param([record("unsent", reason="no route to host")], "planned", False, None, (), id="never left"),
        pytest.param([ACCEPTED, SUCCEEDED], "succeeded", False, "task_1", ("https://v.example/1?a=b",), id="succeeded"),
        pytest.param([ACCEPTED, record("failed", reason="content")], "failed", False, "task_1", (), id="failed"),
        pytest.param([record("forgotten")], "unknown", False, None, (), id="forgotten"),
        pytest.param([ACCEPTED, record("forgotten")], "queued", False, "task_1", (), id="forgotten while it runs"),
        pytest.param(
            [record("forgotten"), ACCEPTED, SUCCEEDED],
            "succeeded",
            False,
            "task_1",
            ("https://v.example/1?a=b",),
            id="forgotten too early: the end is still learned",
        ),
        pytest.param(
            [ACCEPTED, SUCCEEDED, record("progress", status="in_progress"), record("uncertain", reason="late")],
            "succeeded",
            False,
            "task_1",
            ("https://v.example/1?a=b",),
            id="an end is not undone by what was known before it",
        ),
        pytest.param([ACCEPTED, record("uncertain", reason="x")], "queued", True, "task_1", (), id="an id is certain"),
        pytest.param([record("from-the-future")], "unknown", True, None, (), id="an unknown kind changes nothing"),
        pytest.param([record("progress", status="dancing")], "unknown", True, None, (), id="an unknown status too"),
        pytest.param([record("accepted", task_id=7)], "unknown", True, None, (), id="an id that is no text"),
        pytest.param([INTENT], "unknown", True, None, (), id="an intent that stands there twice"),
        pytest.param(
            [ACCEPTED, record("succeeded", video_urls=[1, "https://v.example/1", None])],
            "succeeded",
            False,
            "task_1",
            ("https://v.example/1",),
            id="only texts are URLs",
        ),
    ],
)
def test_state_follows_from_the_records(
    records: list[dict[str, Any]], status: str, is_open: bool, task_id: str | None, urls: tuple[str, ...]
) -> None:
    history = History()
    for each in [INTENT, *records]:
        history.add(each)
    [entry] = history.entries()
    assert (status, is_open, task_id, urls) == (entry.status, entry.open, entry.task_id, entry.video_urls)
    assert history.open_with(submission().identity) == (entry if is_open else None)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"gateway": "http://127.0.0.1:1"}, id="another gateway"),
        pytest.param({"key": "fp-2"}, id="another key"),
        pytest.param({"body": {**BODY, "prompt": "two robots"}}, id="another body"),
        pytest.param({"body": {**BODY, "duration": 5}}, id="one more field"),
        pytest.param({"line": "shot-1"}, id="a batch line's own id"),
    ],
)
def test_another_request_has_another_identity(changes: dict[str, Any]) -> None:
    assert submission().identity != submission(**changes).identity


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"body": {"prompt": "a robot", "model": "kling-v3"}}, id="fields in another order"),
        pytest.param({"workspace": "/elsewhere"}, id="from another folder"),
        pytest.param({"channel": "b.yaml#/y"}, id="by another channel with the same key"),
        pytest.param({"batch": True}, id="from a batch, without an id of its own"),
    ],
)
def test_the_same_request_has_the_same_identity(changes: dict[str, Any]) -> None:
    assert submission().identity == submission(**changes).identity


def test_a_text_and_a_number_are_different_bodies() -> None:
    assert submission(body={"duration": 5}).identity != submission(body={"duration": "5"}).identity


def test_find_takes_either_id_and_prefers_the_latest_task() -> None:
    history = History()
    history.add(INTENT)
    history.add(ACCEPTED)
    history.add({**INTENT, "id": "req_2"})
    history.add({**ACCEPTED, "id": "req_2"})
    found = [history.find(id) for id in ("req_1", "req_2", "task_1", "task_2")]
    assert [entry and entry.id for entry in found] == ["req_1", "req_2", "req_2", None]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KINDS = ["intent", "accepted", "progress", "uncertain", "refused", "unsent", "succeeded", "failed", "forgotten"]
RECORDS = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS), "id": st.sampled_from(["req_1", "req_2"]) | JSON, "at": st.text() | JSON},
    optional={
        "task_id": JSON,
        "status": JSON,
        "reason": JSON,
        "video_urls": JSON,
        "expires_at": JSON,
        "body": JSON,
        "identity": JSON,
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON | RECORDS, max_size=12))
def test_no_record_can_break_the_reader(records: list[object]) -> None:
    history = History()
    history.add(INTENT)
    for each in records:
        history.add(each)
    for entry in history.entries():
        assert entry.open == (entry.closed_at is None)
        assert all(isinstance(url, str) for url in entry.video_urls)
