"""Ask the consumers: `make consumers`, or `PYTHONPATH=tools python -m consumers [--only NAME] [--self-test] [--json]`.

Each consumer is installed from PyPI or npm into `.consumers` and reads hand-written configs before and after the
program routed the video models into them. Exit codes: 0 all well, 1 a config was refused or a model is not listed, or
no consumer could be asked at all.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from consumers.install import NotInstalledError, Pip, install
from consumers.proof import PROGRAM, prove
from consumers.report import Outcome, as_json, is_good, table
from consumers.sandbox import has_namespaces
from consumers.table import CHECKS, NOT_ASKED, ConsumerCheck


def main(argv: Sequence[str] | None = None, checks: Sequence[ConsumerCheck] = CHECKS) -> int:
    """Run the command."""
    args = _arguments(argv, [check.name for check in checks])
    chosen = [check for check in checks if not args.only or check.name in args.only]
    # The heaviest installs first, so that the last consumers are short ones.
    chosen.sort(key=lambda check: not isinstance(check.install, Pip))
    models = () if args.self_test else tuple(args.model or catalog_models())
    say("the consumers run in a network namespace of their own" if has_namespaces() else "no network namespaces here")
    with ThreadPoolExecutor(args.jobs) as pool:
        outcomes = list(pool.map(lambda check: examine(check, models), chosen))
    if not args.only:
        outcomes += [Outcome(name, name, skipped=reason) for name, reason in NOT_ASKED.items()]
    say(table(outcomes))
    if args.json:
        sys.stdout.write(json.dumps(as_json(outcomes), indent=2, ensure_ascii=False) + "\n")
    return 0 if is_good(outcomes) else 1


def examine(check: ConsumerCheck, models: tuple[str, ...]) -> Outcome:
    """Install a consumer and prove its configs; one that cannot be installed is skipped with the reason."""
    started = time.monotonic()
    try:
        if check.needs_namespace and not has_namespaces():
            raise NotInstalledError("it would try to reach its provider, and this machine gives no network namespace")
        installed = install(check.name, check.install)
    except NotInstalledError as reason:
        say(f"  {check.name}: skipped: {reason}")
        return Outcome(check.name, check.title, skipped=str(reason))
    ready = time.monotonic()
    proofs = tuple(prove(check, installed, case, models) for case in check.cases)
    outcome = Outcome(check.name, check.title, installed.version, proofs)
    said = "good" if outcome.is_good else "NOT GOOD"
    say(f"  {check.name}: {said}, installed in {ready - started:.0f} s, asked in {time.monotonic() - ready:.0f} s")
    return outcome


def catalog_models() -> list[str]:
    """Return the ids of the video models that the program knows."""
    done = subprocess.run((*PROGRAM, "models", "--json"), capture_output=True, check=True, timeout=60)  # noqa: S603
    return [model["id"] for model in json.loads(done.stdout)["models"]]


def say(text: str) -> None:
    """Print to stderr at once: stdout is for JSON."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _arguments(argv: Sequence[str] | None, names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="consumers", description="Let the consumers read what the program wrote.")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}")
    parser.add_argument("--model", action="append", help="route only this model; may be repeated")
    parser.add_argument("--self-test", action="store_true", help="test only that each check refuses a broken config")
    parser.add_argument("--json", action="store_true", help="print versions and results as JSON on stdout")
    parser.add_argument("--jobs", type=int, default=2, help="consumers at the same time (default: 2)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
