"""The forms in which configs refer to variables, files, commands and vaults instead of writing a text out.

========================================  ================================================================
``${V}`` ``${V:-x}`` ``$V`` ``$$``         shells, Docker Compose, LibreChat, Crush, Hermes, dotenv
``${V:x}``                                 Spring (docs.spring.io: Placeholder Resolution), Quarkus
``$${V}``                                  Flux (fluxcd.io: Kustomization, post build variable substitution)
``{env:V}`` ``{file:path}``                OpenCode, Kilo (opencode.ai/docs/config)
``os.environ/V``                           LiteLLM (docs.litellm.ai/docs/proxy/configs)
``env.V``                                  Bifrost (docs.getbifrost.ai)
``env::V`` ``path::p`` ``path_from_env::V``  TensorZero (tensorzero.com/docs/gateway/configuration-reference)
``${{ secrets.V }}``                       Continue (docs.continue.dev/reference), GitHub Actions
``{vault://env/x}`` ``${{ env "X" }}``     Kong (developer.konghq.com/gateway/entities/vault), its decK
``!command`` ``$(command)``                pi, oh-my-pi; Crush
``V`` alone, in capitals                   pi, oh-my-pi
========================================  ================================================================
"""

from __future__ import annotations

import re

from tokenrouter_video.config_names import is_variable_name
from tokenrouter_video.discovery.values import (
    Command,
    FileReference,
    SecretReference,
    Text,
    Unknown,
    Value,
    Variable,
    join,
)
from tokenrouter_video.patterns import regex
from tokenrouter_video.secrets import is_placeholder

MAX_REFERENCES = 50

# A name that a template resolves (External Secrets' ``{{ .TR_KEY }}``, GitHub's ``${{ steps.x.outputs.TR_KEY }}``).
_TEMPLATE_NAME = regex(r"\$?\{\{-?\s*\.?(?P<name>[A-Za-z_][\w.-]*)\s*-?\}\}")

_EMBEDDED = regex(
    r"""\$\$\{(?P<escaped>[A-Za-z_]\w*)\}
    | (?P<dollar>\$\$)
    | \$\{\{\s*(?P<store>secrets|inputs|env|vars)\.(?P<stored>[A-Za-z_][\w-]*)\s*\}\}
    | \$\{(?:env[:.]|ENV:)?(?P<braced>[A-Za-z_]\w*)
      (?::?(?P<operator>[-=?+])(?P<default>(?:[^{}]|\{[^{}]*\})*)|:(?P<spring>(?:[^{}]|\{[^{}]*\})*))?\}
    | \$\{\{\s*env\s+"(?P<deck>[A-Za-z_]\w*)"\s*\}\}
    | \{env:(?P<opencode>[A-Za-z_]\w*)\}
    | \{file:(?P<file>[^{}]+)\}
    | \{vault://(?P<vault>[^{}]+)\}
    | \$\((?P<command>[^()]+)\)
    | \$env:(?P<powershell>[A-Za-z_]\w*)
    | \$(?P<plain>[A-Za-z_]\w*)
    | \{\{\s*(?:\.?[Ee]nv\.)?(?P<moustache>[A-Z][A-Z0-9_]+)\s*\}\}
    | %(?P<windows>[A-Z][A-Z0-9_]+)%
    """,
    re.VERBOSE,
)
_SIGNS = frozenset("${%")
# The form that most references have: alone, and without anything to fall back to.
_BRACED = regex(r"\$\{([A-Za-z_]\w*)\}")
_WHOLE = regex(
    r"""(?:os\.environ/ | env:: | env[.:/] | ENV: | process\.env\. | import\.meta\.env\.)(?P<variable>[A-Za-z_]\w*)
    | path_from_env::(?P<path_variable>[A-Za-z_]\w*)
    | path::(?P<path>\S.*)
    | dynamic::(?P<dynamic>\S.*)
    """,
    re.VERBOSE,
    needs=("env", "path::", "dynamic::"),
)
# Only where a key is expected: elsewhere these are ordinary text.
_WHOLE_KEY = regex(
    r"""!(?P<command>[^\s!].*)
    | file:(?://)?(?P<file>\S.*)
    | (?P<reference>(?:[a-z][a-z0-9+.-]*://|arn:aws:(?:secretsmanager|ssm):|keyring:|keychain:|vault:|secret:)\S+)
    | <%.*%> | \{\{(?P<template>.*)\}\}
    """,
    re.VERBOSE | re.DOTALL,
    needs=("!", "file:", "://", "arn:aws:", "keyring:", "keychain:", "vault:", "secret:", "<%", "{{"),
)


def read_text(text: str) -> Value:
    """Return what a string says where any text may stand, such as a base URL."""
    text = text.strip()
    whole = _WHOLE.fullmatch(text)
    if whole is None:
        return _read_embedded(text)
    if whole["variable"]:
        return Variable(whole["variable"])
    if whole["path"]:
        return FileReference(whole["path"])
    return Unknown("given by each request" if whole["dynamic"] else "in a file that a variable names")


def read_key(text: str, kind: str = "value", *, bare_variables: bool = False) -> Value:
    """Return what a string says where a key is expected.

    ``kind`` is that of the name it stands under: a ``value``, or the name of an ``env`` variable, ``file`` or
    ``command``. ``bare_variables`` reads one word in capitals as a variable, as pi and oh-my-pi do; a name of several
    words in capitals is one everywhere.
    """
    text = text.strip()
    if kind == "file":
        return FileReference(text)
    if kind == "command":
        return Command(text)
    if kind == "env" and re.fullmatch(r"[A-Za-z_]\w*", text):
        return Variable(text)
    whole = _WHOLE_KEY.fullmatch(text)
    if whole is not None:
        if whole["command"]:
            return Command(whole["command"])
        if whole["file"]:
            return FileReference(whole["file"])
        if whole["reference"]:
            return SecretReference(whole["reference"])
        return _of_template(text) if whole["template"] else Unknown("written by a template")
    if text.startswith("${{"):
        return _of_template(text)
    is_variable = is_variable_name(text) or (bare_variables and re.fullmatch(r"[A-Z][A-Z0-9_]*", text) is not None)
    if is_variable and not is_placeholder(text):
        return Variable(text)
    return read_text(text)


def _of_template(text: str) -> Value:
    """Return what a key says that a template fills in whole: a variable, or what the template calls it."""
    value = read_text(text)
    named = _TEMPLATE_NAME.fullmatch(text)
    return SecretReference(named["name"]) if isinstance(value, Text) and named is not None else value


def _read_embedded(text: str) -> Value:
    # What most values lack: every reference inside a text has one of these.
    if _SIGNS.isdisjoint(text):
        return Text(text)
    alone = _BRACED.fullmatch(text)
    if alone is not None:
        return Variable(alone[1])
    parts: list[Value] = []
    position = 0
    for count, match in enumerate(_EMBEDDED.finditer(text)):
        if count == MAX_REFERENCES:
            return Unknown("made of too many references")
        parts += [Text(text[position : match.start()]), _embedded(match)]
        position = match.end()
    return join([*parts, Text(text[position:])])


def _embedded(match: re.Match[str]) -> Value:
    if match["dollar"]:
        return Text("$")
    if match["escaped"]:
        # Escaped for whoever fills the file in (Flux, Compose), so that the consumer itself reads the variable.
        return Variable(match["escaped"])
    if match["stored"]:
        return Variable(match["stored"], is_secret=match["store"] in ("secrets", "inputs"))
    if match["file"]:
        return FileReference(match["file"].strip())
    if match["vault"]:
        return _of_vault(match["vault"])
    if match["command"]:
        return Command(match["command"])
    if match["braced"]:
        default = match["default"] if match["operator"] in ("-", "=") else match["spring"]
        return Variable(match["braced"], _read_embedded(default) if default is not None else None)
    name = (
        match["deck"]
        or match["opencode"]
        or match["powershell"]
        or match["plain"]
        or match["moustache"]
        or match["windows"]
    )
    return Variable(name)


def _of_vault(path: str) -> Value:
    """Return what a reference to a vault of Kong's says; the one called ``env`` are variables, their names in capitals.

    https://developer.konghq.com/gateway/entities/vault/environment-variable
    """
    vault, _, name = path.partition("/")
    variable = name.replace("-", "_").upper()
    if vault == "env" and re.fullmatch(r"[A-Z_]\w*", variable, re.ASCII):
        return Variable(variable, is_secret=True)
    return SecretReference(f"vault://{path}")
