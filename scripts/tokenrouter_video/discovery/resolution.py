"""What a value comes to: names of code, YAML aliases and variables followed to text, and where the text stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tokenrouter_video.discovery.environment import Environment
from tokenrouter_video.discovery.files import Files, ParsedFile
from tokenrouter_video.discovery.references import read_text
from tokenrouter_video.discovery.values import Joined, Name, Text, Unknown, Value, Variable
from tokenrouter_video.documents.tree import Container, Mapping, Node, Opaque, Scalar, Sequence, dereferenced, find
from tokenrouter_video.patterns import regex
from tokenrouter_video.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.discovery.kubernetes import Held, KubernetesFiles
    from tokenrouter_video.discovery.modules import Import

MAX_STEPS = 12
CODE_FORMATS = frozenset({"javascript", "typescript", "python"})

_INSTANCE = regex(r"(?:new )?([A-Za-z_$][\w$]*)\(.*\)", re.DOTALL)

# A place in a file of the run: the file's real path and the parts of a pointer.
Location = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """A node with the file and the containers that it stands in, by which its names are looked up."""

    file: ParsedFile
    node: Node
    parts: tuple[str, ...]
    parents: tuple[Container, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The text that a value comes to, ``None`` where something in it is not known.

    ``variables`` are the names that were asked for, found or not; ``constants`` the bindings that were followed;
    ``origin`` is where the deciding text stands, ``environment`` or ``file:line``.
    """

    text: str | None
    variables: tuple[str, ...] = ()
    constants: tuple[Location, ...] = ()
    origin: str | None = None


@dataclass(frozen=True)
class Resolver:
    """Follows values with the files and the environment of one run."""

    files: Files
    environment: Environment
    imports: dict[str, dict[str, tuple[Import, ...]]] = field(default_factory=dict)
    _kubernetes: list[KubernetesFiles] = field(default_factory=list)

    def value_of(self, node: Node) -> Value:
        """Return what a node that is no container says."""
        node = dereferenced(node)
        if isinstance(node, Scalar):
            return read_text(node.value) if isinstance(node.value, str) else _plain(node)
        if isinstance(node, Opaque):
            return _read_code(node.code)
        if isinstance(node, Mapping) and node.layout == "call" and node.callee:
            return _handed_on(node, self.value_of)
        return Unknown("no text")

    def text_of(self, standing: Standing) -> Outcome:
        """Return the text that a node comes to."""
        return self.evaluate(self.value_of(standing.node), standing)

    def evaluate(self, value: Value, standing: Standing, steps: int = 0) -> Outcome:
        """Return the text that a value comes to in its place."""
        if steps > MAX_STEPS:
            return Outcome(None)
        if isinstance(value, Text):
            line = standing.file.line(dereferenced(standing.node).span.start)
            return Outcome(value.text, origin=f"{standing.file.name}:{line}")
        if isinstance(value, Variable):
            return self._variable(value, standing, steps)
        if isinstance(value, Name):
            target = self.binding(value, standing)
            if target is None:
                return Outcome(None)
            outcome = self.evaluate(self.value_of(target.node), target, steps + 1)
            place = (target.file.real, target.parts)
            return Outcome(outcome.text, outcome.variables, (place, *outcome.constants), outcome.origin)
        if isinstance(value, Joined):
            return self._joined(value, standing, steps)
        return Outcome(None)

    @property
    def manifests(self) -> KubernetesFiles:
        """The workspace's Kubernetes manifests, which few workspaces have."""
        if not self._kubernetes:
            from tokenrouter_video.discovery.kubernetes import KubernetesFiles

            self._kubernetes.append(KubernetesFiles(self.files))
        return self._kubernetes[0]

    def given_to_containers(self, name: str, standing: Standing) -> Held | None:
        """Return what a variable holds in the containers that get a config as a text of a ConfigMap."""
        return self.manifests.setting(name, standing.file) if standing.file.embedded is not None else None

    def _variable(self, value: Variable, standing: Standing, steps: int) -> Outcome:
        found = self.environment.lookup(value.name, standing.file.standing_path)
        if found is not None:
            return Outcome(found.text, (value.name,), origin=found.origin)
        own = _own_setting(standing, value.name)
        if own is not None:
            outcome = self.evaluate(self.value_of(own.node), own, steps + 1)
            return Outcome(outcome.text, (value.name, *outcome.variables), outcome.constants, outcome.origin)
        held = self.given_to_containers(value.name, standing)
        if held is not None and held.text is not None:
            return Outcome(held.text, (value.name,), origin=held.origin)
        if value.default is None:
            return Outcome(None, (value.name,))
        outcome = self.evaluate(value.default, standing, steps + 1)
        return Outcome(outcome.text, (value.name, *outcome.variables), outcome.constants, outcome.origin)

    def _joined(self, value: Joined, standing: Standing, steps: int) -> Outcome:
        outcomes = [self.evaluate(part, standing, steps + 1) for part in value.parts]
        variables = tuple(name for outcome in outcomes for name in outcome.variables)
        constants = tuple(place for outcome in outcomes for place in outcome.constants)
        texts = [outcome.text for outcome in outcomes if outcome.text is not None]
        if len(texts) < len(outcomes):
            return Outcome(None, variables, constants)
        followed = (o.origin for o, part in zip(outcomes, value.parts, strict=True) if not isinstance(part, Text))
        return Outcome("".join(texts), variables, constants, next(followed, None))

    def binding(self, name: Name, standing: Standing) -> Standing | None:
        """Return what a name of code is bound to: in the scopes around it, else in the module that it comes from."""
        path = name.path[1:] if name.path[0] in ("self", "this", "cls") and len(name.path) > 1 else name.path
        for depth in range(len(standing.parents) - 1, -1, -1):
            scope = standing.parents[depth]
            if isinstance(scope, Mapping) and scope.layout == "scope":
                node = scope.get(path[0])
                if node is not None and node is not standing.node:
                    start = Standing(
                        standing.file, node, (*standing.parts[:depth], path[0]), standing.parents[: depth + 1]
                    )
                    return self._descend(start, path[1:])
        return self._imported(path, standing.file, set())

    def _imported(self, path: tuple[str, ...], file: ParsedFile, seen: set[str]) -> Standing | None:
        document = file.document
        if document.format not in CODE_FORMATS or file.real in seen:
            return None
        seen.add(file.real)
        from tokenrouter_video.discovery import modules

        imports = self.imports.get(file.real)
        if imports is None:
            imports = self.imports[file.real] = modules.imports_of(document.text, document.format)
        for origin in (*imports.get(path[0], ()), *imports.get("*", ())):
            for target, wanted in modules.candidates(origin, file.path, self.files.listing.root, document.format):
                module = self.files.follow(target)
                if module is None:
                    continue
                if origin.name is None and path[0] not in imports:
                    inner = path
                elif wanted is None:
                    inner = path[1:]
                else:
                    inner = (wanted, *path[1:])
                found = self._exported(module, inner) or (self._imported(inner, module, seen) if inner else None)
                if found is not None:
                    return found
        return None

    def _descend(self, start: Standing, path: tuple[str, ...], steps: int = 0) -> Standing | None:
        """Return the member of a bound object that the rest of a dotted name leads to."""
        here = start
        for part in path:
            node = dereferenced(here.node)
            member = node.get(part) if isinstance(node, Mapping) else None
            if isinstance(node, Mapping) and member is not None:
                here = Standing(here.file, member, (*here.parts, part), (*here.parents, node))
                continue
            made = self.binding(Name((class_of(node),)), here) if steps < MAX_STEPS and class_of(node) else None
            inherited = self._descend(made, (part,), steps + 1) if made is not None else None
            if inherited is None:
                return None
            here = inherited
        return here

    def _exported(self, module: ParsedFile, path: tuple[str, ...]) -> Standing | None:
        root = module.document.root
        if not path or not isinstance(root, Mapping):
            return None
        node = root.get(path[0])
        if node is None and path[0] == "default" and root.layout != "scope":
            return self._descend(Standing(module, root, (), ()), path[1:])
        if node is None:
            exported = root.get("default")
            inner = dereferenced(exported) if exported is not None else None
            if isinstance(inner, Mapping) and inner.get(path[0]) is not None:
                return self._descend(Standing(module, inner, ("default",), (root,)), path)
            return None
        if isinstance(node, Opaque) and path[0] == "default":
            value = _read_code(node.code)
            if isinstance(value, Name):
                return self._exported(module, (*value.path, *path[1:])) if value.path[0] != "default" else None
        return self._descend(Standing(module, node, (path[0],), (root,)), path[1:])


def _read_code(code: str) -> Value:
    from tokenrouter_video.discovery.expressions import read_code

    return read_code(code)


def _plain(node: Scalar) -> Value:
    return Unknown("no text") if node.value is None or isinstance(node.value, bool) else Text(str(node.value))


def _handed_on(call: Mapping, value_of: object) -> Value:
    """Return what a call hands on from its first or ``default`` argument."""
    assert callable(value_of)
    last = call.callee.rpartition(".")[2]
    node = call.get("default") or (call.get("0") if last in ("SecretStr", "Secret", "str", "String", "URL") else None)
    value: Value = value_of(node) if node is not None and not isinstance(node, Mapping | Sequence) else Unknown("code")
    return value


def class_of(node: Node) -> str:
    """Return the name of the class that an instance was made of, else nothing: ``Settings()``."""
    if isinstance(node, Mapping):
        return node.callee if "." not in node.callee else ""
    match = _INSTANCE.fullmatch(node.code) if isinstance(node, Opaque) else None
    return match[1] if match else ""


# Where a config itself sets variables for its consumer: LiteLLM, Qwen Code and Claude Code, OpenClaw.
_OWN_ENVIRONMENTS = (("environment_variables",), ("env",), ("env", "vars"))


def _own_setting(standing: Standing, name: str) -> Standing | None:
    """Return the value that the config itself gives to a variable."""
    for parts, root in _documents(standing):
        for way in _OWN_ENVIRONMENTS:
            place = find(root, (*way, name))
            if place is not None and place.node is not standing.node:
                parents = (*standing.parents[: len(parts)], *place.parents)
                return Standing(standing.file, place.node, (*parts, *place.parts), parents)
    return None


def _documents(standing: Standing) -> Iterator[tuple[tuple[str, ...], Node]]:
    root = standing.file.document.root
    if isinstance(root, Sequence) and root.layout == "documents":
        for number, entry in enumerate(root.entries):
            if standing.parts[:1] == (str(number),):
                yield (str(number),), entry.value
    else:
        yield (), root
