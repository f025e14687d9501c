"""What the names in a config mean: which hold a base URL, which a key, which only wrap.

Spellings are folded (``baseURL``, ``base_url``, ``BASE-URL``), so one vocabulary serves every format and consumer.
"""

from __future__ import annotations

from functools import lru_cache

from tokenrouter_video.secret_names import name_words


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A name whose last word is one of these holds a URL ...
_URL_LAST = _set(
    "url urls uri endpoint endpoints host hosts hostname base bases upstream api server gateway proxy origin"
)
# ... unless another word says that people, not programs, go there, or that it is no address at all.
_NOT_A_BASE_URL = _set(
    """docs doc documentation website homepage home site signup sign login logout register registration icon logo avatar
    help pricing price referer referrer comment description note notes schema contact support terms privacy
    console dashboard external callback redirect webhook about repository repo bugs issues changelog blog link source"""
)
# The last is what AnythingLLM and the first SDKs of OpenAI call it.
_BASE_ENDS = ("baseurl", "apibase", "apiurl", "apihost", "baseuri", "basepath")
# The names that hold the base URL itself, where several URLs stand in one block.
_BASE_FIRST = _set(
    """baseurl baseuri basepath apibase apibaseurl apiurl apihost base api customhost endpointurl upstreamurl endpoint
    url host"""
)

_URL_WORDS = _set(
    """base url urls uri api endpoint endpoints host hosts hostname proxy upstream server gateway origin http https v1
    path chat completions bases public private internal root address custom default my"""
)
# With these, too, a name can mean nothing else than a base URL; a model's or video's own URL leads to what it is.
_BASE_URL_WORDS = (_URL_WORDS - {"public"}) | _set("open ai openai anthropic service provider backend target llm")
_BASE_URL_LAST = _set("url uri base endpoint host")
_KEY_WORDS = _set(
    """api key keys token tokens auth access bearer secret env var variable name file path location value authorization
    apikey apikeys x header field cmd command helper credential credentials default custom experimental my"""
)

_KEY_LAST = _set("key keys token tokens authorization apikey apikeys bearer secret")
# Keys of other things: of the server itself, of a table, of a cipher.
_OTHER_KEYS = _set(
    """public primary foreign sort cache master admin virtual encryption encrypt signing salt webhook jwt session max
    min total stop pad eos bos cookie csrf ssh gpg tls ssl cert certificate client database db redis index partition
    row lookup license telemetry sentry langfuse analytics prompt completion context input output budget short hot"""
)
# Kong's `auth: {header_name, header_value}` among them.
_KEY_VALUES = _set("authorization xapikey apikeyvalue headervalue paramvalue")
_ENV_LAST = _set("env envs var vars variable variables")
_SECRET_HINTS = _set("key keys token tokens auth authorization secret bearer credential credentials apikey")

# Where a container's variables stand: in Kubernetes and Compose, and in the values of charts.
_ENVIRONMENTS = _set(
    """env envs environment envvars variables envvariables environmentvariables extraenv extraenvs extraenvvars
    extraenvironment extraenvironmentvariables additionalenv additionalenvs additionalenvvars"""
)
# Keys that wrap a block's settings without being an entry of their own ...
_STRICT_WRAPPERS = (_ENVIRONMENTS - {"variables"}) | _set(
    """options litellmparams networkconfig credentialvalues extraparams modelkwargs kwargs
    vars stringdata requestinit providerconfig customproviderconfig clientoptions clientconfig connection"""
)
# ... and those that do unless they stand in a collection, where they may be an entry's name.
_WRAPPERS = _STRICT_WRAPPERS | _set(
    """transport api apis config configuration credentials spec settings http https client defaults params
    parameters data access auth authentication upstream endpoint request openaiconfig init"""
)
# Where a block keeps its key when that does not stand beside the URL.
_KEY_PLACES = _WRAPPERS | _set(
    """headers httpheaders envhttpheaders defaultheaders requestheaders extraheaders customheaders keys apikeys key
    apikey token authtoken secret secrets apikeyref secretref valuefrom security authorization bearer credential"""
)
# Maps and lists of entries: a key in one of them names an entry, even if it is spelled like a wrapper.
_COLLECTIONS = _set(
    """providers provider models model modellist channels channel endpoints custom customproviders custommodels services
    integrations targets backends routes upstreams clients apis modelproviders apiconfigs profiles openaicompatible
    apiconfigurations accounts deployments instances items"""
)
_BRANDS = _set("tokenrouter tr palebluedot pbd")


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Return a name without case and separators: ``base_url`` and ``baseURL`` are ``baseurl``."""
    return "".join(char for char in name.lower() if char.isalnum())


@lru_cache(maxsize=4096)
def is_url_name(name: str) -> bool:
    """Whether a value under this name is an address that a program calls."""
    words = _split(name)
    if not words or not _NOT_A_BASE_URL.isdisjoint(words):
        return False
    return words[-1] in _URL_LAST or folded(name).endswith(_BASE_ENDS)


@lru_cache(maxsize=4096)
def url_rank(name: str) -> int:
    """Return 0 for a name of the base URL itself, 1 for one with a prefix to it, 2 for any other address."""
    text = folded(name)
    if text in _BASE_FIRST:
        return 0
    return 1 if text.endswith((*_BASE_ENDS, "apibaseurls", "baseurls")) else 2


@lru_cache(maxsize=4096)
def is_base_url_name(name: str) -> bool:
    """Whether a value under this name is a base URL, whatever it says: not any address that a program calls."""
    words = _split(name)
    if not is_url_name(name) or words[-1] not in _BASE_URL_LAST:
        return False
    is_place = words[-1] not in ("url", "uri")
    known = _BASE_URL_WORDS | {"model", "video"} if is_place else _BASE_URL_WORDS
    return known.issuperset(words) or url_rank(name) == 1


@lru_cache(maxsize=4096)
def key_kind(name: str) -> str | None:
    """Return how a value under this name gives a key, ``value``, ``env``, ``file`` or ``command``, else ``None``."""
    words = _split(name)
    if not words or not _OTHER_KEYS.isdisjoint(words):
        return None
    hinted = not _SECRET_HINTS.isdisjoint(words)
    if words[-1] in _ENV_LAST or (words[-1] == "name" and len(words) > 1 and words[-2] in _ENV_LAST):
        return "env" if hinted else None
    if words in (("env", "key"), ("env", "name")):
        return "env"
    if hinted and words[-1] in ("file", "path"):
        # A file of several keys holds those of a server's own clients.
        return None if "keys" in words else "file"
    if hinted and words[-1] in ("helper", "cmd", "command", "script"):
        return "command"
    if words[-1] == "location" and hinted:
        return "value"
    return "value" if words[-1] in _KEY_LAST or folded(name) in _KEY_VALUES else None


def is_environment(name: str) -> bool:
    """Whether a key holds a container's variables."""
    return folded(name) in _ENVIRONMENTS


def is_wrapper(name: str) -> bool:
    """Whether a key wraps settings of the block that it stands in."""
    return folded(name) in _WRAPPERS


def is_tool_server(name: str) -> bool:
    """Whether a key holds servers of tools (Model Context Protocol), whose URLs are no base URLs of models."""
    return folded(name) in ("mcp", "mcpservers", "mcpserver")


def is_strict_wrapper(name: str) -> bool:
    """Whether a key is a wrapper even in a collection, where other wrappers' names may be those of entries."""
    return folded(name) in _STRICT_WRAPPERS


def is_key_place(name: str) -> bool:
    """Whether a block's key may stand below a key of this name."""
    return folded(name) in _KEY_PLACES


def is_collection(name: str) -> bool:
    """Whether the keys or items below a key of this name are entries of their own."""
    return folded(name) in _COLLECTIONS


@lru_cache(maxsize=4096)
def url_prefix(name: str) -> str:
    """Return what stands in front of a URL name's own words: ``tr`` of ``TR_BASE_URL``."""
    return _prefix(name, _URL_WORDS)


@lru_cache(maxsize=4096)
def key_prefix(name: str) -> str:
    """Return what stands in front of a key name's own words: ``tr`` of ``TR_API_KEY``."""
    return _prefix(name, _KEY_WORDS)


def affinity(url_name: str, key_name: str) -> int | None:
    """Return how well a key goes with a URL by their names alone, 0 best, ``None`` where they are of different things.

    2 means that only the key has a prefix: it is the URL's where no other key is there.
    """
    url, key = url_prefix(url_name), key_prefix(key_name)
    if url == key or (url in _BRANDS and key in _BRANDS):
        return 0
    if not key or key in _BRANDS:
        return 1
    if not url:
        return 2
    return 1 if url.startswith(key) or key.startswith(url) else None


def is_variable_name(text: str) -> bool:
    """Whether a text is spelled like an environment variable of two or more words: ``TR_KEY``."""
    return text.isascii() and text.isidentifier() and text == text.upper() and "_" in text.strip("_")


def _prefix(name: str, own: frozenset[str]) -> str:
    words = list(_split(name))
    while words and (words[-1] in own or words[-1].isdigit()):
        words.pop()
    return "".join(words)


# Words that are also written as one.
_RUN_TOGETHER = {
    joined.replace(" ", ""): tuple(joined.split())
    for joined in ("base url", "api base", "api url", "api host", "api key", "auth token", "access token")
}


@lru_cache(maxsize=4096)
def _split(name: str) -> tuple[str, ...]:
    words: list[str] = []
    for word in name_words(name):
        joined = next((joined for joined in _RUN_TOGETHER if word.endswith(joined)), "")
        head = word[: len(word) - len(joined)]
        words += [head] if head else []
        words += _RUN_TOGETHER.get(joined, ())
    return tuple(words)
