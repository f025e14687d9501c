"""Consumers that keep one file a model: the models beside a provider's file, and the text of a new one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tokenrouter_video.catalog import VideoModel
from tokenrouter_video.channels import Channel
from tokenrouter_video.consumer_rules import Rules
from tokenrouter_video.documents.document import MAX_BYTES, Document, DocumentError, decode
from tokenrouter_video.documents.formats import detect, parse, second_reading
from tokenrouter_video.documents.render import Renderer
from tokenrouter_video.documents.tree import Mapping, Node, Scalar, Sequence, find
from tokenrouter_video.documents.values import Copy, Value, node_data, value_matches_reading
from tokenrouter_video.records import dataclass
from tokenrouter_video.routing.model_lists import RouteEntry, RouteList
from tokenrouter_video.routing.model_names import read_model_name, spelled_like

# A folder of more files than this is no list of one provider's models.
MAX_FILES = 2_000


@dataclass(frozen=True, slots=True)
class SiblingFile:
    """One model's file: its path as it is shown, the id that it says or is named by, what it holds.

    ``depth`` is how many folders below that of all models it stands in: those are the front of an id with slashes.
    """

    name: str
    path: Path
    model: str
    document: Document
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Siblings:
    """The files of a provider's models; the entries of ``route_list`` are their roots, in the same order."""

    files: tuple[SiblingFile, ...]
    route_list: RouteList

    def file_of(self, entry: RouteEntry) -> SiblingFile:
        """Return the file whose root an entry is."""
        return next(one for one in self.files if one.document.root is entry.node)


def find_siblings(channel: Channel, rules: Rules) -> Siblings | None:
    """Return the model files beside the channel's file, ``None`` where the consumer keeps none there.

    A folder that is a link is not followed; what cannot be read is no model to copy.
    """
    if not rules.siblings or channel.embedded is not None:
        return None
    files = tuple(_read(channel, rules.siblings))
    entries = tuple(RouteEntry((), one.model, one.document.root) for one in files)
    return Siblings(files, RouteList("files", (), "general", entries)) if files else None


def _read(channel: Channel, pattern: str) -> Iterator[SiblingFile]:
    folder = channel.path.parent
    shown = PurePosixPath(channel.file).parent
    paths = sorted(folder.glob(pattern)) if not (folder / PurePosixPath(pattern).parts[0]).is_symlink() else []
    for path in paths[:MAX_FILES]:
        format_name = detect(path.name)
        if format_name is None or path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
            continue
        try:
            document = parse(decode(path.read_bytes()).text, format_name)
        except (DocumentError, OSError):
            continue
        root = document.root
        if not isinstance(root, Mapping) or not root.entries or document.obstacles:
            continue
        said = root.get("id")
        is_said = isinstance(said, Scalar) and isinstance(said.value, str)
        inner = path.relative_to(folder / PurePosixPath(pattern).parts[0])
        model = str(said.value) if is_said and isinstance(said, Scalar) else inner.with_suffix("").as_posix()
        name = str(shown / path.relative_to(folder).as_posix())
        yield SiblingFile(name, path, model, document, len(inner.parts) - 1)


def new_file(like: SiblingFile, value: Value, model: VideoModel) -> tuple[str, Path, str]:
    """Return the name, path and proven text of a new file like another one.

    Raises :class:`DocumentError` where the text does not say what was meant.
    """
    document = like.document
    text = Renderer(document).value(value, document.root, "", in_flow=False)
    text += document.text[len(document.text.rstrip("\r\n")) :]
    made = parse(text, document.format)
    if made.obstacles or not _says(made.root, value, document.root):
        raise DocumentError("the new file would not say what was planned")
    old, new = (second_reading(one, document.format) for one in (document.text, text))
    if old is not None and (new is None or not value_matches_reading(value, new, old)):
        raise DocumentError("a second reader reads the new file otherwise than planned")
    stem = spelled_like(like.path.stem, read_model_name(like.model), model)
    file = stem + like.path.suffix
    # The folder of another maker's models is not this one's, and a video id has no maker in front.
    up = 0 if read_model_name(like.model).family == model.family else like.depth
    return str(PurePosixPath(like.name).parents[up] / file), like.path.parents[up] / file, text


def _says(node: Node, value: Value, old: Node) -> bool:
    """Whether a node of the new file says a value; copies are looked up in the old file."""
    if isinstance(value, Copy):
        place = find(old, value.parts)
        return place is not None and node_data(place.node) == node_data(node)
    if isinstance(value, dict):
        found = {entry.key: entry.value for entry in node.entries} if isinstance(node, Mapping) else {}
        return set(found) == set(value) and all(_says(found[name], one, old) for name, one in value.items())
    if isinstance(value, list):
        items = [entry.value for entry in node.entries] if isinstance(node, Sequence) else []
        return len(items) == len(value) and all(_says(*pair, old) for pair in zip(items, value, strict=True))
    is_same_type = isinstance(node, Scalar) and isinstance(node.value, bool) == isinstance(value, bool)
    return isinstance(node, Scalar) and is_same_type and node.value == value
