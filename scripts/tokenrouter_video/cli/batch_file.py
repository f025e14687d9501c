"""The two files of a batch: requests as JSON Lines going in, result lines coming out.

A line of requests is one JSON object: the request's own fields as the API spells them, and optionally ``"id"``, a text
that tells equal requests apart. ``--model`` is the model of lines that name none.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenrouter_video.display import json_escaped
from tokenrouter_video.errors import UsageError
from tokenrouter_video.gateway.params import parse_params
from tokenrouter_video.records import dataclass

if TYPE_CHECKING:
    from tokenrouter_video.cli.console import Console

MAX_BYTES = 50_000_000
MAX_LINES = 10_000
MAX_ID = 200
# The key of a result that is about no remembered request: such as was planned, or not sent for another's sake.
_NAMELESS = (None, None)


@dataclass(frozen=True, slots=True)
class Line:
    """One request of a batch file; ``number`` counts from 1, ``id`` is the line's own, ``fields`` all the rest."""

    number: int
    id: str | None
    fields: Mapping[str, Any]


def parse_lines(data: bytes, name: str) -> list[Line]:
    """Return the requests of a batch file; empty lines are left out. Raises UsageError with file and line."""
    if len(data) > MAX_BYTES:
        raise UsageError(f"{name} is larger than {MAX_BYTES:,} bytes", "Split the batch into several files.")
    lines, seen = [], dict[str, int]()
    for number, text in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not text.strip():
            continue
        fields = parse_params(text.strip(), f"{name}:{number}")
        id = fields.pop("id", None)
        if id is not None and not (isinstance(id, str) and 0 < len(id) <= MAX_ID and id.isprintable()):
            raise UsageError(
                f"{name}:{number}: the id is no printable text of at most {MAX_ID} characters", 'Write "id": "shot-1".'
            )
        if id is not None and seen.setdefault(id, number) != number:
            raise UsageError(
                f"{name}:{number}: the id stands in line {seen[id]} already", "Give each line an id of its own."
            )
        lines.append(Line(number, id, fields))
    if not lines:
        raise UsageError(f"{name} holds no request", "Write one JSON object a line.")
    if len(lines) > MAX_LINES:
        raise UsageError(f"{name} holds more than {MAX_LINES:,} requests", "Split the batch into several files.")
    return lines


def check_output(path: Path, requests: Path) -> None:
    """Refuse, before anything is spent, an ``--output`` that cannot be appended to or is the batch file itself.

    Raises UsageError.
    """
    folder = path.parent
    if path.exists() and path.samefile(requests):
        raise UsageError(f"--output {path} is the batch file itself", "name another file for the results")
    if path.exists() and not path.is_file():
        raise UsageError(f"--output {path} is no regular file", "name a file")
    if not folder.is_dir():
        raise UsageError(f"--output {path}: the folder {folder} does not exist", "make the folder first")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise UsageError(f"--output {path} is not writable", "name another file")


class ResultLines:
    """Where result lines go: appended to ``--output``, else printed.

    What an output file holds from an earlier run is not written again.
    """

    def __init__(self, path: Path | None, console: Console) -> None:
        self._path = path
        self._console = console
        self._written = set(_results(path)) if path is not None else set()

    @property
    def on_terminal(self) -> bool:
        """Whether the results are printed on a terminal."""
        return self._path is None and sys.stdout is not None and sys.stdout.isatty()

    def write(self, result: dict[str, Any], text: str) -> None:
        """Write one result; ``text`` is its form for people. A file that cannot be written any more is a warning."""
        if self._path is None:
            if self._console.json:
                self._console.json_line(result)
            else:
                self._console.result(result, lambda: text)
            return
        self._console.note(text)
        if _key(result) in self._written - {_NAMELESS}:
            return
        clean = self._console.masker.clean_json(result)
        line = json_escaped(json.dumps(clean, ensure_ascii=False)).encode("utf-8", "backslashreplace") + b"\n"
        try:
            _append(self._path, line)
        except OSError as error:
            self._console.urgent(f"--output {self._path} cannot be written: {error.strerror}")
            self._console.json_line(result)


def _results(path: Path) -> Iterator[tuple[object, object]]:
    """Yield what an output file tells already; damaged lines tell nothing."""
    with suppress(OSError), path.open("rb") as file:
        for line in file:
            with suppress(ValueError, RecursionError):
                result = json.loads(line)
                if isinstance(result, dict):
                    yield _key(result)


def _key(result: Mapping[str, Any]) -> tuple[object, object]:
    id, status = result.get("id"), result.get("status")
    return (id, status) if isinstance(id, str) and isinstance(status, str) else _NAMELESS


def _append(path: Path, line: bytes) -> None:
    """Append a line, on a new line of its own where a kill tore the last one."""
    with path.open("a+b") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                line = b"\n" + line
        file.write(line)
