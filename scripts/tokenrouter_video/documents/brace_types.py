"""Where a TypeScript type ends: annotations, type arguments and type parameters are skipped, never read.

After the grammar of types in the TypeScript language; what is no type ends the skipping, it is never an error.
"""

from __future__ import annotations

from tokenrouter_video.documents.brace_tokens import (
    END,
    HEAD,
    NAME,
    NUMBER,
    PLAIN,
    STRING,
    TEMPLATE,
    Tokens,
)

_GROUPS = frozenset({"(", "[", "{", HEAD})
_OPERANDS = frozenset({NAME, NUMBER, PLAIN, STRING, TEMPLATE, "void", "const", "import", *_GROUPS})
# What stands in front of a type and belongs to it.
_PREFIXES = frozenset({"|", "&", "-", "new", "typeof", "..."})
_PREFIX_WORDS = frozenset({"keyof", "readonly", "unique", "infer", "asserts", "abstract"})
_JOINS = frozenset({"|", "&", "."})
_CLOSING_ANGLES = frozenset({">", ">>", ">>>"})
_IN_ANGLES = frozenset({*_OPERANDS, *_PREFIXES, *_JOINS, ",", "=", "=>", "extends", "in"}) - _GROUPS

# Behind type arguments in an expression, after TypeScript's canFollowTypeArgumentsInExpression.
_BEHIND_ARGUMENTS = frozenset({"(", TEMPLATE, HEAD, ")", "]", "}", ",", ";", ".", "?.", ":", "=", "==", "===", "!=="})
_BEHIND_ARGUMENTS |= {"!=", "&&", "||", "??", "?", END}


class TypeSkipper:
    """Skips types in tokens; every ``<`` is matched at most once, so that all of it is linear in the text."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._angles: dict[int, int] = {}

    def arguments(self, index: int) -> int:
        """Return the index behind the type arguments that a ``<`` in an expression starts, 0 where it compares."""
        closing = self.angles(index)
        if not closing:
            return 0
        is_followed = self._tokens.kinds[closing] in _BEHIND_ARGUMENTS or self._tokens.on_new_line(closing)
        return closing if is_followed else 0

    def angles(self, index: int) -> int:
        """Return the index behind the ``>`` that belongs to a ``<``, 0 where none does."""
        if index not in self._angles:
            self._match_angles(index)
        closing = self._angles[index]
        return closing + 1 if closing else 0

    def _match_angles(self, index: int) -> None:
        kinds = self._tokens.kinds
        opened: list[int] = []
        conditions = 0
        while True:
            kind = kinds[index]
            if kind == "<":
                opened.append(index)
            elif kind in _CLOSING_ANGLES and len(kind) <= len(opened):
                for _ in kind:
                    self._angles[opened.pop()] = index
                if not opened:
                    return
            elif kind in _GROUPS:
                index = self._tokens.partner[index]
            elif kind == "extends":
                conditions += 1
            elif kind in ("?", ":") and conditions:
                # One ':' belongs to each '?'; the last one found ends the count.
                conditions -= kind == ":"
            elif kind not in _IN_ANGLES:
                break
            index += 1
        for left in opened:
            self._angles[left] = 0

    def skip(self, index: int) -> int:
        """Return the index behind the type that starts at a token."""
        tokens, kinds = self._tokens, self._tokens.kinds
        wants_operand = True
        are_parameters = False
        conditions = 0
        while True:
            kind = kinds[index]
            if wants_operand:
                if kind in _PREFIXES or (kind == NAME and self._is_prefix(index)):
                    index += 1
                elif kind == "<" and self.angles(index):
                    index = self.angles(index)
                elif kind in _OPERANDS:
                    index = tokens.behind(index) if kind in _GROUPS else index + 1
                    if kind == "import" and kinds[index] == "(":
                        index = tokens.behind(index)
                    are_parameters = kind == "("
                    wants_operand = False
                else:
                    return index
            elif kind in _JOINS or (kind == "=>" and are_parameters):
                # Only parameters make a function type of '=>'; behind anything else an arrow function's body follows.
                wants_operand = True
                index += 1
            elif kind == "extends":
                conditions += 1
                wants_operand = True
                index += 1
            elif kind in ("?", ":") and conditions:
                conditions -= kind == ":"
                wants_operand = True
                index += 1
            elif kind == "<" and self.angles(index) and not tokens.on_new_line(index):
                index = self.angles(index)
            elif kind == "[" and not tokens.on_new_line(index):
                index = tokens.behind(index)
                are_parameters = False
            elif kind == NAME and tokens.word(index) == "is" and not tokens.on_new_line(index):
                wants_operand = True
                index += 1
            else:
                return index

    def _is_prefix(self, index: int) -> bool:
        """Whether a name is a word in front of a type, which must follow on the same line, and no type itself."""
        following = self._tokens.kinds[index + 1]
        return (
            self._tokens.word(index) in _PREFIX_WORDS
            and (following in _OPERANDS or following in ("new", "typeof"))
            and following != "["
            and not self._tokens.on_new_line(index + 1)
        )
