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
    """base url urls uri api endpoint endpoints host hosts hostname proxy upstream server gateway origin http https v v1
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
    row lookup license telemetry sentry langfuse analytics prompt completion context input output budget short hot
    requires needs has"""
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
# Fields that switch off what they are a field of.
_OFF_IF_FALSE = _set("enabled enable isenabled active isactive use usethisprovider")
_OFF_IF_TRUE = _set("disabled disable isdisabled inactive archived")
_OFF_WORDS = _set("disabled inactive off archived")
_SWITCHES = _OFF_IF_FALSE | _OFF_IF_TRUE | {"status"}
_BRANDS = _set("tokenrouter tr palebluedot pbd")
# Words of a service that speaks for models, whoever runs it; OpenAI's are those of its protocol ...
_MODEL_SERVICE = _set("open ai openai llm llms gpt model models genai inference provider compatible generic")
# ... and what models are called for.
_MODEL_USES = _set(
    "embed embedding embeddings rerank reranker chat image images video videos vision speech tts stt audio"
)
_BARE_TOKEN = _set("token tokens secret auth access bearer my default")
_OF_A_SERVER_LAST = _set("port dsn listen bind password passwd username database")
# What stands in front of names and says nothing of the service: frameworks hand only such variables on to a page.
_LEADS = (
    *(("next", "public"), ("nuxt", "public"), ("expo", "public"), ("react", "app"), ("vue", "app"), ("vite",)),
    *(("self",), ("this",)),
)


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
    words = _plain_words(name)
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


@lru_cache(maxsize=4096)
def affinity(url_name: str, key_name: str, owner: str = "") -> int | None:
    """Return how well a key goes with a URL by their names alone, 0 best, ``None`` where they are of different things.

    0: they say the same of their service; 1: nothing against it; 2: only if no other key may be meant; 3: perhaps, and
    perhaps another service's: never used. ``owner`` is the name of the entry that both stand in.
    """
    of_url, of_key = _numbers(url_name), _numbers(key_name)
    if of_url and of_key and of_url != of_key:
        return None
    found = _likeness(url_name, key_name, owner)
    return found if of_url == of_key or found is None else max(found, 2)


def _likeness(url_name: str, key_name: str, owner: str) -> int | None:
    url, key = _service(url_name, _URL_WORDS), _service(key_name, _KEY_WORDS)
    if "".join(url) == "".join(key) or (key and _is_followed_by(_plain_words(url_name), key, _URL_WORDS)):
        return 0
    if _is_brand(key):
        return 0 if _is_brand(url) else 1
    if not key:
        return 1
    if owner and "".join(key) == folded(owner):
        return 1
    is_of_models = _MODEL_SERVICE.issuperset(key)
    if not url:
        # `OPENAI_API_KEY` is what SDKs read, whatever base URL they are given.
        return 2 if is_of_models else 3
    # A program's own key is named like it, and so is the base URL of what it embeds or speaks with.
    shorter = min(len(url), len(key))
    is_perhaps = url[:shorter] == key[:shorter] or (is_of_models and (_MODEL_SERVICE | _MODEL_USES).issuperset(url))
    return 3 if is_perhaps else None


@lru_cache(maxsize=4096)
def is_bare_token(name: str) -> bool:
    """Whether a key's name says neither whose it is nor that it is one of an API: ``TOKEN``, ``authToken``."""
    return not _leading(name, _KEY_WORDS) and _BARE_TOKEN.issuperset(_split(name))


@lru_cache(maxsize=4096)
def is_of_a_server(name: str) -> bool:
    """Whether a setting of this name is one of a server or bot: where it listens, who logs in to it, its database."""
    words = _split(name)
    return bool(words) and (words[-1] in _OF_A_SERVER_LAST or words in (("host",), ("database", "url")))


def key_name_for(url_name: str) -> str:
    """Return the name, spelled like that of a URL, under which its key is surely its own: ``TR_API_KEY``."""
    lead = list(_split(url_name))
    while lead and lead[-1] in _URL_WORDS:
        lead.pop()
    words: tuple[str, ...] = (*_with_numbers(lead, url_name), "api", "key")
    if url_name.isupper():
        return "_".join(words).upper()
    for separator in ("_", "-"):
        if separator in url_name:
            return separator.join(words)
    return words[0] + "".join(word.capitalize() for word in words[1:])


def is_variable_name(text: str) -> bool:
    """Whether a text is spelled like an environment variable of two or more words: ``TR_KEY``."""
    return text.isascii() and text.isidentifier() and text == text.upper() and "_" in text.strip("_")


def _prefix(name: str, own: frozenset[str]) -> str:
    return "".join(_leading(name, own))


def _leading(name: str, own: frozenset[str]) -> tuple[str, ...]:
    words = list(_split(name))
    while words and (words[-1] in own or words[-1].isdigit()):
        words.pop()
    return tuple(words)


def _service(name: str, own: frozenset[str]) -> tuple[str, ...]:
    """Return the words of a name that say whose URL or key it is, without a lead that says nothing of it."""
    return _without_lead(_leading(name, own))


def _with_numbers(words: list[str], name: str) -> list[str]:
    """Return words with the numbers at those that they are written at in a name: ``provider2``."""
    found: list[str] = []
    for word in words:
        if found and word.isdigit() and found[-1] + word in name.lower():
            found[-1] += word
        else:
            found.append(word)
    return found


def _numbers(name: str) -> tuple[str, ...]:
    """Return the numbers in a name, which tell the URLs and keys of several services apart; ``v1`` is of a path."""
    words = _split(name)
    return tuple(word for before, word in zip(("", *words), words, strict=False) if word.isdigit() and before != "v")


def _plain_words(name: str) -> tuple[str, ...]:
    return _without_lead(_split(name))


def _without_lead(words: tuple[str, ...]) -> tuple[str, ...]:
    known = next((lead for lead in _LEADS if words[: len(lead)] == lead), ())
    return words[len(known) :]


def _is_followed_by(words: tuple[str, ...], start: tuple[str, ...], own: frozenset[str]) -> bool:
    """Whether words begin with others, and only own words of URLs come behind: ``server url`` and ``server``."""
    return words[: len(start)] == start and own.issuperset(words[len(start) :])


def _is_brand(words: tuple[str, ...]) -> bool:
    return not _BRANDS.isdisjoint(words) or any(brand in "".join(words) for brand in ("tokenrouter", "palebluedot"))


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


def switches_off(name: str, value: object) -> bool:
    """Whether a field of this name and value switches off what it is a field of."""
    word = folded(name)
    if word not in _SWITCHES:
        return False
    text = str(value).casefold()
    if word in _OFF_IF_FALSE:
        return text in ("false", "no", "off", "0")
    return text in (("true", "yes", "on", "1") if word in _OFF_IF_TRUE else _OFF_WORDS)
