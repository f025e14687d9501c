"""What the new entry is called: its id and its label, with what the list puts around all of its own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.consumer_rules import Rules
from tokenrouter_video.gateways import TOKENROUTER
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.fields import fold
from tokenrouter_video.routing.model_names import is_protocol, is_vendor_prefix, read_model_name

Parts = tuple[str, ...]

_SEGMENT = regex(r"[^/:@]*[/:@]")
_WORD = regex(r"[A-Za-z0-9]+")
# What tells the variants of one model apart behind a colon; https://docs.ollama.com/api, https://openrouter.ai/docs.
_TAG = regex(
    r"(?:latest|free|cloud|nitro|floor|online|extended|thinking|instruct|[a-z]?\d+(?:\.\d+)?[bmk]|q\d\w*|fp?16)(?:[-_.].*)?\Z",
    re.IGNORECASE,
)
# Words between a label and the name of who serves the model: "Kling v3 (via TokenRouter)".
_FILLERS = frozenset(
    {"via", "by", "on", "at", "from", "through", "the", "api", "ai", "gateway", "router", "proxy", "com"}
)


@dataclass(frozen=True, slots=True)
class Naming:
    """Names for ``model`` in one list; ``provider`` is the name of the channel's block."""

    model: VideoModel
    rules: Rules
    provider: str | None

    def new_id(self, text: str, path: Parts, peers: Iterable[str]) -> str:
        """Return the new model's id in place of ``text``; ``peers`` are the same field's values in all entries.

        Kept is what the consumer demands in front, what stands around a known model's id, and what all ids of the list
        start with unless that names makers, whose names this gateway's video ids do not carry.
        """
        demanded = next((prefix for where, prefix in self.rules.id_prefixes if where == path), None)
        if demanded is not None:
            return demanded + self.model.id
        name = read_model_name(text)
        if name.model is not None:
            own = self._names_a_maker(name.prefix, [text]) or fold(name.prefix) == name.family
            prefix = "" if own and name.family != self.model.family else name.prefix
            return prefix + self.model.id + name.suffix
        return self._prefix(list(dict.fromkeys([*peers, text]))) + self.model.id

    def _prefix(self, texts: Sequence[str]) -> str:
        common = _common_start(texts)
        segments = _SEGMENT.findall(common)
        if len(texts) < 2:
            # What a single id starts with is its model's maker, unless it is the channel's own name.
            segments = list(
                itertools.takewhile(
                    lambda one: self._names_the_channel(one, ()) or is_protocol(one.rstrip("/"), texts), segments
                )
            )
        rests = [text[len("".join(segments)) :] for text in texts]
        if segments and segments[-1].endswith(":") and any(map(_TAG.match, rests)):
            # "qwen3-coder:30b", "qwen3-coder:latest": in front of a tag stands the model, not who serves it.
            segments.pop()
        while segments and self._names_a_maker(segments[-1][:-1], texts):
            segments.pop()
        return "".join(segments)

    def _names_a_maker(self, prefix: str, texts: Sequence[str]) -> bool:
        return is_vendor_prefix(prefix) and not is_protocol(prefix.rstrip("/"), texts)

    def label(self, labels: Sequence[str]) -> str:
        """Return the model's name for people, between what all labels of the list start and end with."""
        start, end = _common_start(labels), _common_start([label[::-1] for label in labels])[::-1]
        front, back = re.match(r".*[:|/\]·]\s+", start), re.search(r"\s+[(\[|@·].*$", end)
        around = [front.group() if front else "", back.group() if back else ""]
        if len(labels) < 2:
            # What a single label ends with may be about its model: only the gateway's own name surely is not.
            around = [part if self._names_the_channel(part, _FILLERS) else "" for part in around]
        return around[0] + self.model.label + around[1]

    def _names_the_channel(self, text: str, fillers: Iterable[str]) -> bool:
        """Whether a text says the channel's or the gateway's name and nothing else."""
        words = [word for word in _WORD.findall(text.lower()) if word not in fillers]
        said = "".join(words)
        return bool(said) and said in {fold(name) for name in (*TOKENROUTER.brand_words, self.provider or "") if name}


def _common_start(texts: Sequence[str]) -> str:
    """Return the characters that all texts start with."""
    columns = itertools.takewhile(lambda chars: len(set(chars)) == 1, zip(*texts, strict=False))
    return "".join(chars[0] for chars in columns)
