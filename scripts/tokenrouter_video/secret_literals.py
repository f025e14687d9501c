"""The literals of a config that are secrets, whoever's they are: those that stand where a secret's name says so."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from tokenrouter_video.patterns import regex
from tokenrouter_video.secret_names import is_keyring, is_secret_name, may_name_secrets
from tokenrouter_video.secrets import is_plain_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_QUOTED = regex(r"""(["'`])([^"'`\s]{6,512})\1""", needs=('"', "'", "`"))
_LONGEST_CODE = 4_000
# ${NAME:-text}, as shells and the configs that follow them write it, and Spring's ${NAME:text}.
_FALLBACK = regex(r"\$\{[A-Za-z_][A-Za-z0-9_]*(?::?-|:(?![-=?+]))([^{}]+)\}")
_KEYS_COMPANIONS = ("url", "base", "host", "secret", "token", "auth", "value", "weight")
# So do these where they hold a URL; an `api` may be a protocol's name, beside which `key` names a model.
_ADDRESSES = ("api", "endpoint", "upstream", "server", "gateway", "proxy", "origin")


# A line that gives a name a value, as scripts, dotenv files and templates of configs do.
_LINES = regex(
    r"""^[ \t]*(?:export[ \t]+|-[ \t]+|"|')?(?P<name>[A-Za-z_][\w.-]{0,80})["']?[ \t]*[:=][ \t]*
    (?:(?P<quote>["'])(?P<quoted>[^"'\r\n]{1,600})(?P=quote)|(?P<plain>[^\s"'()\[\]{},;]{1,600}))""",
    re.VERBOSE | re.MULTILINE,
)
_NO_SECRET = regex(r"[-+]?[\d._]+|true|false|null|~|[|>][-+0-9]*", re.IGNORECASE)


# A setting in a string: `NAME=value` of a list of variables, an option of a command with what stands behind it.
_ASSIGNED = regex(
    r"""(?<![\w.-])(?P<option>--?)?(?P<name>[A-Za-z_][\w.-]{0,80})(?:=|(?(option)[ ]+|(?!)))
    (?:"(?P<double>[^"\r\n]{1,600})"|'(?P<single>[^'\r\n]{1,600})'|(?P<plain>[^\s"'&-][^\s"'&]{0,600}))""",
    re.VERBOSE,
)
# A setting that is commented out; a sentence in a comment has no digit behind its colon.
_COMMENTED = regex(
    r"""(?:^|[ \t])(?:\#|//)[\#/ \t]{0,40}(?:export[ \t]+|-[ \t]+|"|')?(?P<name>[A-Za-z_][\w.-]{0,80})
    ["']?[ \t]*[:=][ \t]*["']?(?P<value>(?=[^\s"'\d]{0,600}\d)[^\s"'()\[\]{},;]{8,600})""",
    re.VERBOSE,
)
_COMMENT_MARKS = (" #", "\t#", " //", "\t//")


def literals_of(document: Any) -> list[str]:
    """Return every literal that stands under the name of a secret in a document's located tree.

    Under ``key`` alone, which names much else, only beside a URL or a field of credentials. A constant or anchor
    that stands there by its name, and what a reference falls back to, count as if they stood there themselves.
    """
    pending: list[tuple[Any, str]] = [(document.root, "")]
    literals: list[str] = []
    keys: set[str] = set()
    bound: dict[str, str] = {}
    mentioned: set[str] = set()
    while pending:
        node, name = pending.pop()
        is_secret = is_secret_name(name)
        anchored = getattr(node, "target", None) if is_secret else None
        if hasattr(anchored, "value"):
            # Only one that is a text: what an alias of a list repeats stands elsewhere, or in itself.
            node = anchored
        text = getattr(node, "value", None)
        if isinstance(text, str):
            literals += [text, *_FALLBACK.findall(text)] if is_secret else _assigned(text)
            continue
        entries = getattr(node, "entries", None)
        if entries is None:
            if is_secret and hasattr(node, "code"):
                mentioned.add(node.code)
                literals += [literal[2] for literal in _QUOTED.finditer(node.code[:_LONGEST_CODE])]
            continue
        if node.layout == "scope":
            texts = ((one.key, getattr(one.value, "value", None)) for one in entries)
            bound |= {constant: said for constant, said in texts if isinstance(said, str)}
        literals += _stored_secrets(entries)
        keys.update(entry.key for entry in entries if entry.key)
        kept = name if is_keyring(name) else ""
        pending += [(e.value, _own_name(e.key, entries, kept)) for e in entries]
        literals += _behind_options(entries)
    literals += [text for constant, text in bound.items() if constant in mentioned]
    if document.format != "json":  # which has no comments
        literals += _commented(document.text)
    # A provider called like its own placeholder key must stay nameable: a plain name in the file is no secret.
    return [literal for literal in literals if not (literal in keys and is_plain_name(literal))]


def _commented(text: str) -> list[str]:
    """Return what settings that are commented out give to names of secrets; most lines are told by their words."""
    commented = (line for line in text.split("\n") if "#" in line or "//" in line)
    lines = (
        line
        for line in commented
        if line.lstrip().startswith(("#", "//")) or any(mark in line for mark in _COMMENT_MARKS)
        if may_name_secrets(line)
    )
    found = (match for line in lines for match in _COMMENTED.finditer(line))
    return [match["value"] for match in found if is_secret_name(match["name"])]


def literals_in_lines(text: str) -> list[str]:
    """Return what stands behind the name of a secret in a text that is no document: a script, a list of variables."""
    return [
        value
        for match in _LINES.finditer(text)
        if is_secret_name(match["name"]) and not _NO_SECRET.fullmatch(value := match["quoted"] or match["plain"] or "")
    ]


def _assigned(text: str) -> list[str]:
    """Return what a string gives to names of secrets; a bare `key` in it names much else."""
    if "=" not in text and "--" not in text:
        return []
    return [
        value
        for match in _ASSIGNED.finditer(text)
        if is_secret_name(match["name"]) and match["name"].lower() not in ("key", "keys")
        if not _NO_SECRET.fullmatch(value := match["double"] or match["single"] or match["plain"])
    ]


def _behind_options(entries: Iterable[Any]) -> list[str]:
    """Return the items of a list of arguments that stand behind an option with the name of a secret."""
    texts = [getattr(entry.value, "value", None) for entry in entries if entry.key is None]
    return [
        value
        for option, value in itertools.pairwise(texts)
        if isinstance(option, str) and isinstance(value, str) and option.startswith("-") and "=" not in option
        if is_secret_name(option.lstrip("-")) and not value.startswith("-") and not _NO_SECRET.fullmatch(value)
    ]


def _stored_secrets(entries: Iterable[Any]) -> list[str]:
    """Return what a Kubernetes Secret holds (kubernetes.io/docs/concepts/configuration/secret): all of it is secret.

    A text of several lines is a document, which has names of its own.
    """
    members = {entry.key: entry.value for entry in entries}
    if "kind" not in members or getattr(members["kind"], "value", None) != "Secret":
        return []
    held = [entry.value for name in ("data", "stringData") for entry in getattr(members.get(name), "entries", ())]
    texts = (getattr(node, "value", None) for node in held)
    return [text for text in texts if isinstance(text, str) and "\n" not in text.strip()]


def _own_name(key: str | None, entries: Iterable[Any], inherited: str) -> str:
    """Return the name by which an entry is judged: an item's is its list's, and ``key`` counts in company only."""
    if key is None:
        return inherited
    if key.lower() == "value":
        # Containers' environments and header conditions: `name: Authorization`, `value: ...`.
        texts = (getattr(entry.value, "value", None) for entry in entries if entry.key in ("name", "key"))
        named = next((text for text in texts if isinstance(text, str) and is_secret_name(text)), "")
        return named or inherited or key
    if key.lower() != "key":
        return inherited if inherited and key.lower() == "id" else key
    company = " ".join(str(entry.key).lower() for entry in entries if entry.key != key)
    is_company = any(word in company for word in _KEYS_COMPANIONS) or any(map(_holds_an_address, entries))
    return key if is_company else inherited


def _holds_an_address(entry: Any) -> bool:
    text = getattr(entry.value, "value", None)
    return isinstance(text, str) and "://" in text and str(entry.key).lower() in _ADDRESSES
