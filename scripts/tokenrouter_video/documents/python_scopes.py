"""Python's statements as a tree of their bindings.

The root is a ``scope`` mapping. Its entries are, in source order, under the bound name:

- assignments, with or without annotation, augmented ones too, under the target's code (``X``, ``a.b``, ``d["k"]``); of
  ``a = b = [...]`` the last target has the literal, and each other one is the code of the next;
- functions and classes that bind anything, as scopes of their own: a function's are its parameters with a default, the
  bindings of its body and what it returns (``return``), a class' its attributes and methods;
- calls that stand alone, under the callee (``X.append``), where an argument is a literal or has a keyword; what
  ``with``, ``for`` and decorators are given likewise, ``with ... as name`` under its name; other expressions that hold
  literals under ``expression``.

Blocks open no scope. Imports, deletions, comparisons and the heads of ``if`` and ``while`` bind nothing. Equal names of
one scope are told apart by a number from the second on (``name``, ``name@2``). What an expression becomes is described
in :mod:`tokenrouter_video.documents.python_nodes`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import libcst as cst

from tokenrouter_video.documents.document import Obstacle
from tokenrouter_video.documents.python_names import EXPRESSION, RETURN, Names
from tokenrouter_video.documents.python_nodes import Expressions
from tokenrouter_video.documents.python_places import Locator
from tokenrouter_video.documents.tree import Entry, Mapping, Node, Opaque, Span

_Statement = cst.BaseStatement | cst.BaseSmallStatement


def read_module(module: cst.Module, locator: Locator) -> tuple[Mapping, tuple[Obstacle, ...]]:
    """Return the scope that a file is, which spans all of its text, and what forbids editing it."""
    expressions = Expressions(locator)
    bindings = _Bindings()
    _Scopes(expressions).read(module.body, bindings)
    span = Span(0, len(locator.text))
    root = Mapping(span, span, tuple(bindings.entries), "scope")
    return root, tuple(sorted(expressions.obstacles, key=lambda obstacle: obstacle.offset))


class _Bindings:
    """The entries of one scope, their keys made unique."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._names = Names()

    def add(self, key: str, key_span: Span | None, value: Node, span: Span) -> None:
        self.entries.append(Entry(self._names.unique(key), key_span, value, span))


class _Scopes:
    """Reads the statements of one document."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.locator = expressions.locator

    def read(self, body: Iterable[_Statement], bindings: _Bindings) -> None:
        """Add what some statements bind to their scope."""
        for statement in _statements(body):
            match statement:
                case cst.Assign():
                    self._assign(statement, bindings)
                case cst.AnnAssign(value=value) if value is not None:
                    self._bind(statement.target, value, bindings)
                case cst.AugAssign():
                    self._bind(statement.target, statement.value, bindings)
                case cst.Expr():
                    self._alone(statement.value, bindings)
                case cst.Return(value=value) if value is not None:
                    self._return(statement, value, bindings)
                case cst.With():
                    for item in statement.items:
                        self._with(item, bindings)
                case cst.For():
                    self._alone(statement.iter, bindings)
                case cst.FunctionDef() | cst.ClassDef():
                    for decorator in statement.decorators:
                        self._alone(decorator.decorator, bindings)
                    self._define(statement, bindings)

    def _assign(self, statement: cst.Assign, bindings: _Bindings) -> None:
        targets = [target.target for target in statement.targets]
        for target, following in itertools.pairwise(targets):
            code = Opaque(self.locator.span(following), self.locator.code(following))
            span = Span(self.locator.outer(target).start, self.locator.outer(following).end)
            bindings.add(self.locator.code(target), self.locator.span(target), code, span)
        self._bind(targets[-1], statement.value, bindings)

    def _bind(self, target: cst.BaseExpression, value: cst.BaseExpression, bindings: _Bindings) -> None:
        span = Span(self.locator.outer(target).start, self.locator.outer(value).end)
        bindings.add(self.locator.code(target), self.locator.span(target), self.expressions.value(value), span)

    def _alone(self, node: cst.BaseExpression, bindings: _Bindings) -> None:
        callee, found = self.expressions.standing_alone(node)
        if found is None or not found.entries:
            return
        name, name_span = (self.locator.code(callee), self.locator.span(callee)) if callee else (EXPRESSION, None)
        bindings.add(name, name_span, found, self.locator.outer(node))

    def _return(self, statement: cst.Return, value: cst.BaseExpression, bindings: _Bindings) -> None:
        found = self.expressions.value(value)
        if not isinstance(found, Opaque):
            start = self.locator.span(statement).start
            span = Span(start, self.locator.outer(value).end)
            bindings.add(RETURN, Span(start, start + len("return")), found, span)

    def _with(self, item: cst.WithItem, bindings: _Bindings) -> None:
        if item.asname is None:
            self._alone(item.item, bindings)
            return
        found = self.expressions.value(item.item)
        if not isinstance(found, Opaque):
            name = item.asname.name
            bindings.add(self.locator.code(name), self.locator.span(name), found, self.locator.span(item))

    def _define(self, statement: cst.FunctionDef | cst.ClassDef, bindings: _Bindings) -> None:
        inner = _Bindings()
        if isinstance(statement, cst.FunctionDef):
            parameters = statement.params
            for parameter in (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params):
                if parameter.default is not None:
                    self._bind(parameter.name, parameter.default, inner)
        self.read(statement.body.body, inner)
        if inner.entries:
            name = self.locator.span(statement.name)
            span = Span(name.end, self.locator.span(statement).end)
            scope = Mapping(span, span, tuple(inner.entries), "scope")
            bindings.add(statement.name.value, name, scope, Span(name.start, span.end))


def _statements(body: Iterable[_Statement]) -> Iterator[_Statement]:
    """Yield the statements of one scope in source order, those of its blocks included."""
    waiting = [iter(body)]
    while waiting:
        statement = next(waiting[-1], None)
        if statement is None:
            waiting.pop()
            continue
        if isinstance(statement, cst.SimpleStatementLine):
            waiting.append(iter(statement.body))
            continue
        yield statement
        if not isinstance(statement, cst.FunctionDef | cst.ClassDef):
            waiting.append(iter([inner for suite in _suites(statement) for inner in suite.body]))


def _suites(statement: _Statement) -> Iterator[cst.BaseSuite]:
    """Yield the blocks of a compound statement."""
    if isinstance(statement, cst.Match):
        yield from (case.body for case in statement.cases)
        return
    if not isinstance(statement, cst.If | cst.For | cst.While | cst.With | cst.Try | cst.TryStar):
        return
    yield statement.body
    if isinstance(statement, cst.Try | cst.TryStar):
        yield from (handler.body for handler in statement.handlers)
        yield from (one.body for one in (statement.orelse, statement.finalbody) if one is not None)
    elif not isinstance(statement, cst.With):
        # Every `elif` is nested in the one before it.
        following = statement.orelse
        while following is not None:
            yield following.body
            following = following.orelse if isinstance(following, cst.If) else None
