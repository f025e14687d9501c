"""The command by which a workspace makes its gateway read a changed config: found, shown, and run only when asked."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from tokenrouter_video.documents.document import MAX_BYTES, DocumentError, decode
from tokenrouter_video.documents.tree import Mapping as TreeMapping
from tokenrouter_video.documents.tree import Node, Scalar, walk
from tokenrouter_video.errors import AmbiguousError, ReloadFailedError
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess

_SECONDS = 120
_LONGEST_LINE = 10_000
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9:_.-]{0,63}")
# Best first: what reloads, what checks the config, what tests the workspace.
_TIERS = (
    regex(r"(?:^|[:_.-])(?:reload|restart)(?:$|[:_.-])"),
    regex(r"^(?:check|validate|verify|test)[:_.-](?:config|routes?|models?|channels?|providers?)$"),
    regex(r"^test$"),
)
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_JUSTFILES = ("justfile", "Justfile", ".justfile")
_TASKFILES = ("Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml")
_COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_MAKE_TARGET = regex(r"^([A-Za-z0-9][\w:.-]*)\s*:(?!=)", re.MULTILINE)
_JUST_RECIPE = regex(r"^@?([A-Za-z][\w-]*)\s*:(?!=)", re.MULTILINE)
_LOCKS = (("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lock", "bun"), ("bun.lockb", "bun"))


@dataclass(frozen=True, slots=True)
class ReloadCommand:
    """A command as words, where it comes from in the user's words, and the folder it runs in."""

    command: tuple[str, ...]
    source: str
    folder: Path


def find_reload_commands(
    workspace: Path, config: Path, consumer_command: tuple[str, ...] = (), consumer: str = ""
) -> tuple[ReloadCommand, ...]:
    """Return the reload commands that fit a config: the workspace's own, else the known consumer's."""
    found = [
        (tier, one) for folder in _folders(workspace, config) for tier, one in _in_folder(folder, workspace, config)
    ]
    if found:
        best = min(tier for tier, _ in found)
        return tuple(dict.fromkeys(one for tier, one in found if tier == best))
    if consumer_command:
        return (ReloadCommand(consumer_command, f"known for {consumer}", workspace),)
    return ()


def _folders(workspace: Path, config: Path) -> Iterator[Path]:
    """Yield the config's folder and those above it, up to the workspace."""
    folder = config.parent
    if not folder.is_relative_to(workspace):
        yield workspace
        return
    while True:
        yield folder
        if folder == workspace:
            return
        folder = folder.parent


def _in_folder(folder: Path, workspace: Path, config: Path) -> Iterator[tuple[int, ReloadCommand]]:
    def named(file: str) -> str:
        return (folder / file).relative_to(workspace).as_posix()

    scripts = _package_scripts(folder)
    runner = next((name for lock, name in _LOCKS if (folder / lock).is_file()), "npm")
    for tier, name in _fitting(scripts):
        yield tier, ReloadCommand((runner, "run", name), f"{named('package.json')} scripts.{name}", folder)
    for files, pattern, program, word in (
        (_MAKEFILES, _MAKE_TARGET, "make", "target"),
        (_JUSTFILES, _JUST_RECIPE, "just", "recipe"),
    ):
        file = next((one for one in files if (folder / one).is_file()), None)
        if file is not None:
            for tier, name in _fitting(pattern.findall(_text(folder / file))):
                yield tier, ReloadCommand((program, name), f"{named(file)} {word} {name}", folder)
    for file in _TASKFILES:
        for tier, name in _fitting(_keys(_tree(folder / file), "tasks")):
            yield tier, ReloadCommand(("task", name), f"{named(file)} task {name}", folder)
    for file in _COMPOSE_FILES:
        for name in _services_with(_tree(folder / file), config):
            yield 0, ReloadCommand(("docker", "compose", "restart", name), f"{named(file)} services.{name}", folder)


def _fitting(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    for name in dict.fromkeys(names):
        if _NAME.fullmatch(name):
            for tier, pattern in enumerate(_TIERS):
                if pattern.search(name):
                    yield tier, name
                    break


def _text(path: Path) -> str:
    """Return a small file's text, empty where it cannot be read."""
    try:
        if path.is_symlink() or path.stat().st_size > MAX_BYTES:
            return ""
        return decode(path.read_bytes()).text
    except (OSError, DocumentError):
        return ""


def _package_scripts(folder: Path) -> list[str]:
    try:
        scripts = json.loads(_text(folder / "package.json") or "{}").get("scripts", {})
    except (ValueError, AttributeError, RecursionError):
        return []
    return [name for name in scripts if isinstance(name, str)] if isinstance(scripts, dict) else []


def _tree(path: Path) -> Node | None:
    text = _text(path) if path.is_file() else ""
    if not text:
        return None
    from tokenrouter_video.documents.formats import parse

    try:
        return parse(text, "yaml").root
    except DocumentError:
        return None


def _keys(root: Node | None, name: str) -> list[str]:
    section = root.get(name) if isinstance(root, TreeMapping) else None
    return [entry.key for entry in section.entries if entry.key] if isinstance(section, TreeMapping) else []


def _services_with(root: Node | None, config: Path) -> list[str]:
    """Return the compose services that name the config file in a volume, command or environment."""
    services = root.get("services") if isinstance(root, TreeMapping) else None
    if not isinstance(services, TreeMapping):
        return []
    mentions = re.compile(rf"(?:^|[/\s:=]){re.escape(config.name)}(?:$|[\s:,])")
    return [
        entry.key
        for entry in services.entries
        if entry.key
        and _NAME.fullmatch(entry.key)
        and any(
            isinstance(place.node, Scalar) and isinstance(place.node.value, str) and mentions.search(place.node.value)
            for place in walk(entry.value)
        )
    ]


def choose_reload(commands: tuple[ReloadCommand, ...]) -> ReloadCommand | None:
    """Return the one command to run, ``None`` where there is none; raise :class:`AmbiguousError` for several."""
    if len(commands) > 1:
        listed = "; ".join(f"{' '.join(one.command)} ({one.source})" for one in commands)
        raise AmbiguousError(
            f"several commands could reload the gateway: {listed}",
            "Leave --reload out and run the right one yourself.",
            details={"reload": [{"command": list(one.command), "source": one.source} for one in commands]},
        )
    return commands[0] if commands else None


def run_reload(
    command: ReloadCommand, secrets: frozenset[str], environ: Mapping[str, str], show: Callable[[str], None]
) -> None:
    """Run a reload command without a shell for at most 120 seconds, and ``show`` each line of its output.

    Variables that hold one of ``secrets`` are taken out of its environment. Raises :class:`ReloadFailedError`.
    """
    import subprocess
    import threading

    shown = " ".join(command.command)
    clean = {name: value for name, value in environ.items() if not any(secret in value for secret in secrets if secret)}
    try:
        process = subprocess.Popen(  # noqa: S603 - the user asked for this very command with --reload
            command.command,
            cwd=command.folder,
            env=clean,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise _failed(shown, error.strerror or "it cannot be started") from None
    reader = threading.Thread(target=_pass_on, args=(process, show), daemon=True)
    reader.start()
    try:
        code = process.wait(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        _kill(process)
        raise _failed(shown, f"it took more than {_SECONDS} seconds and was stopped") from None
    except BaseException:
        _kill(process)
        raise
    # What it left running in the background may hold the pipe open.
    reader.join(timeout=1)
    if code:
        raise _failed(shown, f"it ended with exit code {code}")


def _pass_on(process: subprocess.Popen[bytes], show: Callable[[str], None]) -> None:
    assert process.stdout is not None
    while line := process.stdout.readline(_LONGEST_LINE):
        show(line.decode("utf-8", "replace").rstrip("\r\n"))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a command and what it started."""
    import signal
    from contextlib import suppress

    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with suppress(OSError):
        process.wait(timeout=5)


def _failed(shown: str, reason: str) -> ReloadFailedError:
    return ReloadFailedError(
        f"the config was written, but the reload command failed: {shown}: {reason}; nothing was sent",
        "Reload the gateway yourself, then run the same command without --reload; `route --undo` takes the edit back.",
    )
