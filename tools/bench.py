"""How fast, compared with what: `python tools/bench.py [--runs N] [--files N] [--keep FOLDER]`.

Each comparison is a ratio of medians over interleaved runs on this machine, so that a slow or busy machine slows both
sides. Whole processes are measured from start to end, with a warm file cache. Exit codes: 0 all limits kept, 1 one
missed. What cannot be compared here is named.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"
HOSTS = ("api.tokenrouter.com", "open.palebluedot.ai")
CHANNELS = 20
PRUNED = 5_000
KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE

# What a tree of a product's repository is made of: suffix, share of the files, bytes of a typical one.
MIX = (
    (".ts", 22, 3_500),
    (".js", 12, 4_000),
    (".py", 14, 4_000),
    (".json", 12, 2_500),
    (".yaml", 7, 1_500),
    (".toml", 2, 1_200),
    (".md", 9, 4_000),
    (".css", 5, 3_000),
    (".go", 8, 4_500),
    (".txt", 4, 2_500),
    (".png", 5, 6_000),
)

BARE_SCRIPTS = {
    "yaml": (
        "import sys, io\nfrom ruamel.yaml import YAML\nyaml = YAML()\n"
        "data = yaml.load(open(sys.argv[1], encoding='utf-8').read())\n"
        "out = io.StringIO()\nyaml.dump(data, out)\nsys.stdout.write(out.getvalue())\n"
    ),
    "toml": (
        "import sys, tomlkit\ndata = tomlkit.parse(open(sys.argv[1], encoding='utf-8').read())\n"
        "sys.stdout.write(tomlkit.dumps(data))\n"
    ),
    "json": (
        "import sys, json\ndata = json.loads(open(sys.argv[1], encoding='utf-8').read())\n"
        "sys.stdout.write(json.dumps(data, indent=2))\n"
    ),
}


class Side(NamedTuple):
    """One side of a comparison: its name and what is done once; it returns seconds and, where known, peak bytes."""

    name: str
    once: Callable[[], tuple[float, int]]


class Comparison(NamedTuple):
    """A ratio of medians and what it may be at most."""

    title: str
    ours: Side
    theirs: Side
    limit: float
    max_memory: int | None = None


def process(command: Sequence[str], cwd: Path, environ: Mapping[str, str], codes: tuple[int, ...] = (0,)) -> Side:
    """Return a side that runs a whole process; raises ``RuntimeError`` where it ends with another code."""

    def once() -> tuple[float, int]:
        started = time.perf_counter()
        with subprocess.Popen(  # noqa: S603 - commands of our own
            command, cwd=cwd, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as child:
            assert child.stderr is not None
            said = child.stderr.read()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        if child.returncode not in codes:
            raise RuntimeError(f"{command[:4]} ended with {child.returncode}: {said.decode(errors='replace')[:400]}")
        return seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else KILOBYTE)

    return Side(Path(command[0]).name, once)


def call(name: str, work: Callable[[], object]) -> Side:
    """Return a side that calls a function in this process."""

    def once() -> tuple[float, int]:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started, 0

    return Side(name, once)


def measure(sides: Sequence[Side], runs: int) -> list[tuple[float, int]]:
    """Return each side's median seconds and greatest peak, run by turns after one turn that warms up."""
    taken: list[list[tuple[float, int]]] = [[] for _ in sides]
    for turn in range(runs + 1):
        for place, side in enumerate(sides):
            result = side.once()
            if turn:
                taken[place].append(result)
    return [(statistics.median(seconds for seconds, _ in side), max(peak for _, peak in side)) for side in taken]


def judge(comparison: Comparison, runs: int) -> bool:
    """Measure, print one line, and return whether the limit is kept."""
    (ours, peak), (theirs, _) = measure((comparison.ours, comparison.theirs), runs)
    ratio = ours / theirs
    kept = ratio <= comparison.limit and (comparison.max_memory is None or peak < comparison.max_memory)
    memory = ""
    if comparison.max_memory is not None:
        memory = f", peak {peak / MEGABYTE:.0f} MB (under {comparison.max_memory / MEGABYTE:.0f})"
    say(
        f"  {'ok    ' if kept else 'MISSED'} {comparison.title}: {ratio:.2f} (at most {comparison.limit:.1f}), "
        f"{ours * 1000:.0f} ms against {theirs * 1000:.0f} ms of {comparison.theirs.name}{memory}"
    )
    return kept


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def program(command: str, *arguments: str) -> list[str]:
    """Return the words that run a command from this checkout, by its script where it has one."""
    scripts: Mapping[str, str] = import_module("tokenrouter_video.cli.script").SCRIPTS
    if command in scripts:
        return [sys.executable, str(SCRIPTS / scripts[command]), *arguments]
    return [sys.executable, str(SCRIPTS / "tokenrouter_video"), command, *arguments]


def make_tree(folder: Path, files: int) -> None:
    """Write the tree: the mix, a few configs with channels, and folders that both sides leave out."""
    done = folder / ".complete"
    if done.is_file() and done.read_text(encoding="utf-8") == f"{files}":
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chance = random.Random(50_000)  # noqa: S311 - the same tree every time
    words = [f"{a}{b}" for a in ("get", "set", "load", "channel", "model", "user") for b in ("Item", "_list", "", "s")]
    filler = "\n".join(" ".join(chance.choices(words, k=12)) for _ in range(400)).encode()
    suffixes = chance.choices([mix[0] for mix in MIX], [mix[1] for mix in MIX], k=files - CHANNELS)
    sizes = {suffix: size for suffix, _, size in MIX}
    for number, suffix in enumerate(suffixes):
        place = folder / f"part{number % 40}" / f"area{number // 40 % 50}"
        if number < 2_000:
            place.mkdir(parents=True, exist_ok=True)
        start = chance.randrange(len(filler) // 2)
        body = filler[start : start + chance.randrange(sizes[suffix] // 2, sizes[suffix] * 2)]
        (place / f"file{number}{suffix}").write_bytes(b"\x89PNG\0" + body if suffix == ".png" else body)
    for number in range(CHANNELS):
        (folder / f"part{number}" / "providers.json").write_text(config_of("json", KILOBYTE), encoding="utf-8")
    for number in range(PRUNED):
        place = folder / "node_modules" / f"package{number // 50}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"file{number}.js").write_bytes(filler[:3_000])
    done.write_text(f"{files}", encoding="utf-8")


def config_of(kind: str, size: int) -> str:
    """Return a config with one channel and models enough to fill ``size`` bytes, in the format of that name."""
    head, entry, join, tail = {
        "yaml": (
            "providers:\n  tokenrouter:\n    base_url: https://api.tokenrouter.com/v1\n"
            "    api_key: ${TOKENROUTER_KEY}\n    models:\n",
            "      - id: vendor/chat-{0}   # {0}\n        name: Chat {0}\n        context_window: {0}000\n",
            "",
            "      - id: kling-v2-6\n        name: Kling v2.6\n        kind: video\n",
        ),
        "toml": (
            '[providers.tokenrouter]\nbase_url = "https://api.tokenrouter.com/v1"\napi_key_env = "TOKENROUTER_KEY"\n',
            '\n[[providers.tokenrouter.models]]\nid = "vendor/chat-{0}"  # {0}\nname = "Chat {0}"\nwindow = {0}000\n',
            "",
            '\n[[providers.tokenrouter.models]]\nid = "kling-v2-6"\nname = "Kling v2.6"\nkind = "video"\n',
        ),
        "json": (
            '{\n  "providers": {\n    "tokenrouter": {\n      "baseUrl": "https://api.tokenrouter.com/v1",\n'
            '      "apiKey": "${TOKENROUTER_KEY}",\n      "models": [\n',
            '        {{"id": "vendor/chat-{0}", "name": "Chat {0}", "contextWindow": {0}000}}',
            ",\n",
            ',\n        {"id": "kling-v2-6", "name": "Kling v2.6", "kind": "video"}\n      ]\n    }\n  }\n}\n',
        ),
        "typescript": (
            'export const providers = {\n  tokenrouter: {\n    baseURL: "https://api.tokenrouter.com/v1",\n'
            "    apiKey: process.env.TOKENROUTER_KEY,\n    models: [\n",
            '      {{ id: "vendor/chat-{0}", name: "Chat {0}", contextWindow: {0}000 }}, // {0}',
            "\n",
            '\n      { id: "kling-v2-6", name: "Kling v2.6", kind: "video" },\n    ],\n  },\n};\n',
        ),
    }[kind]
    one = len(entry.format(100)) + len(join)
    count = max(1, (size - len(head) - len(tail)) // one)
    return head + join.join(entry.format(number) for number in range(100, 100 + count)) + tail


def tree_comparison(tree: Path, environ: Mapping[str, str]) -> Comparison | None:
    """Return `find` against ripgrep; ``None`` where ripgrep is not installed."""
    ripgrep = shutil.which("rg")
    if ripgrep is None:
        return None
    from tokenrouter_video.discovery.walk import PRUNED_DIRECTORIES

    globs = [word for name in sorted(PRUNED_DIRECTORIES) for word in ("-g", f"!**/{name}")]
    hosts = [word for host in HOSTS for word in ("-e", host)]
    theirs = process([ripgrep, "-uuu", "-F", "-l", *hosts, *globs, str(tree)], tree, environ)
    ours = process(program("find", "--json", "--workspace", str(tree)), tree, environ, (0, 4))
    return Comparison("find over the tree", ours, theirs, 2.0, 100 * MEGABYTE)


def preview_comparisons(folder: Path, environ: Mapping[str, str]) -> list[Comparison]:
    """Return a whole `route` preview of a 10 KB file against a bare script that loads and dumps one."""
    found = []
    for kind, suffix, baseline, limit in (
        ("yaml", "yaml", "yaml", 2.5),
        ("toml", "toml", "toml", 2.5),
        ("json", "json", "json", 3.0),
        ("typescript", "ts", "json", 3.0),
    ):
        place = folder / kind
        place.mkdir(parents=True, exist_ok=True)
        (place / f"providers.{suffix}").write_text(config_of(kind, 10 * KILOBYTE), encoding="utf-8")
        plain = folder / f"plain.{baseline}"
        plain.write_text(config_of(baseline, 10 * KILOBYTE), encoding="utf-8")
        ours = process(program("route", "kling-v3", "--workspace", str(place)), place, environ)
        bare = process([sys.executable, "-c", BARE_SCRIPTS[baseline], str(plain)], place, environ)
        found.append(Comparison(f"preview of 10 KB {kind}", ours, Side(f"a bare {baseline} script", bare.once), limit))
    return found


def locating_comparisons() -> list[Comparison]:
    """Return locating everything in 1 MB of JSON and TypeScript against tomlkit's parse of a TOML of that size."""
    import tomlkit

    parse = import_module("tokenrouter_video.documents.formats").parse
    toml = config_of("toml", MEGABYTE)
    theirs = call("tomlkit.parse", lambda: tomlkit.parse(toml))
    found = []
    for kind in ("json", "typescript"):
        text = config_of(kind, MEGABYTE)
        ours = call("parse", lambda text=text, kind=kind: parse(text, kind))  # type: ignore[misc]  # bound now, not later
        found.append(Comparison(f"locating everything in 1 MB {kind}", ours, theirs, 1.0))
    return found


def where_the_time_goes(tree: Path, folder: Path, environ: Mapping[str, str], runs: int) -> None:
    """Print what a run consists of, by ever longer runs."""
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    stages = [
        ("the interpreter alone", process([sys.executable, "-c", "pass"], empty, environ)),
        ("and this program's arguments (--version)", process(program("--version"), empty, environ)),
        ("and a search that finds nothing (find, empty folder)", process(program("find"), empty, environ, (3,))),
        *(
            (f"and parsing one file of 10 KB (find, {kind})", process(program("find"), folder / kind, environ))
            for kind in ("json", "yaml", "toml", "typescript")
        ),
        *(
            (f"and planning and proving an edit (route, {kind})",
             process(program("route", "kling-v3"), folder / kind, environ))
            for kind in ("json", "yaml", "toml", "typescript")
        ),
        ("find over the tree", process(program("find", "--json"), tree, environ, (0, 4))),
    ]  # fmt: skip
    say("\nWhere the time goes (medians):")
    for (title, _), (seconds, _) in zip(stages, measure([side for _, side in stages], runs), strict=True):
        say(f"  {seconds * 1000:6.0f} ms  {title}")


def what_a_start_imports(folder: Path, environ: Mapping[str, str], runs: int) -> None:
    """Print the modules that cost a JSON preview most before it does anything, each at its fastest of the runs."""
    best: dict[str, int] = {}
    command = [sys.executable, "-X", "importtime", *program("route", "kling-v3")[1:]]
    for _ in range(runs):
        ran = subprocess.run(  # noqa: S603 - commands of our own
            command, cwd=folder / "json", env=environ, capture_output=True, text=True, check=True
        )
        for line in ran.stderr.splitlines():
            own, _, rest = line.removeprefix("import time:").partition("|")
            if own.strip().isdigit():
                name = rest.rpartition("|")[2].strip()
                best[name] = min(best.get(name, sys.maxsize), int(own))
    ours = {name: cost for name, cost in best.items() if name.startswith("tokenrouter_video")}
    others = sum(best.values()) - sum(ours.values())
    say(
        f"\nImports of a JSON preview: {len(ours)} modules of the program {sum(ours.values()) / 1000:.0f} ms, "
        f"{len(best) - len(ours)} others {others / 1000:.0f} ms; the dearest of ours:"
    )
    for name, cost in sorted(ours.items(), key=lambda item: -item[1])[:12]:
        say(f"  {cost / 1000:6.1f} ms  {name}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run every comparison; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="runs of each side (default: 7)")
    parser.add_argument("--files", type=int, default=50_000, help="files of the tree (default: 50,000)")
    parser.add_argument("--keep", type=Path, default=ROOT / ".bench", help="where the tree is made, once")
    options = parser.parse_args(argv)
    tree, folder = options.keep / "tree", options.keep / "configs"
    folder.mkdir(parents=True, exist_ok=True)
    environ = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(options.keep),
        "TOKENROUTER_VIDEO_STATE_DIR": str(options.keep / "state"),
        "TOKENROUTER_KEY": "example-key-7f2",
    }
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    say(f"{cores} cores, Python {sys.version.split()[0]}, medians of {options.runs} interleaved runs")
    say(f"making a tree of {options.files:,} files (and {PRUNED:,} in node_modules) ...")
    make_tree(tree, options.files)

    kept = []
    search = tree_comparison(tree, environ)
    if search is None:
        say("  not compared: find over the tree, because ripgrep (rg) is not installed")
    else:
        kept.append(judge(search, options.runs))
    kept += [judge(comparison, options.runs) for comparison in preview_comparisons(folder, environ)]
    kept += [judge(comparison, options.runs) for comparison in locating_comparisons()]
    where_the_time_goes(tree, folder, environ, options.runs)
    what_a_start_imports(folder, environ, options.runs)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
