"""Proving one config: the consumer is asked before and after the program routed each model into it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consumers.answers import Answer
from consumers.facts import FACTS, Fact
from consumers.install import Installed
from consumers.sandbox import KEY, run, run_offline
from consumers.table import Case, ConsumerCheck

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "consumers"
PROGRAM = (sys.executable, str(ROOT / "scripts" / "tokenrouter_video"))
TOOLS = ROOT / "tools"
# What keeps a fixture out of the project's own linters; the workspace's file is named without it.
_SUFFIX = ".fixture"
_ROUTE_SECONDS = 60

BROKEN_IS_ACCEPTED = "a broken config is accepted"


@dataclass(frozen=True, slots=True)
class Step:
    """What one route led to; ``problem`` is empty where all is well."""

    model: str
    problem: str
    words: str = ""
    diff: str = ""
    accepted: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """What one config of one consumer showed. ``problem`` is about the check itself, before any route."""

    folder: str
    problem: str
    words: str = ""
    accepted_before: bool = False
    refuses_broken: bool = False
    steps: tuple[Step, ...] = field(default=())

    @property
    def is_good(self) -> bool:
        """Whether everything was as it must be, and something was looked at."""
        return not self.problem and not any(step.problem for step in self.steps)


def prove(check: ConsumerCheck, installed: Installed, case: Case, models: tuple[str, ...]) -> Proof:
    """Ask the consumer about the config, about a broken one, and after each model's route.

    All models are routed into one copy, one after another, and in a consumer's first case each into a copy of its own
    too; in its further cases only where something is wrong, to see which one it is. Without ``models`` only the check
    itself is tested.
    """
    with tempfile.TemporaryDirectory(prefix="consumers-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        workspace = folder / "workspace"
        copy_fixture(case, workspace)
        before = ask(check, installed, case, workspace)
        if not before.accepted:
            return Proof(case.folder, "the config is refused before any route", before.words)
        names = {model: check.listed_as.format(id=model) for model in models}
        there = sorted(name for name in names.values() if name in before.models)
        if check.listed_as and (there or not before.models):
            said = f"listed before: {there or 'nothing'}"
            return Proof(case.folder, "the list before the route proves nothing", said, accepted_before=True)
        if not _refuses_broken(check, installed, case, folder):
            return Proof(case.folder, BROKEN_IS_ACCEPTED, str(case.broken), accepted_before=True)
        untrue = [
            fact.says
            for number, fact in enumerate(FACTS.get(case.folder, ()))
            if not _is_true(
                fact, before, _ask_changed(check, installed, case, folder / f"fact-{number}", (fact.old, fact.new))
            )
        ]
        if untrue:
            return Proof(case.folder, "what was known of it is not so", "; ".join(untrue), accepted_before=True)
        routed = _Routed(check, installed, case, before)
        together = [routed.step(folder, models)] if check.listed_as and len(models) > 1 else []
        alone = case is check.cases[0] or not together or bool(together[0].problem)
        steps = [routed.step(folder, (model,)) for model in models] if alone else []
        steps += together
        return Proof(case.folder, "", "", accepted_before=True, refuses_broken=True, steps=tuple(steps))


def copy_fixture(case: Case, workspace: Path) -> None:
    """Copy a case's files to a new workspace."""
    shutil.copytree(FIXTURES / case.folder, workspace)
    for path in list(workspace.rglob(f"*{_SUFFIX}")):
        path.rename(path.with_name(path.name.removesuffix(_SUFFIX)))
    config = workspace / case.config
    config.write_bytes(config.read_bytes().replace(b"\n", case.newline.encode()))


def ask(check: ConsumerCheck, installed: Installed, case: Case, workspace: Path) -> Answer:
    """Let the consumer read the config, in a copy: some of them write into it."""
    with tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as name:
        home = Path(name).resolve() / "home"
        shutil.copytree(workspace, home)
        environ = {key: value.format(home=home) for key, value in check.environ.items()}
        command = check.command(installed, home / case.config)
        return check.read(run_offline(command, home, {"PYTHONPATH": str(TOOLS), **environ}, check.seconds))


def _refuses_broken(check: ConsumerCheck, installed: Installed, case: Case, folder: Path) -> bool:
    return not _ask_changed(check, installed, case, folder / "broken", case.broken).accepted


def _is_true(fact: Fact, before: Answer, after: Answer) -> bool:
    """Whether the consumer did with the changed config what is known of it."""
    match fact.does:
        case "accepts":
            return after.accepted and len(after.models) >= len(before.models)
        case "refuses":
            return not after.accepted
        case _:
            return bool(before.models - after.models)


def _ask_changed(
    check: ConsumerCheck, installed: Installed, case: Case, workspace: Path, change: tuple[str, str]
) -> Answer:
    copy_fixture(case, workspace)
    path = workspace / case.config
    old, new = (text.replace("\n", case.newline).encode() for text in change)
    data = path.read_bytes()
    if data.count(old) != 1:
        raise ValueError(f"{case.folder}: what is to be replaced stands {data.count(old)} times in the config")
    path.write_bytes(data.replace(old, new))
    return ask(check, installed, case, workspace)


@dataclass(frozen=True, slots=True)
class _Routed:
    """One config whose answer before the routes is known."""

    check: ConsumerCheck
    installed: Installed
    case: Case
    before: Answer

    def step(self, folder: Path, models: tuple[str, ...]) -> Step:
        """Route the models into one fresh copy and ask the consumer about it."""
        name = models[0] if len(models) == 1 else "all of them"
        workspace = folder / name.replace(" ", "-")
        copy_fixture(self.case, workspace)
        old = (workspace / self.case.config).read_bytes()
        diffs = []
        wanted = "applied" if self.check.listed_as else "not-needed"
        for model in models:
            code, report = route(model, workspace, folder)
            diffs += [one["diff"] for one in report.get("files", ())]
            if code != 0 or report.get("status") != wanted:
                said = json.dumps(report.get("error") or {"status": report.get("status")}, ensure_ascii=False)
                return Step(name, "not routed", f"{model}: exit {code}, {said}", "\n".join(diffs))
        diff = "\n".join(diffs)
        if ((workspace / self.case.config).read_bytes() == old) == bool(self.check.listed_as):
            return Step(
                name, "the config is the old one" if self.check.listed_as else "the config was changed", "", diff
            )
        after = ask(self.check, self.installed, self.case, workspace)
        if not after.accepted:
            return Step(name, "refused after", after.words, diff)
        if not self.check.listed_as:
            return Step(name, "", "", diff, accepted=True)
        missing = sorted({self.check.listed_as.format(id=model) for model in models} - after.models)
        lost = sorted(self.before.models - after.models)
        if missing or lost:
            problem = "not listed after" if missing else "another model is gone"
            said = f"missing {missing}, gone {lost}, new {sorted(after.models - self.before.models)}"
            return Step(name, problem, said, diff, accepted=True)
        return Step(name, "", "", diff, accepted=True, listed=True)


def route(model: str, workspace: Path, folder: Path) -> tuple[int | None, dict[str, Any]]:
    """Run the program over a workspace as its user would; return its exit code and its JSON object."""
    home = folder / "user"
    home.mkdir(exist_ok=True)
    environ = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    environ |= {"HOME": str(home), "TOKENROUTER_VIDEO_STATE_DIR": str(home / "state"), "TOKENROUTER_API_KEY": KEY}
    command = (*PROGRAM, "route", model, "--workspace", str(workspace), "--apply", "--json")
    done = run(command, folder, environ, _ROUTE_SECONDS)
    try:
        return done.code, json.loads(done.stdout)
    except ValueError:
        return done.code, {"error": done.words}
