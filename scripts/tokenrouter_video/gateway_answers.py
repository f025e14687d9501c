"""How video gateways answer, as data: status words, error codes, and where in an answer everything stands.

Places in a JSON answer are dotted names from its top: ``data.result_url``; ``videos[].url`` is every item of a list.

What servers really answer is told by the source of the open gateway that TokenRouter is derived from,
https://github.com/QuantumNous/new-api (``dto/task.go``, ``dto/openai_video.go``, ``model/task.go``,
``controller/relay.go``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from tokenrouter_video.records import dataclass


class TaskStatus(StrEnum):
    """What a task's status word means to us; ``UNKNOWN`` is a word that no profile lists: shown, and waited on."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        """Whether the task has ended, one way or the other."""
        return self in (TaskStatus.SUCCEEDED, TaskStatus.FAILED)


class Cause(StrEnum):
    """Why a gateway did not do what it was asked, as far as it changes what a user can do about it."""

    KEY = "key"
    FORBIDDEN = "forbidden"
    BALANCE = "balance"
    MODEL = "model"
    REQUEST = "request"
    CONTENT = "content"
    TOO_LARGE = "too-large"
    RATE = "rate"
    UPSTREAM = "upstream"
    TASK_MISSING = "task-missing"
    NOT_THE_API = "not-the-api"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class ErrorRule:
    """What one error code means, whatever the HTTP status.

    ``certain``: the gateway surely accepted nothing. ``retryable``: the same request may be accepted later.
    ``None`` leaves either to the HTTP status.
    """

    cause: Cause
    certain: bool | None = True
    retryable: bool | None = False


def _words(**groups: str) -> Mapping[str, TaskStatus]:
    return MappingProxyType({word: TaskStatus(status) for status, words in groups.items() for word in words.split()})


@dataclass(frozen=True, slots=True, eq=False)
class GatewayAnswers:
    """How one kind of gateway answers; every text in it is data that the code above it only compares or shows.

    Status words are case-folded, without surrounding space. Of several places the first that holds something counts.
    """

    status_words: Mapping[str, TaskStatus]
    id_places: tuple[str, ...]
    status_places: tuple[str, ...]
    progress_places: tuple[str, ...]
    url_places: tuple[str, ...]
    failure_places: tuple[str, ...]
    cost_places: tuple[tuple[str, str], ...] = ()
    account_fields: tuple[str, ...] = ()
    error_rules: Mapping[str, ErrorRule] = MappingProxyType({})

    def status_of(self, word: str) -> TaskStatus:
        """Return what a gateway's status word means; ``UNKNOWN`` for a word that is not listed."""
        return self.status_words.get(word.strip().casefold(), TaskStatus.UNKNOWN)


# Every spelling seen in the family: TaskDto, OpenAIVideo, realtime, and the raw words of Kling, Hailuo and Ark.
# `unknown` is the gateway's own word for a task that it has not started.
_STATUS_WORDS = _words(
    queued="not_start submitted queued queueing pending preparing unknown",
    in_progress="in_progress processing running",
    succeeded="success succeeded succeed completed",
    failed="failure failed fail cancelled canceled expired",
)

# An inner status beats an outer one: the envelope's own `success` only says that the query worked.
_STATUS_PLACES = (
    "data.status",
    "data.task_status",
    "status",
    "task_status",
    "data.data.status",
    "data.data.task_status",
    "data.data.data.status",
    "data.data.data.task_status",
)

_PROGRESS_PLACES = ("data.progress", "progress", "data.data.progress")

_URL_PLACES = (
    "data.result_url",
    "result_url",
    "data.video_url",
    "video_url",
    "data.url",
    "url",
    "metadata.url",
    "data.metadata.url",
    "metadata.result_url",
    "content.video_url",
    "data.content.video_url",
    "data.data.content.video_url",
    "data.data.output.video_url",
    "data.output.video_url",
    "data.task_result.videos[].url",
    "data.data.task_result.videos[].url",
    "data.data.data.task_result.videos[].url",
    "data.data.data.data.task_result.videos[].url",
    # a gateway behind the gateway: its whole answer stands where the raw upstream body would
    "data.data.result_url",
    "data.data.data.result_url",
    "data.data.metadata.url",
    "data.data.data.content.video_url",
    "data.data.data.data.content.video_url",
    "data.data.data.data.data.task_result.videos[].url",
    "unsigned_urls[]",
    "urls[]",
    "artifacts[type=video].content_url",
    "legacy_content_url",
    # until February 2026 a finished task carried its URL here
    "data.fail_reason",
    "fail_reason",
    "data.data.data.fail_reason",
)

_FAILURE_PLACES = (
    "data.fail_reason",
    "fail_reason",
    "error.message",
    "error",
    "data.error.message",
    "data.error",
    "data.task_status_msg",
    "task_status_msg",
    "data.data.error.message",
    "data.data.data.task_status_msg",
    "data.data.data.fail_reason",
    "data.data.base_resp.status_msg",
    "base_resp.status_msg",
    "data.message",
    "message",
)

_NEW_API_ERRORS: Mapping[str, ErrorRule] = MappingProxyType(
    {
        "model_not_found": ErrorRule(Cause.MODEL),
        "model_price_error": ErrorRule(Cause.MODEL),
        "missing_model": ErrorRule(Cause.MODEL),
        "not_implemented": ErrorRule(Cause.NOT_THE_API),
        "insufficient_user_quota": ErrorRule(Cause.BALANCE),
        "quota_not_enough": ErrorRule(Cause.BALANCE),
        "pre_consume_token_quota_failed": ErrorRule(Cause.BALANCE),
        "invalid_request": ErrorRule(Cause.REQUEST),
        "invalid_json": ErrorRule(Cause.REQUEST),
        "invalid_size": ErrorRule(Cause.REQUEST),
        "invalid_seconds": ErrorRule(Cause.REQUEST),
        # a metadata field of the wrong type: the server error is the gateway's way to say "bad request"
        "build_request_failed": ErrorRule(Cause.REQUEST),
        "read_request_body_failed": ErrorRule(Cause.TOO_LARGE),
        "task_failed": ErrorRule(Cause.UPSTREAM),
        # the provider's own status and words; a 401 among them is not about the user's key
        "fail_to_fetch_task": ErrorRule(Cause.UPSTREAM, certain=None, retryable=None),
        "task_not_exist": ErrorRule(Cause.TASK_MISSING),
        # the connection to the provider broke: the provider may have the task
        "do_request_failed": ErrorRule(Cause.UPSTREAM, certain=False),
        # the provider said yes without an id
        "invalid_response": ErrorRule(Cause.UPSTREAM, certain=False),
        # the last of several tries had no channel left; an earlier one may have got through
        "get_channel_failed": ErrorRule(Cause.UPSTREAM, certain=False),
        # MiniMax' own numbers: https://platform.minimax.io/docs/api-reference/errorcode
        "1002": ErrorRule(Cause.RATE, retryable=True),
        "1004": ErrorRule(Cause.UPSTREAM),
        "1008": ErrorRule(Cause.UPSTREAM),
        "1026": ErrorRule(Cause.CONTENT),
        "2013": ErrorRule(Cause.REQUEST),
        "2049": ErrorRule(Cause.UPSTREAM),
    }
)

# https://www.token360.ai/en-US/docs/api-reference/video-generation/submit-video-generation-request
_TOKEN360_ERRORS: Mapping[str, ErrorRule] = MappingProxyType(
    {
        "invalid_api_key": ErrorRule(Cause.KEY),
        "insufficient_balance": ErrorRule(Cause.BALANCE),
        "model_not_found": ErrorRule(Cause.MODEL),
        "InvalidParameter": ErrorRule(Cause.REQUEST),
    }
)

# By the dialects that profiles name.
ANSWERS: Mapping[str, GatewayAnswers] = MappingProxyType(
    {
        "new-api": GatewayAnswers(
            status_words=_STATUS_WORDS,
            id_places=("task_id", "id", "data.task_id", "data.id"),
            status_places=_STATUS_PLACES,
            progress_places=_PROGRESS_PLACES,
            url_places=_URL_PLACES,
            failure_places=_FAILURE_PLACES,
            cost_places=(("usage.cost", "credits"), ("data.usage.cost", "credits"), ("data.quota", "quota")),
            account_fields=("user_id", "group", "channel_id", "quota"),
            error_rules=_NEW_API_ERRORS,
        ),
        "token360": GatewayAnswers(
            status_words=_words(queued="queued", in_progress="in_progress", succeeded="completed", failed="failed"),
            id_places=("id",),
            status_places=("status",),
            progress_places=("progress",),
            url_places=("url", "video_url", "content.video_url"),
            failure_places=("error.message",),
            error_rules=_TOKEN360_ERRORS,
        ),
    }
)
