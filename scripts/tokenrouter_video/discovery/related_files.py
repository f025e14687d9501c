"""The files of a workspace whose objects may name those of a given file."""

# Paths are plain strings here: thousands are joined and compared, and a name need not be UTF-8.
# ruff: noqa: PTH119, PTH120

from __future__ import annotations

import os

from tokenrouter_video.consumer_hosts import HostForm
from tokenrouter_video.discovery import liveness
from tokenrouter_video.discovery.files import Files, ParsedFile
from tokenrouter_video.discovery.scan import search
from tokenrouter_video.discovery.walk import is_within
from tokenrouter_video.documents.formats import detect

# Beyond these the files nearest to the given one were read.
MAX_RELATED = 100


def related_files(file: ParsedFile, form: HostForm, files: Files) -> tuple[ParsedFile, ...]:
    """Return the files of the same format that hold objects of a form's kinds or patches, the nearest first.

    What stands in folders of examples, tests and the like is no part of a config that stands elsewhere.
    """
    listing, folder = files.listing, os.path.dirname(file.path)
    words = tuple(kind.encode() for kind in form.kinds)
    if not words:
        return ()
    if form.routes is not None:
        # Files that patch rules by their number need not say the kind.
        words += (form.routes.pointer.encode(),)
    paths = [
        path
        for path in listing.configs
        if path != file.path
        and detect(os.path.basename(path)) == file.document.format
        and (os.path.dirname(path) == folder or not liveness.by_path(tuple(listing.name(path).split("/"))))
    ]
    found = search(listing, paths, words, fold=False, report=False)
    found.sort(key=lambda path: (not is_within(path, folder), path.count(os.sep), path))
    loaded = (files.load(path) for path in found[:MAX_RELATED])
    return tuple(one for one in loaded if one is not None and one.identity != file.identity)
