"""Python source read with the standard library's ``ast``: the second opinion on what libcst's tree says."""

from __future__ import annotations

import ast
import itertools
import math
import warnings
from collections.abc import Iterable, Iterator

from tokenrouter_video.documents.callees import reads_environment
from tokenrouter_video.documents.document import DocumentError
from tokenrouter_video.documents.formats import Reading
from tokenrouter_video.documents.python_names import (
    EXPRESSION,
    RETURN,
    Key,
    Names,
    code_key,
    constant_key,
    key_names,
    makes_object,
    string_key,
)
from tokenrouter_video.documents.python_scan import compact, survey
from tokenrouter_video.patterns import regex

_LINE_END = regex(rb"\r\n?|\n")
_FORMATTED = tuple(getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name))
_NESTED = ("body", "handlers", "orelse", "finalbody", "cases")

_Position = tuple[int, int]


def second_reading(text: str, format: str = "python") -> Reading | None:
    """Return what ``ast`` reads in a Python file, ``None`` where the running Python cannot read it.

    It has the names and numbers of the tree that :func:`tokenrouter_video.documents.python_tree.parse` gives, and of
    :func:`tokenrouter_video.documents.values.entry_names` for spreads. For the shape see
    :func:`tokenrouter_video.documents.formats.second_reading`.
    """
    try:
        survey(text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _Reader(text).scope(ast.parse(text).body, Names(), {})
    except (DocumentError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Reader:
    """Reads the statements and expressions of one text as the located tree names them."""

    def __init__(self, text: str) -> None:
        self._bytes = text.encode()
        self._lines = [0, *(found.end() for found in _LINE_END.finditer(self._bytes))]

    def _source(self, node: ast.expr) -> str:
        """Return a node's text without what separates nothing; ``ast`` counts columns in bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._lines[node.lineno - 1] + node.col_offset
        end = self._lines[node.end_lineno - 1] + node.end_col_offset
        return compact(self._bytes[start:end].decode())

    # Statements

    def scope(self, body: Iterable[ast.stmt], names: Names, bindings: dict[str, Reading]) -> dict[str, Reading]:
        """Add the bindings of some statements to those of their scope."""
        for statement in _statements(body):
            for name, value in self._bound(statement):
                bindings[names.unique(name)] = value
        return bindings

    def _bound(self, statement: ast.stmt) -> Iterator[tuple[str, Reading]]:
        """Yield what a statement binds."""
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target, following in itertools.pairwise(targets):
                    yield self._source(target), _code(following)
                yield self._source(targets[-1]), self.value(value)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                yield self._source(target), self.value(value)
            case ast.AugAssign(target=target, value=value):
                yield self._source(target), self.value(value)
            case ast.Expr(value=value):
                yield from self._alone(value)
            case ast.Return(value=value) if value is not None:
                found = self.value(value)
                if not _is_code(found):
                    yield RETURN, found
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    yield from self._with(item)
            case ast.For(iter=iterable) | ast.AsyncFor(iter=iterable):
                yield from self._alone(iterable)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                for decorator in statement.decorator_list:
                    yield from self._alone(decorator)
                names, inner = Names(), dict[str, Reading]()
                if not isinstance(statement, ast.ClassDef):
                    for name, default in _defaults(statement.args):
                        inner[names.unique(name)] = self.value(default)
                if self.scope(statement.body, names, inner):
                    yield statement.name, inner

    def _with(self, item: ast.withitem) -> Iterator[tuple[str, Reading]]:
        if item.optional_vars is None:
            yield from self._alone(item.context_expr)
            return
        found = self.value(item.context_expr)
        if not _is_code(found):
            yield self._source(item.optional_vars), found

    def _alone(self, node: ast.expr) -> Iterator[tuple[str, Reading]]:
        while isinstance(node, ast.Await):
            node = node.value
        if isinstance(node, ast.Call) and _is_path(node.func):
            name, found = self._source(node.func), self._call(node, is_statement=True)
        else:
            name, found = EXPRESSION, self._container(node)
            found = self._joined(node) if found is None else found
        if found:
            yield name, found

    # Expressions

    def value(self, node: ast.expr, *, is_item: bool = False) -> Reading:
        """Return what an expression says."""
        while isinstance(node, ast.Await):
            node = node.value
        found: Reading | None = _scalar(node)
        if found is None:
            found = self._container(node)
        if found is None and isinstance(node, ast.Call) and _is_path(node.func):
            found = self._call(node, is_item=is_item)
        elif found is None and not isinstance(node, _FORMATTED):
            found = self._joined(node)
        return _code(node) if found is None else found

    def _container(self, node: ast.AST) -> Reading | None:
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return [
                    _spread("*", one.value) if isinstance(one, ast.Starred) else self.value(one, is_item=True)
                    for one in items
                ]
            case ast.Dict(keys=keys, values=values):
                names = iter(key_names(self._key(key) for key in keys if key is not None))
                pairs: dict[str, Reading] = {}
                spreads = 0
                for key, value in zip(keys, values, strict=True):
                    if key is None:
                        pairs[f"\0{spreads}"] = _spread("**", value)
                        spreads += 1
                    else:
                        pairs[next(names)] = self.value(value)
                return pairs
        return None

    def _key(self, node: ast.expr) -> Key:
        scalar = _scalar(node)
        if scalar is None:
            return code_key(self._source(node))
        if scalar[0] == "str":
            return string_key(scalar[1])
        source = self._source(node)
        return constant_key(source, ("other", source) if scalar[0] == "other" else ast.literal_eval(node))

    # Calls

    def _call(self, node: ast.Call, *, is_item: bool = False, is_statement: bool = False) -> Reading | None:
        """Return what a call stands for, ``None`` where its arguments hold nothing."""
        callee = self._callee(node.func)
        entries: dict[str, Reading] = {}
        positional: list[Reading] = []
        keywords: dict[str, Reading] = {}
        spreads = 0
        arguments: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        for argument in sorted(arguments, key=_start):
            if isinstance(argument, ast.keyword) and argument.arg is not None:
                entries[argument.arg] = keywords[argument.arg] = self.value(argument.value)
            elif isinstance(argument, ast.keyword | ast.Starred):
                entries[f"\0{spreads}"] = _spread("*" if isinstance(argument, ast.Starred) else "**", argument.value)
                spreads += 1
            else:
                positional.append(self.value(argument))
                entries[str(len(positional) - 1)] = positional[-1]
        only: Reading | None = None
        if not spreads and not keywords and len(positional) == 1:
            only = positional[0]
        elif not spreads and not positional:
            only = keywords.get("default_factory")
        if isinstance(only, dict | list):
            return only
        has_scalars = any(isinstance(value, tuple) and value[0] != "code" for value in positional)
        holds = (
            keywords
            or any(isinstance(value, dict | list) for value in positional)
            or (has_scalars and is_statement)
            or (has_scalars and is_item and not reads_environment(callee))
            or (has_scalars and len(positional) > 1 and makes_object(callee))
        )
        return entries if holds else None

    def _callee(self, function: ast.expr) -> str:
        if _is_path(function):
            return self._source(function)
        names: list[str] = []
        while isinstance(function, ast.Attribute):
            names.append(function.attr)
            function = function.value
        return ".".join(reversed(names))

    # Expressions that are no literal but hold some

    def _joined(self, node: ast.expr) -> Reading | None:
        """Return what stands for an expression that is none of its parts."""
        parts = [part for _, part in sorted(self._parts(node), key=lambda part: part[0])]
        if len(parts) < 2:
            return parts[0] if parts else None
        return {str(number): part for number, part in enumerate(parts)}

    def _parts(self, node: ast.expr) -> Iterator[tuple[_Position, Reading]]:
        """Yield the outermost lists, maps and calls that hold some with where they start, in no order."""
        waiting: list[ast.AST] = [node]
        while waiting:
            here = waiting.pop()
            if isinstance(here, _FORMATTED):
                continue
            if isinstance(here, ast.Subscript) and isinstance(here.slice, ast.Tuple):
                waiting += (here.value, *here.slice.elts)
                continue
            if isinstance(here, ast.comprehension):
                # Not what it assigns to.
                waiting += (here.iter, *here.ifs)
                continue
            found = self._container(here)
            if found is None and isinstance(here, ast.Call):
                found = self._call(here)
                if not _is_path(here.func):
                    waiting.append(here.func)
                    if found is not None:
                        # It stands behind the call before.
                        yield _end(here.func), found
                        continue
            elif found is None:
                waiting += ast.iter_child_nodes(here)
            if found is not None:
                assert isinstance(here, ast.expr)
                yield _start(here), found


def _start(node: ast.expr | ast.keyword) -> _Position:
    return node.lineno, node.col_offset


def _end(node: ast.expr) -> _Position:
    return node.end_lineno or 0, node.end_col_offset or 0


def _code(node: ast.expr) -> Reading:
    return ("code", ast.dump(node))


def _spread(stars: str, node: ast.expr) -> Reading:
    return ("code", stars + ast.dump(node))


def _is_code(reading: Reading) -> bool:
    return isinstance(reading, tuple) and reading[0] == "code"


def _scalar(node: ast.expr) -> tuple[str, str] | None:
    """Return the type and text of a scalar, ``None`` for any other expression."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        sign = -1 if isinstance(node.op, ast.USub) else 1
        node = node.operand
        if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
            return None
    if not isinstance(node, ast.Constant):
        return None
    match node.value:
        case None:
            return ("null", "null")
        case bool():
            return ("bool", str(node.value).lower())
        case int():
            try:
                return ("int", str(sign * node.value))
            except ValueError:  # more digits than Python prints in decimal
                return ("int", hex(sign * node.value))
        case float():
            return ("float" if math.isfinite(node.value) else "other", repr(sign * node.value))
        case str():
            return ("str", node.value)
        case bytes():
            return ("other", repr(node.value))
    return None


def _is_path(node: ast.expr) -> bool:
    """Whether what is called can be named by its text: names, attributes, plain indices, calls without arguments."""
    while True:
        if isinstance(node, ast.Name):
            return True
        if isinstance(node, ast.Attribute):
            node = node.value
        elif isinstance(node, ast.Call) and not node.args and not node.keywords:
            node = node.func
        elif isinstance(node, ast.Subscript) and _is_plain(node.slice):
            node = node.value
        else:
            return False


def _is_plain(index: ast.expr) -> bool:
    if isinstance(index, ast.Constant):
        return index.value is None or isinstance(index.value, str | bytes | int)
    return isinstance(index, ast.Name)


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    """Yield the parameters that have a default."""
    positional = (*arguments.posonlyargs, *arguments.args)
    if arguments.defaults:
        for argument, default in zip(positional[-len(arguments.defaults) :], arguments.defaults, strict=True):
            yield argument.arg, default
    for argument, keyword_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if keyword_default is not None:
            yield argument.arg, keyword_default


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of one scope in source order, those of its blocks included."""
    waiting = [iter(body)]
    while waiting:
        statement = next(waiting[-1], None)
        if statement is None:
            waiting.pop()
            continue
        if isinstance(statement, ast.stmt):
            yield statement
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
        waiting.append(iter([inner for name in _NESTED for inner in getattr(statement, name, ())]))
