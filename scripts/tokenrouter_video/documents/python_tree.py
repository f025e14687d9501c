"""Python source to a located tree: literals, calls and bindings with the offsets of everything.

Parsed with libcst, which keeps every character, and never evaluated. What the tree holds is described in
:mod:`tokenrouter_video.documents.python_scopes` and :mod:`tokenrouter_video.documents.python_nodes`.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable

from tokenrouter_video.documents.document import Document, DocumentError
from tokenrouter_video.documents.python_scan import survey
from tokenrouter_video.patterns import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from libcst import Module

_LINE_END = regex(r"\r\n?|\n")


def parse(text: str, format: str = "python") -> Document:
    """Parse a text, without its BOM, as Python; raise :class:`DocumentError` where that cannot be done.

    Syntax newer than the running Python is read as far as libcst knows it. A repeated key or keyword argument is an
    obstacle.
    """
    if "\0" in text:
        raise DocumentError("a NUL character stands in the text", text.index("\0"))
    plan = survey(text)
    # Imported here, so that only who reads Python waits for libcst.
    import libcst as cst

    from tokenrouter_video.documents.python_places import Locator
    from tokenrouter_video.documents.python_scopes import read_module

    # libcst loses form feeds in front of statements, and comments behind the last one.
    edges = [0, *(edge for feed in plan.feeds for edge in feed), plan.end]
    source = "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    module: cst.Module | None = None
    try:
        with warnings.catch_warnings():
            # Escapes that Python does not know are a warning of its compiler's.
            warnings.simplefilter("ignore")
            module = _read(source, cst.parse_module)
            if module is not None:
                root, obstacles = read_module(module, Locator(text, plan.feeds, source, module))
                return Document(text, format, root, obstacles)
    except (RecursionError, MemoryError):
        pass
    # Raised here, so that no exception in its chain holds the text.
    if module is None:
        raise _refusal(text)
    raise DocumentError("the code is nested too deeply")


def _read(source: str, parse_module: Callable[[str], Module]) -> Module | None:
    """Return what libcst makes of a text, ``None`` where it refuses it."""
    try:
        return parse_module(source)
    except (RecursionError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of the native parser is no Exception
        return None


def _refusal(text: str) -> DocumentError:
    """Return the error for a text that libcst refuses, with the place that Python finds: libcst's is often line 1."""
    line = column = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        line, column = error.lineno, error.offset
    except (ValueError, RecursionError, MemoryError):
        pass
    else:
        return DocumentError("this Python code has a form that cannot be located")
    if not line:
        return DocumentError("this is no valid Python")
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    offset = starts[min(line, len(starts)) - 1] + max(column or 1, 1) - 1
    return DocumentError("this is no valid Python", min(offset, len(text)))
