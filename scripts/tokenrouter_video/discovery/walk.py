"""The walk: which files of a workspace may be configs.

It meets every file, so it keeps to plain strings and system calls. Nothing is followed out of the workspace, and what
is left out is said.
"""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH113, PTH116, PTH118

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable

from tokenrouter_video.discovery.findings import Skipped
from tokenrouter_video.documents.formats import detect
from tokenrouter_video.records import dataclass, field

# Directories that hold no configs of the workspace's own: version control, installed packages, build output, caches.
# Virtual environments and caches of other names are known by a marker file.
PRUNED_DIRECTORIES = frozenset(
    {
        *(".git", ".hg", ".svn", ".jj", ".bzr", "CVS"),
        *("node_modules", "bower_components", "jspm_packages", ".yarn", ".pnpm-store", "site-packages", "Pods"),
        *(".venv", "venv", "virtualenv", ".virtualenv", ".direnv", ".eggs", "__pypackages__"),
        *("build", "dist", "out", "target", "_build", ".output", ".next", ".nuxt", ".svelte-kit", ".angular"),
        *(".vercel", ".netlify", ".serverless", ".aws-sam", ".terraform", ".gradle", "DerivedData", "storybook-static"),
        *("__pycache__", ".cache", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".tox", ".nox"),
        *(".parcel-cache", ".turbo", ".nyc_output", "coverage", "htmlcov", ".ipynb_checkpoints", ".sass-cache"),
    }
)

# ``python -m venv`` writes the first; the second is https://bford.info/cachedir/.
_MARKERS = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})

# This program itself, which agents keep in the workspace as a skill: the gateways that it knows are no one's channels.
_OWN_PACKAGE, _OWN_MODULE = "tokenrouter_video", "consumer_rules.py"

MAX_FOLDERS_DEEP = 100
MAX_SKIPPED = 1_000

# What a file's last suffix tells. EVIDENCE are files of no config format that say which config a program is started
# with; OTHER are formats that may name a gateway and are not read as configs: they are looked into where no channel is
# found; BOTH are both.
CONFIG, EVIDENCE, OTHER, BOTH, PLAIN = 1, 2, 3, 4, 5


def _all(names: str, kind: int) -> dict[str, int]:
    return dict.fromkeys(names.split(), kind)


_SUFFIXES = {
    **_all("yaml yml toml json jsonc json5 js mjs cjs jsx ts mts cts tsx py env", CONFIG),
    **_all("service dockerfile mk procfile justfile", EVIDENCE),
    **_all("sh conf", BOTH),
    **_all("go rs java kt rb php cs swift lua dart ex scala nix tf ps1 bat vue svelte astro", OTHER),
    **_all("ini cfg properties xml plist bash zsh fish crushrc envrc netrc", OTHER),
}
# Configs that say which other config a program is started with, by name or by what their names start with.
_NAMING_CONFIGS = frozenset(
    """package.json fly.toml render.yaml devcontainer.json launch.json tasks.json taskfile.yml kustomization.yaml
    kustomization.yml""".split()  # noqa: SIM905
)
_NAMING_PREFIXES = ("compose", "docker-compose", ".env", "ecosystem.config", "railway.", "Taskfile")
_NAMES = {
    **_all("makefile gnumakefile dockerfile containerfile procfile justfile", EVIDENCE),
    **_all("crushrc", OTHER),
}


@dataclass(slots=True)
class Listing:
    """What a walk found; paths are absolute.

    ``configs`` have a config's name. ``real`` gives, for those that are links, the file that they lead to.
    ``utf16`` are those whose bytes are not UTF-8 but that.
    ``evidence`` are build and service files that may name a config, ``naming`` configs that may name another;
    ``others`` texts of formats that hold none.
    ``home`` is the home directory, whose files are shown with ``~/`` in front. ``progress`` is told what is being
    done, and whether it is known to take long.
    """

    root: str
    home: str = ""
    configs: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    naming: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    utf16: list[str] = field(default_factory=list)
    real: dict[str, str] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    progress: Callable[[str, bool], object] | None = None

    def name(self, path: str) -> str:
        """Return a path as it is shown: within the workspace or ``~/``, else absolute, with ``/`` between its parts."""
        if is_within(path, self.root):
            shown = path[len(self.root) :].lstrip(os.sep)
        elif self.home and is_within(path, self.home):
            shown = "~" + path[len(self.home.rstrip(os.sep)) :]
        else:
            shown = path
        return shown.replace(os.sep, "/") if os.sep != "/" else shown

    def skip(self, path: str, reason: str, line: int | None = None) -> None:
        """Note that a path was left out."""
        if len(self.skipped) < MAX_SKIPPED:
            self.skipped.append(Skipped(self.name(path) or ".", reason, line))
        elif len(self.skipped) == MAX_SKIPPED:
            self.skipped.append(Skipped(".", f"more than {MAX_SKIPPED:,} files were left out; the rest is not listed"))


def is_within(path: str, root: str) -> bool:
    """Whether a path is ``root`` or below it; both are absolute and free of links and dots."""
    return path == root or path.startswith(root if root.endswith(os.sep) else root + os.sep)


def kind_of(name: str) -> int:
    """Return what a file's name tells of it: ``CONFIG``, ``EVIDENCE``, ``OTHER``, ``BOTH`` or ``PLAIN``."""
    _, dot, tail = name.rpartition(".")
    kind = (_SUFFIXES if dot else _NAMES).get(tail.lower(), PLAIN)
    if kind != CONFIG and name.count(".") > 1 and detect(name) is not None:
        return CONFIG
    return EVIDENCE if kind == PLAIN and name.startswith("Dockerfile.") else kind


def list_files(root: str, home: str = "", found: Callable[[list[str]], object] | None = None) -> Listing:
    """Walk a workspace; ``root`` and ``home`` are absolute and free of links.

    ``found`` is told of each folder's configs at once, links by the file that they lead to.

    Links to files inside the workspace are kept, those that leave it are not; links to folders are not followed, so
    that a folder is met once and no walk is endless.
    """
    listing = Listing(root, home)
    pending = [(root, 0)]
    while pending:
        folder, depth = pending.pop()
        try:
            with os.scandir(folder) as entries:
                below, configs = _list_folder(entries, listing, is_root=depth == 0)
        except OSError as error:
            listing.skip(folder, f"the folder cannot be read: {error.strerror}")
            continue
        listing.configs += configs
        if found is not None and configs:
            found([listing.real.get(path, path) for path in configs] if listing.real else configs)
        if below and depth >= MAX_FOLDERS_DEEP:
            listing.skip(folder, f"it holds folders more than {MAX_FOLDERS_DEEP} deep")
        else:
            pending += [(path, depth + 1) for path in below]
    return listing


def _list_folder(
    entries: Iterable[os.DirEntry[str]], listing: Listing, *, is_root: bool
) -> tuple[list[str], list[str]]:
    """Sort one folder's entries; return its folders and configs, of which a cache or environment has none."""
    folders: list[str] = []
    configs: list[str] = []
    others: list[os.DirEntry[str]] = []
    for entry in entries:
        name = entry.name
        # Most names are settled by their last suffix; the rest of `kind_of` is for the others.
        kind = _SUFFIXES.get(name.rpartition(".")[2]) or kind_of(name)
        if kind == CONFIG and "." not in name:
            kind = PLAIN
        if entry.is_file(follow_symlinks=False):
            if kind == CONFIG:
                configs.append(entry.path)
                if name in _NAMING_CONFIGS or name.startswith(_NAMING_PREFIXES):
                    listing.naming.append(entry.path)
            elif name in _MARKERS and not is_root:
                return [], []
            elif kind != PLAIN:
                if kind != OTHER:
                    listing.evidence.append(entry.path)
                if kind != EVIDENCE:
                    listing.others.append(entry.path)
        elif entry.is_dir(follow_symlinks=False):
            if name not in PRUNED_DIRECTORIES and not name.endswith(".egg-info") and not _is_own(name, entry.path):
                folders.append(entry.path)
        else:
            others.append(entry)
    for entry in others:
        _list_other(entry, listing, configs)
    return folders, configs


def _is_own(name: str, path: str) -> bool:
    return name == _OWN_PACKAGE and os.path.isfile(os.path.join(path, _OWN_MODULE))


def _list_other(entry: os.DirEntry[str], listing: Listing, configs: list[str]) -> None:
    """Sort a link or a special file into the listing."""
    is_config = kind_of(entry.name) == CONFIG
    if not entry.is_symlink():
        if is_config:
            listing.skip(entry.path, "it is not a regular file")
        return
    try:
        real = os.path.realpath(entry.path, strict=True)
        kind = os.stat(real).st_mode
    except OSError:
        if is_config:
            listing.skip(entry.path, "a link that leads to no file")
        return
    if not is_within(real, listing.root):
        if is_config or stat.S_ISDIR(kind):
            listing.skip(entry.path, "a link that leaves the workspace")
    elif is_config and stat.S_ISREG(kind):
        listing.real[entry.path] = real
        configs.append(entry.path)
    elif is_config and not stat.S_ISDIR(kind):
        listing.skip(entry.path, "a link to what is not a regular file")
