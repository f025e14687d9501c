"""Model ids as configs spell them: prefixes, suffixes, families, labels, and one spelling turned into another's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from tokenrouter_video.catalog import MODELS, VideoModel
from tokenrouter_video.needles import around
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

# Words in the ids of video models that are on the market; https://docs.newapi.pro lists most of them.
_VIDEO_WORDS = (
    "kling", "hailuo", "seedance", "sora", "veo", "runway", "pika", "luma", "vidu", "happyhorse", "jimeng", "ltx",
    "pixverse", "mochi", "t2v", "i2v", "text-to-video", "image-to-video", "video",
)  # fmt: skip
_VERSIONED_VIDEO_WORDS = regex(
    r"(?:^|[^a-z0-9])(?:wan\d?|gen-?[34]|ray-?\d|hunyuan-?video|cogvideo[xX]?)(?=$|[^a-z])",
    needs=("wan", "gen", "ray", "hunyuan", "cogvideo"),
)
_FAMILIES = ("kling", "hailuo", "seedance")
# The id of a model names its family.
_LONGEST_FIRST = tuple((one.id.lower(), one) for one in sorted(MODELS.values(), key=lambda one: -len(one.id)))
# Makers that routers put in front of their models' ids; a video id of this gateway carries none.
_VENDORS = frozenset(
    {
        "openai", "anthropic", "google", "meta", "meta-llama", "deepseek", "x-ai", "xai", "qwen", "mistralai",
        "mistral", "z-ai", "zai", "moonshotai", "moonshot", "minimax", "cohere", "nvidia", "microsoft", "amazon",
        "perplexity", "bytedance", "kuaishou", "alibaba", "tencent", "baidu", "stepfun",
    }
)  # fmt: skip
# Who makes the models of a family; any other maker's name in front of one says by which protocol it is asked.
_FAMILY_MAKERS = {"kling": "kuaishou", "hailuo": "minimax", "seedance": "bytedance"}
# Protocols that LiteLLM's SDK is told in front of an id, and that no maker is called; https://docs.litellm.ai/docs/providers.
_PROTOCOLS = frozenset({"litellm_proxy", "hosted_vllm", "openai_like", "custom_openai", "text-completion-openai"})
_ID = regex(r"[A-Za-z0-9][A-Za-z0-9._:/@+#~-]*")
_WORD = regex(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class ModelName:
    """An id taken apart: ``prefix + core + suffix`` is the text.

    ``model`` is the catalog's model that the core names, ``family`` a catalog family, ``is_video`` whether the id is
    known to be a video model's.
    """

    text: str
    prefix: str
    core: str
    suffix: str
    model: VideoModel | None
    family: str | None
    is_video: bool


@lru_cache(maxsize=4096)
def read_model_name(text: str) -> ModelName:
    """Take an id apart; a catalog model is recognised without case behind ``/ : - _ . @`` and before ``: @ #``."""
    folded = text.lower()
    families = [name for name in _FAMILIES if name in folded]
    for id_, model in _LONGEST_FIRST if families else ():
        start = folded.rfind(id_)
        if start < 0:
            continue
        end = start + len(model.id)
        if (start == 0 or text[start - 1] in "/:-_.@ ") and (end == len(text) or text[end] in ":@#"):
            return ModelName(text, text[:start], text[start:end], text[end:], model, model.family, is_video=True)
    family = next((name for name in families if _holds_word(folded, name)), None)
    slash = text.rfind("/") + 1
    is_video = family is not None or any(_holds_word(folded, word) for word in _VIDEO_WORDS if word in folded)
    is_video = is_video or _VERSIONED_VIDEO_WORDS.search(folded) is not None
    return ModelName(text, text[:slash], text[slash:], "", None, family, is_video)


def _holds_word(folded: str, word: str) -> bool:
    """Whether a word stands in a text as one of its own, perhaps with a version behind it."""
    return any(
        not (before.isascii() and before.isalnum()) and not (behind.isascii() and behind.isalpha())
        for before, behind in around(folded, word)
    )


def looks_like_id(text: str) -> bool:
    """Whether a string could be a model's id: one word that is no mere number."""
    return bool(_ID.fullmatch(text)) and not text.isdigit() and len(text) <= 200


def is_vendor_prefix(prefix: str) -> bool:
    """Whether an id's prefix names a model's maker, which a video id of this gateway does not carry."""
    return prefix.rstrip("/").lower() in _VENDORS


def is_protocol(prefix: str, texts: Iterable[str]) -> bool:
    """Whether a maker's name in front of ids is that of a protocol: ``openai/`` before a model of another maker."""
    if prefix.lower() in _PROTOCOLS:
        return True
    if not is_vendor_prefix(prefix):
        return False
    names = (read_model_name(text) for text in texts if f"{prefix}/" in text)
    return any(name.family is not None and _FAMILY_MAKERS[name.family] != prefix.lower() for name in names)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


# Spellings that configs derive from an id: for variables, constants, slugs and class names.
_SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    str.lower,
    str.upper,
    lambda text: re.sub(r"[-.]", "_", text),
    lambda text: re.sub(r"[-.]", "_", text).lower(),
    lambda text: re.sub(r"[-.]", "_", text).upper(),
    lambda text: text.replace(".", "-"),
    lambda text: text.replace(".", "-").lower(),
    lambda text: "".join(_words(text)).lower(),
    lambda text: "".join(word[:1].upper() + word[1:] for word in _words(text)),
    lambda text: "".join(word[:1].upper() + word[1:].lower() for word in _words(text)),
    lambda text: "".join(
        word.lower() if number == 0 else word[:1].upper() + word[1:].lower() for number, word in enumerate(_words(text))
    ),
)


def respell(text: str, old: ModelName, new: VideoModel) -> str | None:
    """Return ``text`` with one model's id or label turned into another's, spelled alike; ``None`` if it has none."""
    # Of a single word the other spellings are words of any text: "Claude" is a label, not a class name.
    spellings = _SPELLINGS if len(_words(old.core)) > 1 else _SPELLINGS[:3]
    for spelling in spellings:
        before = spelling(old.core)
        replaced = _replace_word(text, before, spelling(new.id))
        if replaced is not None:
            return replaced
    if old.model is not None:
        # The longest label first; of styles that spell the old model alike, the one that writes versions alike.
        pairs = sorted(
            zip(old.model.labels, new.labels, strict=True),
            key=lambda pair: (-len(pair[0]), ("." in pair[0]) != ("." in pair[1])),
        )
        for label, other in pairs:
            replaced = _replace_word(text, label, other)
            if replaced is not None:
                return replaced
    return _replace_alike(text, old.core, new.label)


def spelled_like(text: str, old: ModelName, new: VideoModel) -> str:
    """Return a model's id spelled as ``text`` spells another's: as a slug, in small letters, or as it is."""
    for spelling in _SPELLINGS:
        if text in (spelling(old.core), spelling(old.text), spelling(old.text.replace("/", "-"))):
            return spelling(new.id)
    return new.id


def _replace_word(text: str, old: str, new: str) -> str | None:
    """Replace ``old`` where it stands as a word of its own."""
    if not old or old not in text:
        return None
    pattern = re.compile(rf"(?<![A-Za-z0-9]){re.escape(old)}(?![A-Za-z0-9])")
    replaced, count = pattern.subn(lambda _: new, text)
    return replaced if count else None


def _replace_alike(text: str, core: str, label: str) -> str | None:
    """Replace the words of ``text`` that say ``core`` with other separators and case: ``GPT 4o`` for ``gpt-4o``."""
    wanted = "".join(_words(core)).lower()
    words = list(_WORD.finditer(text))
    for first in range(len(words)):
        joined = ""
        for last in range(first, min(first + 12, len(words))):
            joined += words[last].group().lower()
            if joined == wanted:
                return text[: words[first].start()] + label + text[words[last].end() :]
            if len(joined) >= len(wanted):
                break
    return None
