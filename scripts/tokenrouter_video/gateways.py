"""What differs between video gateways, as data: hosts, paths, headers; how they answer is told by
:mod:`tokenrouter_video.gateway_answers`.

The client, the journal and the polling loop read a profile and know no gateway by name.

Sources: the project's user documents for TokenRouter's hosts, base URL and paths; for the paths of its relatives the
source of the open gateway that TokenRouter is derived from, https://github.com/QuantumNous/new-api
(``router/video-router.go``, ``controller/relay.go``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

from tokenrouter_video.catalog import MODELS, VideoModel
from tokenrouter_video.records import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.gateway_answers import GatewayAnswers


@dataclass(frozen=True, slots=True, eq=False)
class GatewayProfile:
    """One kind of gateway; every text in it is data that the code above it only compares, joins or shows.

    ``hosts`` are the exact host names of its base URLs, ``brand_words`` mark look-alikes among other hosts.
    ``origin`` is the scheme and host that requests and the key go to. Paths hold ``{task_id}``; ``poll_paths`` are
    asked in their order until one turns out to be the API. ``models`` are those whose rules are known, and ``dialect``
    names its answers. Two profiles are equal if they are the same one.
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
    models: Mapping[str, VideoModel] = MappingProxyType({})
    no_channel_message: str = ""
    submit_method: str = "POST"
    poll_method: str = "GET"
    models_path: str = "/v1/models"
    auth_header: str = "Authorization"
    auth_scheme: str = "Bearer"
    request_id_headers: tuple[str, ...] = ()
    dialect: str = "new-api"

    @property
    def answers(self) -> GatewayAnswers:
        """How it answers, which only those need to know who ask it."""
        from tokenrouter_video.gateway_answers import ANSWERS

        return ANSWERS[self.dialect]

    def authorization(self, key: str) -> tuple[str, str]:
        """Return the one header, name and value, that carries the key."""
        return self.auth_header, f"{self.auth_scheme} {key}" if self.auth_scheme else key

    def poll_path(self, index: int, task_id: str) -> str:
        """Return the ``index``-th poll path for a task, its id percent-encoded."""
        return self.poll_paths[index].format(task_id=quote(task_id, safe=""))

    def content_url(self, origin: str, task_id: str) -> str:
        """Return the URL under which the gateway itself serves the video; it wants the key."""
        return origin.rstrip("/") + self.content_path.format(task_id=quote(task_id, safe=""))


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
    dialect="token360",
)

# The gateways whose channels the program looks for.
PROFILES: Mapping[str, GatewayProfile] = MappingProxyType({TOKENROUTER.name: TOKENROUTER})
