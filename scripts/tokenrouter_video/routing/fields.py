"""What the fields of model entries mean, by their names: ids, labels, kinds, paths, and what belongs to chat alone."""

from __future__ import annotations

from functools import lru_cache

from tokenrouter_video.patterns import regex

_SEPARATORS = regex(r"[^a-z0-9]")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Return a field's name without case and separators: ``base_url`` and ``baseURL`` are one."""
    return _SEPARATORS.sub("", name.lower())


# In the order in which they are asked; the first whose values look like ids is a list's id field.
ID_FIELDS = ("id", "modelid", "modelname", "model", "slug", "name", "value", "key")
LABEL_FIELDS = frozenset(
    {"name", "label", "title", "displayname", "modeldisplayname", "display", "alias", "shortname", "text"}
)
KIND_FIELDS = frozenset(
    {
        "kind", "type", "mode", "modeltype", "category", "task", "tasktype", "modality", "endpointtype", "apitype",
        "routetype", "servicekind", "usage", "outputtype", "requesttype", "format", "capability",
        "endpoint", "operation", "action", "route",
    }
)  # fmt: skip
PROVIDER_FIELDS = frozenset({"provider", "providerid", "providername", "channel", "channelid", "upstream", "backend"})
# Beside a base URL: by which protocol the provider is asked, unless they name a model's kind.
PROTOCOL_FIELDS = frozenset({"type", "kind"})
# Fields by which a list counts its entries: a place in their order, a number that each has to itself, a rank.
_ORDERS = regex(
    r"(?:display|show|view|ui|menu|list|sort|order|item|entry|row)*"
    r"(?:order|sort|index|idx|position|pos|sequence|seq|ordinal)(?:no|num|number)?",
    needs=("order", "sort", "index", "idx", "pos", "seq", "ordinal"),
)
_NUMBERS = frozenset({"id", "uid", "no", "number"})
# A field of an entry's parameters that names the credentials, and with them the URL, of its provider.
CREDENTIAL_FIELDS = frozenset({"litellmcredentialname", "credentialname"})
# A field that holds an id of the entry's own model, wherever in the entry it stands.
MODEL_FIELDS = frozenset(
    {
        "model", "modelname", "modelid", "modelslug", "upstreammodel", "upstreammodelname", "upstreamid", "apimodel",
        "targetmodel", "remotemodel", "remoteid", "deploymentid", "deployment", "endpointmodel",
    }
)  # fmt: skip
_VIDEO_LIST = ("video", "t2v", "i2v")
_CHAT_LIST = ("chat", "completion", "llm", "text", "language", "responses", "messages")
# What may stand in front of "models" without making it a list of something else: not "promptModels", "fallback_models".
_LIST_PREFIXES = regex(
    r"(?:available|supported|custom|personal|provider|channel|router?|user|my|our|extra|additional|all|upstream|remote|cloud"
    r"|api|static|registered|known|tokenrouter|palebluedot|tr|config|gateway|generation|video|t2v|i2v|chat|completion|llm"
    r"|text|language|responses|messages|kling|hailuo|minimax|seedance|dreamina|media)+"
)
_LIST_ENDS = (
    "models", "modellist", "modelmap", "modelids", "modelnames", "modelroutes", "modelconfigs", "modelentries",
    "modelcatalog", "modelregistry", "routes", "deployments",
)  # fmt: skip

# True of one model or of chat only; an entry for another model must not inherit it.
_OWN_TO_CHAT = regex(
    r"context|ctx|token|cost|pric|limit|tool|function|reason|think|vision|attachment|temperature|topp$|topk$|stop|system"
    r"|prompt|autocompact|knowledge|release|cutoff|tier|rpm|tpm|budget|effort|cache|stream|json|structured|schema|compat|variant"
    r"|param|option|description|summary|note|default|primary|tag|role|capabilit|feature|support|abilit|version|family"
    r"|created|updated|date|alias|fallback|benchmark|score|rank|weight|priority|input|output|modalit|verbosity|penalty"
    r"|seed|extra|editformat|editor|weakmodel|repomap|api$|apitype|protocol|litellmprovider|image|audio|embedd|dimension"
)
_PRICES = ("cost", "pric", "quota", "credit", "billing", "currency")
_DATED = ("release", "cutoff", "knowledge", "created", "updated", "modified")
_DATED_ENDS = ("date", "addedat")
_MAKERS = frozenset({"ownedby", "maker", "creator", "author", "developer", "organization", "publisher"})
_PAGES = (
    "doc", "home", "link", "page", "card", "site", "icon", "logo", "image", "picture", "thumb", "cover", "poster",
    "banner", "preview", "sample", "demo",
)  # fmt: skip
_ALONE = frozenset(
    f"{front}{word}{end}"
    for front in ("", "is")
    for word in ("default", "primary", "selected", "preferred")
    for end in ("", "model")
) | {"alias", "aliases"}

_PATHS = regex(
    r"/(?:chat/completions|completions|images?/generations|images?/edits|embeddings|responses|messages"
    r"|audio/speech|audio/transcriptions)(?=$|[?#/])"
)
VIDEO_PATH = "/video/generations"

# A chat entry's kind and the same word for video, in the styles that configs use.
_VIDEO_KINDS = {
    "chat": "video",
    "llm": "video",
    "text": "video",
    "language": "video",
    "completion": "video_generation",
    "completions": "video_generation",
    "responses": "video",
    "image": "video",
    "embedding": "video",
    "audio": "video",
    "chat_completion": "video_generation",
    "chat_completions": "video_generation",
    "chatcompletion": "videogeneration",
    "chatcompletions": "videogenerations",
    "chat-completion": "video-generation",
    "chat-completions": "video-generations",
    "chat/completions": "video/generations",
    "text_generation": "video_generation",
    "text-generation": "video-generation",
    "image_generation": "video_generation",
    "image-generation": "video-generation",
    "text2text": "text2video",
    "text-to-text": "text-to-video",
}


@lru_cache(maxsize=4096)
def list_class(name: str) -> str | None:
    """Return what a list of this name is for: ``video``, ``general``, ``chat``, or ``None`` for no list of models."""
    folded = fold(name)
    ends = [folded.removesuffix(end) for end in _LIST_ENDS if folded.endswith(end)]
    is_list = any(not front or _LIST_PREFIXES.fullmatch(front) for front in ends)
    if _holds(folded, _VIDEO_LIST) and (is_list or folded in ("video", "videos")):
        return "video"
    if not is_list:
        return None
    return "chat" if _holds(folded, _CHAT_LIST) else "general"


def _holds(name: str, words: tuple[str, ...]) -> bool:
    return any(word in name for word in words)


def belongs_to_chat(name: str) -> bool:
    """Whether a field of a chat entry says nothing about a video model."""
    return bool(_OWN_TO_CHAT.search(fold(name)))


def counter_kind(name: str) -> str | None:
    """Return how a field of this name may count entries: by ``order``, ``number`` or ``rank``; else ``None``."""
    folded = fold(name)
    if folded in _NUMBERS:
        return "number"
    if folded == "rank":
        return "rank"
    return "order" if _ORDERS.fullmatch(folded) else None


def is_price(name: str) -> bool:
    """Whether a field holds what a model costs."""
    return _holds(fold(name), _PRICES)


def is_dated(name: str) -> bool:
    """Whether a field says when a model came out or what it knows: true of one model only."""
    return _holds(fold(name), _DATED) or fold(name).endswith(_DATED_ENDS)


def is_maker_name(name: str) -> bool:
    """Whether a field says whose model it is."""
    return fold(name) in _MAKERS


def is_one_models_alone(name: str) -> bool:
    """Whether only one entry may have a field: the default's mark, another name."""
    return fold(name) in _ALONE


def is_page(name: str) -> bool:
    """Whether a field leads people to a page or picture: what it says of one model is not there of another."""
    return _holds(fold(name), _PAGES)


def is_kind(name: str) -> bool:
    """Whether a field says what an entry is used for."""
    return fold(name) in KIND_FIELDS


def is_label(name: str) -> bool:
    """Whether a field holds a name for people."""
    return fold(name) in LABEL_FIELDS


def video_path(value: str) -> str | None:
    """Return a chat, image or other path with the video path in its place, ``None`` where there is none."""
    replaced, count = _PATHS.subn(VIDEO_PATH, value) if "/" in value else (value, 0)
    return replaced if count else None


def is_video_word(value: str) -> bool:
    """Whether a kind or path says video."""
    return "video" in value.lower()


def video_kind(value: str) -> str | None:
    """Return the word for video in the style of another kind's word, ``None`` where no such word is known."""
    other = _VIDEO_KINDS.get(value.lower())
    if other is None:
        return None
    if value.isupper():
        return other.upper()
    return other[0].upper() + other[1:] if value[:1].isupper() else other
