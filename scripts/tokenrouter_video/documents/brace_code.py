"""Code files of JavaScript and TypeScript as a tree of their bindings.

The root is a ``scope`` mapping. Its entries are, under the bound name:

- ``const``, ``let`` and ``var`` with their value; of destructuring only the names that have a literal as default;
- assignments: ``name = X`` and ``a.b.c = X`` under the target's code, ``exports.name = X`` under ``name``;
- ``export default X``, ``export = X`` and ``module.exports = X`` under ``default``;
- functions, classes and namespaces that hold bindings, as scopes of their own: a function's are its parameters that
  have a literal as default, the bindings of its body and what it returns (``return``), a class' its fields and methods;
- calls that stand alone, under the callee, where an argument is a literal; other statements that hold literals stand
  under ``expression``.

Blocks and the heads of ``if``, ``for`` and the like open no scope. Interfaces, types, enums and imports are skipped.
Equal keys of one scope are told apart by a number from the second on (``name``, ``name@2``), so that pointers stay
unique. What an expression becomes is described in :mod:`tokenrouter_video.documents.brace_expressions`.
"""

from __future__ import annotations

from tokenrouter_video.documents.brace_members import Code
from tokenrouter_video.documents.brace_scopes import STOPS, Bindings, ScopeParser
from tokenrouter_video.documents.brace_tokens import NAME, STRINGS, JsxError, Tokens, tokenize
from tokenrouter_video.documents.document import DocumentError, Obstacle
from tokenrouter_video.documents.tree import Mapping, Span

_HEADS = frozenset({"if", "for", "while", "with", "switch"})
_DECLARATIONS = frozenset({"const", "let", "var"})
_DECLARABLE = frozenset({NAME, "function", "class", "enum", "const", "let", "var"})
_ASSIGNMENTS = frozenset({"=", "||=", "&&=", "??="})
_CONTEXTUAL = frozenset({"type", "interface", "declare", "abstract", "namespace", "module", "async", "using"})


class CodeParser(ScopeParser):
    """Reads statements and what they bind."""

    def statements(self, index: int, stop: int, bindings: Bindings) -> None:
        """Read the statements of a region; brackets that no statement claims are entered, so that blocks are read."""
        while index < stop:
            index = max(self._statement(index, bindings), index + 1)

    def _statement(self, index: int, bindings: Bindings) -> int:
        """Read what starts at a token and return the index behind it, the same index where nothing does."""
        kinds = self.kinds
        kind = kinds[index]
        if kind in STOPS:
            return index
        if kind in _DECLARATIONS and kinds[index + 1] != "enum":
            return self._declarations(index + 1, bindings)
        if kind in ("return", "throw"):
            return self._return(index, bindings)
        if kind in ("function", "class"):
            return self._declared(index, bindings)
        if kind == "catch" and kinds[index + 1] == "(":
            self.pattern(index + 1, bindings)
            return self.tokens.behind(index + 1)
        if kind in _HEADS:
            index += 2 if kinds[index + 1] == "await" else 1
            return index + (kinds[index] == "(")
        if kind == "import" and kinds[index + 1] not in ("(", "."):
            return self._import(index + 1)
        if kind == "export":
            return self._export(index, bindings)
        if kind == "case":
            return self._expression_statement(index + 1, bindings)
        if kind == "enum":
            return self.braces(index + 1)[1]
        if kind == "{":
            return index
        if kind == ",":
            return self._expression_statement(index + 1, bindings)
        if kind == NAME:
            if kinds[index + 1] == ":":
                return index + 2
            word = self.tokens.word(index)
            if word in _CONTEXTUAL and not self.tokens.on_new_line(index + 1):
                behind = self._contextual(word, index, bindings)
                if behind:
                    return behind
        return self._expression_statement(index, bindings)

    def _contextual(self, word: str, index: int, bindings: Bindings) -> int:
        """Read a statement whose first word is a keyword only there; return 0 where it is a name like any other."""
        kinds = self.kinds
        following = kinds[index + 1]
        match word:
            case "type" if following == NAME and kinds[index + 2] in ("=", "<"):
                index += 2
                if kinds[index] == "<":
                    index = self.types.angles(index) or index
                return self.types.skip(index + 1) if kinds[index] == "=" else index
            case "interface" if following == NAME:
                return self.braces(index + 1)[1]
            case "declare" | "abstract" if following in _DECLARABLE:
                return index + 1
            case "namespace" | "module" if following == NAME or following in STRINGS:
                return self._namespace(index, bindings)
            case "async" if following == "function":
                return self._declared(index, bindings)
            case "using" if following == NAME:
                return self._declarations(index + 1, bindings)
        return 0

    def _namespace(self, index: int, bindings: Bindings) -> int:
        first = name = index + 1
        while self.kinds[name] in (NAME, ".", *STRINGS):
            name += 1
        if self.kinds[name] != "{":
            return name
        inner = Bindings()
        behind = self.partner[name] + 1
        self.statements(name + 1, behind - 1, inner)
        self.bind(self.tokens.code(first, name), (first, name), self.scope(inner, index, behind), behind, bindings)
        return behind

    # Imports and exports

    def _import(self, index: int) -> int:
        """Return the index behind an import."""
        kinds = self.kinds
        while kinds[index] not in STRINGS:
            if kinds[index] == "=":
                return self.expression(index + 1)[1]
            if kinds[index] in STOPS:
                return index
            index = self.tokens.behind(index)
        return self._behind_attributes(index + 1)

    def _behind_attributes(self, index: int) -> int:
        """Return the index behind the ``with { type: "json" }`` of an import."""
        is_named = self.tokens.word(index) in ("with", "assert")
        return self.tokens.behind(index + 1) if is_named and self.kinds[index + 1] == "{" else index

    def _export(self, index: int, bindings: Bindings) -> int:
        kinds = self.kinds
        following = kinds[index + 1]
        if following in ("default", "="):
            return self._default(index + 1, bindings)
        if following in ("{", "*") or (
            following == NAME and self.tokens.word(index + 1) == "type" and kinds[index + 2] in ("{", "*")
        ):
            while kinds[index] not in ("{", *STOPS, *STRINGS):
                index += 1
            index = self.tokens.behind(index) if kinds[index] == "{" else index
            if kinds[index] == NAME and self.tokens.word(index) == "from":
                index += 1
            return self._behind_attributes(index + 1) if kinds[index] in STRINGS else index
        return index + 1

    def _default(self, index: int, bindings: Bindings) -> int:
        """Read what stands behind ``export default`` or ``export =``; ``index`` is the second token."""
        first = index + 1
        if self.kinds[first] == NAME and self.tokens.word(first) == "abstract":
            first += 1
        is_interface = self.kinds[first] == NAME and self.tokens.word(first) == "interface"
        if is_interface and self.kinds[first + 1] == NAME:
            return first
        is_async = self.kinds[first] == NAME and self.tokens.word(first) == "async"
        if self.kinds[first + is_async] in ("function", "class"):
            return self._declared(first, bindings, key="default")
        found, end = self.expression(first)
        if end > first:
            bindings.add("default", None, self.settle(found), Span(self.starts[index], self.ends[end - 1]))
        return end

    # Declarations

    def _declared(self, index: int, bindings: Bindings, key: str = "") -> int:
        """Read the declaration of a function or class; ``key`` replaces its own name."""
        first = index
        index += self.kinds[index] == NAME
        is_class = self.kinds[index] == "class"
        index += 2 if self.kinds[index + 1] == "*" else 1
        named = index if self.kinds[index] == NAME and self.tokens.word(index) != "implements" else 0
        if named and not is_class:
            index += 1
        found, behind = self.class_body(index, first) if is_class else self.function(index, first)
        if key or not named:
            self.bind(key or "expression", None, found, behind, bindings)
        else:
            self.bind(self.tokens.word(named), (named, named + 1), found, behind, bindings)
        return behind

    def _declarations(self, index: int, bindings: Bindings) -> int:
        """Read the names, types and values behind ``const`` and its like."""
        kinds = self.kinds
        while True:
            named = index
            if kinds[index] in ("{", "["):
                self.pattern(index, bindings)
                index = self.tokens.behind(index)
            elif kinds[index] == NAME or kinds[index] not in STOPS:
                index += 1
            else:
                return index
            index += kinds[index] == "!"
            if kinds[index] == ":":
                index = self.types.skip(index + 1)
            is_loop = kinds[index] == "in" or (kinds[index] == NAME and self.tokens.word(index) == "of")
            if kinds[index] == "=" or is_loop:
                found, behind = self.expression(index + 1)
                if behind > index + 1:
                    self.add_value(named, found, behind, bindings)
                index = behind
            if kinds[index] != ",":
                return index
            index += 1

    # Statements that are expressions

    def _return(self, index: int, bindings: Bindings) -> int:
        first = index + 1
        if self.kinds[first] in STOPS or self.tokens.on_new_line(first):
            return first
        found, end = self.expression(first)
        while self.kinds[end] == ",":
            self.add_nameless(found, first, end, bindings)
            first = end + 1
            found, end = self.expression(first)
        if self.kinds[index] == "throw":
            self.add_nameless(found, first, end, bindings)
        elif not isinstance(found, Code):
            bindings.add("return", None, self.settle(found), Span(self.starts[index], self.ends[end - 1]))
        return end

    def _expression_statement(self, index: int, bindings: Bindings) -> int:
        first = index
        targets: list[tuple[int, int]] = []
        while operator := self._assignment(index):
            targets.append((index, operator))
            index = operator + 1
        found, end = self.expression(index, is_item=not targets)
        if not targets:
            self.add_nameless(found, first, end, bindings)
        elif end > index and not self._is_void(index):
            key, key_span = min(
                (self._target(*target) for target in targets), key=lambda target: target[0] != "default"
            )
            bindings.add(key, key_span, self.settle(found), Span(self.starts[first], self.ends[end - 1]))
        return end

    def _assignment(self, index: int) -> int:
        """Return the index of the operator of the assignment that starts at a token, 0 where none does."""
        if self.kinds[index] != NAME:
            return 0
        index += 1
        while True:
            kind = self.kinds[index]
            if kind == "." and self.kinds[index + 1] == NAME:
                index += 2
            elif kind == "[":
                index = self.tokens.behind(index)
            elif kind == "!":
                index += 1
            else:
                return index if kind in _ASSIGNMENTS else 0

    def _target(self, first: int, operator: int) -> tuple[str, Span | None]:
        """Return the key of an assignment's target and the span of its name."""
        code = self.tokens.code(first, operator)
        if code in ("module.exports", "exports"):
            return "default", None
        skipped = 4 if code.startswith("module.exports.") else 2 if code.startswith("exports.") else 0
        key = self.tokens.code(first + skipped, operator)
        return key, Span(self.starts[first + skipped], self.ends[operator - 1])

    def _is_void(self, index: int) -> bool:
        """Whether ``void 0`` is assigned, with which compilers announce their exports."""
        return self.kinds[index] == "void"


def parse_code(text: str) -> tuple[Mapping, tuple[Obstacle, ...]]:
    """Return the scope of a code file and what forbids editing it; raise :class:`DocumentError` where it is no code."""
    parser = CodeParser(_tokens(text))
    bindings = Bindings()
    parser.statements(0, len(parser.kinds) - 1, bindings)
    span = Span(0, len(text))
    return Mapping(span, span, tuple(bindings.entries), "scope"), tuple(parser.obstacles)


def _tokens(text: str) -> Tokens:
    """Tokenize code, and where that fails once more as code with JSX; the failure that is told is that of the
    first reading unless JSX was what stopped it.
    """
    try:
        return tokenize(text, is_code=True)
    except DocumentError as error:
        try:
            return tokenize(text, is_code=True, with_jsx=True)
        except DocumentError as jsx_error:
            raise (jsx_error if isinstance(error, JsxError) else error) from None
