"""Running a command from its script in ``scripts/``, where nothing is installed but perhaps the dependencies.

Whatever ``python3`` is reads this module: nothing else of the package is imported before the version is known.
"""

import gc
import os.path
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import NoReturn

# A script for each command that has one; the others run as `python3 scripts/tokenrouter_video COMMAND`.
SCRIPTS = {
    "find": "find_tokenrouter_config.py",
    "route": "add_video_route.py",
    "generate": "generate_video.py",
    "task": "video_task.py",
    "demo": "demo.py",
}

# What a dependency is called where it is imported, and where it is installed.
MODULES = {
    "dotenv": "python-dotenv",
    "filelock": "filelock",
    "httpx": "httpx",
    "jsonc_parser": "jsonc-parser",
    "libcst": "libcst",
    "platformdirs": "platformdirs",
    "rich": "rich",
    "ruamel.yaml": "ruamel.yaml",
    "tomlkit": "tomlkit",
    "yaml": "PyYAML",
}


def run(command: str, file: str) -> "NoReturn":
    """Run a command as its script ``file`` does (``""``: the command is the first argument), and end the process.

    All dependencies are looked for first: one that is found missing after a config was written would be too late.
    """
    # A run makes many objects and hardly a cycle: looking for some after every 700 takes 5 % of a short one. That
    # begins with what pathlib brings along.
    gc.set_threshold(50_000)
    from pathlib import Path

    script = Path(file).resolve()
    if sys.version_info < (3, 11):  # noqa: UP036 - a script is started by any python3
        _stop(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}", _by_uv(script))
    missing = [name for module, name in MODULES.items() if not _is_there(module)]
    if missing:
        _stop(f"missing {' '.join(missing)}", f"{_by_uv(script)}; without uv {_by_venv(script)}")

    from tokenrouter_video.cli.main import leave, main

    def starts(name: str) -> "tuple[str, ...]":
        folder = Path(__file__).resolve().parent.parent.parent
        own = SCRIPTS.get(name)
        return (_interpreter(), str(folder / own)) if own else (_interpreter(), str(folder / "tokenrouter_video"), name)

    arguments = sys.argv[1:]
    if command:
        leave(main([command, *arguments], programs={command: script.name}, starts=starts))
    leave(main(arguments, starts=starts))


def _stop(problem: str, remedy: str) -> "NoReturn":
    """End the process before the program itself can: in one line, or in one JSON object where that is asked for."""
    if "--json" in sys.argv:
        import json

        sys.stdout.write(
            json.dumps({"schema": 1, "error": {"code": "internal", "message": problem, "try": remedy}}) + "\n"
        )
        sys.exit(1)
    sys.exit(f"tokenrouter-video: {problem}: {remedy}")


def _interpreter() -> str:
    """Return the word that starts the running interpreter from any shell.

    A virtual environment may come first in ``PATH`` here and nowhere else: that is how ``uv run`` works.
    """
    from pathlib import Path
    from shutil import which

    usual = which("python3")
    own = sys.prefix == sys.base_prefix and usual and Path(usual).parent == Path(sys.executable).parent
    return "python3" if own else sys.executable


def _by_uv(script: "Path") -> str:
    from shlex import quote

    if script.name == "__main__.py":
        return f"run `uvx --from {quote(str(_root(script)))} tokenrouter-video ...`"
    return f"run `uv run {quote(str(script))} ...`"


def _by_venv(script: "Path") -> str:
    """Say how to install what is missing apart from all else: many systems' own Python takes no packages by pip."""
    from shlex import quote

    place = "~/.cache/tokenrouter-video"
    started = script.parent if script.name == "__main__.py" else script
    return (
        f"`python3 -m venv {place} && {place}/bin/pip install {quote(str(_root(script)))}`, "
        f"then `{place}/bin/python {quote(str(started))} ...`"
    )


def _root(script: "Path") -> "Path":
    """Return the folder of ``pyproject.toml``, which says what is to be installed, in which versions."""
    return script.parent.parent.parent if script.name == "__main__.py" else script.parent.parent


def _is_there(module: str) -> bool:
    # A look into the folders, of which the last are for what is installed, takes a tenth of asking every finder.
    name = module.replace(".", os.sep)
    if any(os.path.isdir(os.path.join(folder, name)) for folder in reversed(sys.path)):  # noqa: PTH112, PTH118
        return True
    from importlib.util import find_spec

    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package around it
        return False
