"""What differs between video gateways, as data: hosts, paths, headers, status words, error codes, where results are.

The client, the journal and the polling loop read a profile and know no gateway by name. Places in a JSON answer are
dotted names from its top: ``data.result_url``; ``videos[].url`` is every item of a list.

Sources: the project's user documents for TokenRouter's hosts, base URL and paths; for what servers really answer the
source of the open gateway that TokenRouter is derived from, https://github.com/QuantumNous/new-api
(``router/video-router.go``, ``dto/task.go``, ``dto/openai_video.go``, ``model/task.go``, ``controller/relay.go``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import quote

from tokenrouter_video.catalog import MODELS, VideoModel
from tokenrouter_video.records import dataclass, field, replace


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
class GatewayProfile:
    """One kind of gateway; every text in it is data that the code above it only compares, joins or shows.

    ``hosts`` are the exact host names of its base URLs, ``brand_words`` mark look-alikes among other hosts.
    ``origin`` is the scheme and host that requests and the key go to. Paths hold ``{task_id}``; ``poll_paths`` are
    asked in their order until one turns out to be the API. Status words are case-folded, without surrounding space.
    ``models`` are those whose rules are known. Two profiles are equal if they are the same one.
    """

    name: str
    title: str
    hosts: tuple[str, ...]
    brand_words: tuple[str, ...]
    origin: str
    sign_up_url: str
    submit_path: str
    poll_paths: tuple[str, ...]
    content_path: str
    status_words: Mapping[str, TaskStatus]
    id_places: tuple[str, ...]
    status_places: tuple[str, ...]
    progress_places: tuple[str, ...]
    url_places: tuple[str, ...]
    failure_places: tuple[str, ...]
    models: Mapping[str, VideoModel] = field(default_factory=lambda: MappingProxyType({}))
    no_channel_message: str = ""
    submit_method: str = "POST"
    poll_method: str = "GET"
    models_path: str = "/v1/models"
    auth_header: str = "Authorization"
    auth_scheme: str = "Bearer"
    request_id_headers: tuple[str, ...] = ()
    cost_places: tuple[tuple[str, str], ...] = ()
    account_fields: tuple[str, ...] = ()
    error_rules: Mapping[str, ErrorRule] = field(default_factory=lambda: MappingProxyType({}))

    def authorization(self, key: str) -> tuple[str, str]:
        """Return the one header, name and value, that carries the key."""
        return self.auth_header, f"{self.auth_scheme} {key}" if self.auth_scheme else key

    def status_of(self, word: str) -> TaskStatus:
        """Return what a gateway's status word means; ``UNKNOWN`` for a word that the profile does not list."""
        return self.status_words.get(word.strip().casefold(), TaskStatus.UNKNOWN)

    def poll_path(self, index: int, task_id: str) -> str:
        """Return the ``index``-th poll path for a task, its id percent-encoded."""
        return self.poll_paths[index].format(task_id=quote(task_id, safe=""))

    def content_url(self, origin: str, task_id: str) -> str:
        """Return the URL under which the gateway itself serves the video; it wants the key."""
        return origin.rstrip("/") + self.content_path.format(task_id=quote(task_id, safe=""))


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

# A deployment of new-api as its source has it; which one, its owner says. Described, not offered.
NEW_API = GatewayProfile(
    name="new-api",
    title="the new-api gateway",
    hosts=(),
    brand_words=(),
    origin="",
    sign_up_url="",
    submit_path="/v1/video/generations",
    poll_paths=("/v1/video/generations/{task_id}", "/v1/videos/{task_id}"),
    content_path="/v1/videos/{task_id}/content",
    request_id_headers=("X-Oneapi-Request-Id",),
    status_words=_STATUS_WORDS,
    id_places=("task_id", "id", "data.task_id", "data.id"),
    status_places=_STATUS_PLACES,
    progress_places=_PROGRESS_PLACES,
    url_places=_URL_PLACES,
    failure_places=_FAILURE_PLACES,
    cost_places=(("usage.cost", "credits"), ("data.usage.cost", "credits"), ("data.quota", "quota")),
    account_fields=("user_id", "group", "channel_id", "quota"),
    error_rules=_NEW_API_ERRORS,
)

TOKENROUTER = replace(
    NEW_API,
    name="tokenrouter",
    title="TokenRouter",
    hosts=("api.tokenrouter.com", "open.palebluedot.ai"),
    brand_words=("tokenrouter", "palebluedot"),
    origin="https://api.tokenrouter.com",
    sign_up_url="https://www.tokenrouter.com",
    no_channel_message=(
        "No tokenrouter channel with https://api.tokenrouter.com or https://open.palebluedot.ai was found. "
        "Please visit https://www.tokenrouter.com to register and obtain your channel configuration, "
        "then add it to the workspace."
    ),
    models=MODELS,
    # the first is the one that the project was asked for with
    poll_paths=("/video/generations/{task_id}", "/v1/video/generations/{task_id}"),
    request_id_headers=("X-Tokenrouter-Request-Id", "X-Oneapi-Request-Id"),
)

# Described, not offered: a gateway with OpenAI's answers in the same shape. Fields as its public reference gives them,
# https://www.token360.ai/en-US/docs/api-reference/video-generation/submit-video-generation-request
TOKEN360 = GatewayProfile(
    name="token360",
    title="Token360",
    hosts=("api.token360.ai",),
    brand_words=("token360",),
    origin="https://api.token360.ai",
    sign_up_url="https://www.token360.ai",
    submit_path="/v1/videos",
    poll_paths=("/v1/videos/{task_id}",),
    content_path="/v1/videos/{task_id}/content",
    status_words=_words(queued="queued", in_progress="in_progress", succeeded="completed", failed="failed"),
    id_places=("id",),
    status_places=("status",),
    progress_places=("progress",),
    url_places=("url", "video_url", "content.video_url"),
    failure_places=("error.message",),
    error_rules=MappingProxyType(
        {
            "invalid_api_key": ErrorRule(Cause.KEY),
            "insufficient_balance": ErrorRule(Cause.BALANCE),
            "model_not_found": ErrorRule(Cause.MODEL),
            "InvalidParameter": ErrorRule(Cause.REQUEST),
        }
    ),
)

# The gateways whose channels the program looks for.
PROFILES: Mapping[str, GatewayProfile] = MappingProxyType({TOKENROUTER.name: TOKENROUTER})
