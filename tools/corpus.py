"""Run the program over a folder of configs: `python tools/corpus.py FOLDER [--json] [--verbose]`.

Each file is copied into a workspace of its own. Where it holds no channel, the first URL under a key that names one
is swapped for the gateway's. Then, for every channel and every model: preview, apply, look, undo. An edit passes if it
only inserts, if an independent reader finds the old data whole in the new, and if undo gives the bytes back.

Exit codes: 0 all passed, 1 an edit did not or the program failed, 2 no file was looked at.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tokenrouter_video.catalog import MODELS
from tokenrouter_video.cli.main import main as run_program
from tokenrouter_video.documents.document import DocumentError, decode
from tokenrouter_video.documents.formats import Reading, detect, parse, second_reading
from tokenrouter_video.documents.tree import Mapping, Node, Opaque, Scalar, walk
from tokenrouter_video.documents.tree import Sequence as Items
from tokenrouter_video.state import VARIABLE

BASE_URL = "https://api.tokenrouter.com/v1"
URL_KEYS = frozenset(
    {
        *("baseurl", "baseuri", "apibase", "apibaseurl", "apiurl", "apihost", "apiendpoint", "endpoint", "endpointurl"),
        *("url", "uri", "api", "host", "customhost", "upstream", "upstreamurl"),
        *("openaiapibase", "openaibaseurl", "openaiproxyurl", "anthropicbaseurl"),
    }
)
_SHORT = {"unchanged": "there", "not-needed": "not-needed"}


@dataclass
class Outcome:
    """What became of one file: a word for each channel and model, and every fault found."""

    file: str
    format: str = ""
    swapped: bool = False
    consumers: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    reason: str = ""

    @property
    def channels(self) -> int:
        """How many channels the file holds."""
        return len(self.consumers)


def look_at(path: Path, workspace: Path) -> Outcome:
    """Run everything for one file; the workspace is an empty folder."""
    outcome = Outcome(path.name)
    copy = workspace / path.name
    copy.write_bytes(path.read_bytes())
    channels = find(copy, outcome)
    if not channels and not outcome.reason.startswith("error"):
        try:
            copy.write_bytes(with_gateway(copy))
        except (DocumentError, LookupError) as error:
            outcome.reason = str(error)
            return outcome
        outcome.swapped = True
        channels = find(copy, outcome)
    if channels:
        outcome.reason = ""
        outcome.format = channels[0]["format"]
        outcome.consumers = [channel["consumer"] or "?" for channel in channels]
    for channel in channels:
        for model in MODELS:
            outcome.words.append(try_model(copy, channel, model, outcome))
    return outcome


def find(copy: Path, outcome: Outcome) -> list[dict[str, Any]]:
    """Return the channels of the copied file; where there are none the outcome says why."""
    code, answer = program("find", "--workspace", str(copy.parent))
    if code == 1:
        outcome.faults.append(f"find: {answer['error']['message']}")
        outcome.reason = "error"
    elif not answer.get("channels"):
        outcome.reason = answer["error"]["message"]
    channels: list[dict[str, Any]] = answer.get("channels", [])
    return [channel for channel in channels if channel["file"] == copy.name]


def try_model(copy: Path, channel: dict[str, Any], model: str, outcome: Outcome) -> str:
    """Preview, apply, check and undo one model's route; return the word for the table."""
    words = ("route", model, "--workspace", str(copy.parent), "--config", str(copy), "--channel", channel["id"])
    old = copy.read_bytes()
    code, planned = program(*words)
    if copy.read_bytes() != old:
        outcome.faults.append(f"{model}: a preview wrote")
    if code == 5:
        outcome.refusals.append(planned["error"]["message"])
        return "refused"
    if code:
        outcome.faults.append(f"{model}: preview ended with {code}: {planned['error']['message']}")
        return "FAILED"
    if planned["status"] != "planned":
        return _SHORT[planned["status"]]
    code, applied = program(*words, "--apply")
    if code:
        outcome.faults.append(f"{model}: apply ended with {code}: {applied['error']['message']}")
        return "FAILED"
    faults = list(faults_of(old, copy.read_bytes(), channel["format"], planned))
    again, second = program(*words)
    if (again, second.get("status")) != (0, "unchanged"):
        faults.append(f"a second run says {second.get('status') or second['error']['message']}")
    code, _ = program("route", "--undo", "--workspace", str(copy.parent))
    if code or copy.read_bytes() != old:
        faults.append("undo did not give the bytes back")
        copy.write_bytes(old)
    outcome.faults += [f"{model}: {fault}" for fault in faults]
    return "FAILED" if faults else "fixed" if planned["action"] == "fix" else "routed"


def faults_of(old: bytes, new: bytes, format_name: str, planned: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with an edit: the bytes, and what an independent reader makes of them."""
    before, after = decode(old), decode(new)
    if before.has_bom != after.has_bom:
        yield "the byte order mark changed"
    edits = [edit for file in planned["files"] for edit in file["edits"]]
    is_fix = planned["action"] == "fix"
    if not is_fix and not only_inserts(before.text, after.text, sorted(edit["start"] for edit in edits)):
        yield "not a pure insertion"
    if not is_fix and any(edit["start"] != edit["end"] for edit in edits):
        yield "an edit replaces text"
    try:
        change = compare(reading(before.text, format_name), reading(after.text, format_name))
    except DocumentError:
        yield "it cannot be read any more"
        return
    if change["removed"]:
        yield f"{change['removed']} values are gone"
    if change["replaced"] and not is_fix:
        yield f"{change['replaced']} values changed"
    if not change["added"] + change["replaced"]:
        yield "the data is the same as before"


def only_inserts(old: str, new: str, starts: Sequence[int]) -> bool:
    """Whether ``new`` is ``old`` with something inserted at each of the offsets and nothing else."""
    if not starts or len(new) <= len(old):
        return False
    pieces = [old[start:end] for start, end in zip((0, *starts), (*starts, len(old)), strict=True)]
    if not new.startswith(pieces[0]) or not new.endswith(pieces[-1]):
        return False
    position = len(pieces[0])
    for piece in pieces[1:-1]:
        position = new.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return position <= len(new) - len(pieces[-1])


def reading(text: str, format_name: str) -> Reading:
    """Return the data by an independent reader, or by the program's own where none can read the text."""
    read = second_reading(text, format_name)
    return _data(parse(text, format_name).root) if read is None else read


def _data(node: Node) -> Reading:
    if isinstance(node, Mapping):
        return {entry.key or f"...{number}": _data(entry.value) for number, entry in enumerate(node.entries)}
    if isinstance(node, Items):
        return [_data(entry.value) for entry in node.entries]
    if isinstance(node, Scalar):
        return (node.kind, str(node.value))
    return ("code", node.code) if isinstance(node, Opaque) else ("alias", node.name)


def compare(old: Reading, new: Reading) -> Counter[str]:
    """Count what was ``added``, ``removed`` and ``replaced``; in delimited strings the parts count."""
    change: Counter[str] = Counter()
    if isinstance(old, dict) and isinstance(new, dict):
        change["added"] += len(new.keys() - old.keys())
        change["removed"] += len(old.keys() - new.keys())
        for key in old.keys() & new.keys():
            change += compare(old[key], new[key])
    elif isinstance(old, list) and isinstance(new, list):
        change += _compare_lists(old, new)
    elif isinstance(old, tuple) and isinstance(new, tuple) and old[0] == new[0] == "str" and old != new:
        rest = iter(_parts(new[1]))
        # A config in a string may get its parts in several places.
        change["added" if all(part in rest for part in _parts(old[1])) else "replaced"] += 1
    elif old != new:
        change["replaced"] += 1
    return change


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").replace("\n", ",").split(",")]


def _compare_lists(old: Sequence[Reading], new: Sequence[Reading]) -> Counter[str]:
    """Compare lists by what is left between their common beginning and end."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    left, right = old[start : len(old) - end], new[start : len(new) - end]
    change: Counter[str] = Counter(added=max(0, len(right) - len(left)), removed=max(0, len(left) - len(right)))
    for before, after in zip(left, right, strict=False):
        change += compare(before, after)
    return change


def with_gateway(path: Path) -> bytes:
    """Return the file's bytes with its first base URL swapped; raise ``LookupError`` where it has none."""
    format_name = detect(path.name)
    if format_name is None:
        raise LookupError("no known config format by its name")
    source = decode(path.read_bytes())
    for place in walk(parse(source.text, format_name).root):
        key = place.parts[-1].lower().replace("_", "").replace("-", "") if place.parts else ""
        node = place.node
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or key not in URL_KEYS:
            continue
        token = node.token.of(source.text)
        if not node.value.startswith(("http://", "https://")) or token.count(node.value) != 1:
            continue
        url = f"{BASE_URL}/chat/completions" if node.value.endswith("/chat/completions") else BASE_URL
        changed = token.replace(node.value, url)
        return source.encode(source.text[: node.token.start] + changed + source.text[node.token.end :])
    raise LookupError("no base URL to swap")


def program(*words: str) -> tuple[int, dict[str, Any]]:
    """Run one command in this process; return its exit code and its JSON."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = run_program([*words, "--json"])
    answer: dict[str, Any] = json.loads(out.getvalue())
    return code, answer


def report(outcomes: Sequence[Outcome], verbose: bool) -> None:
    """Print a line for each file, what is wrong, and the totals."""
    width = max(len(outcome.file) for outcome in outcomes)
    for one in outcomes:
        words = ", ".join(f"{count} {word}" for word, count in sorted(Counter(one.words).items()))
        what = f"{'/'.join(sorted(set(one.consumers)))}: {words}" if one.channels else f"- {one.reason}"
        say(f"{one.file:<{width}}  {one.format:<10}  {one.channels}{'*' if one.swapped else ' '}  {what}")
        for fault in one.faults:
            say(f"{'':<{width}}  FAULT {fault}")
        if verbose:
            for refusal in dict.fromkeys(one.refusals):
                say(f"{'':<{width}}  refused: {refusal}")
    say("")
    for name, number in totals(outcomes).items():
        say(f"{number:>6}  {name}")
    say("")
    say("routed, fixed: applied; only inserts (a fix: only its own value); no other data differs; a second run changes")
    say("nothing; undo gives the bytes back. What is not so is a fault. ?: no known consumer. *: see --help.")


def totals(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Return the sums over all files."""
    words = Counter(word for one in outcomes for word in one.words)
    return {
        "files read": len(outcomes),
        "files with channels of their own": sum(bool(one.channels) and not one.swapped for one in outcomes),
        "files with a channel swapped in (*)": sum(bool(one.channels) and one.swapped for one in outcomes),
        "files without a channel": sum(not one.channels for one in outcomes),
        "channels": sum(one.channels for one in outcomes),
        **{f"previews: {word}": count for word, count in sorted(words.items())},
        "faults": sum(len(one.faults) for one in outcomes),
    }


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(line + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run over a folder; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="each of its files becomes a workspace of its own")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--verbose", action="store_true", help="print the reasons of refusals")
    options = parser.parse_args(argv)
    files = sorted(path for path in options.folder.rglob("*") if path.is_file())
    if not files:
        sys.stderr.write(f"{options.folder}: no files\n")
        return 2
    outcomes = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ[VARIABLE] = str(Path(folder, "state"))
        for number, path in enumerate(files):
            workspace = Path(folder, f"{number}")
            workspace.mkdir()
            outcomes.append(look_at(path, workspace))
    if options.json:
        say(json.dumps({"totals": totals(outcomes), "files": [vars(one) for one in outcomes]}, indent=2))
    else:
        report(outcomes, options.verbose)
    return 1 if any(one.faults for one in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
