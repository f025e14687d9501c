"""Frozen dataclasses that cost next to nothing to define.

``dataclasses`` writes and compiles the methods of each class as it is defined, and imports ``inspect``. For the records
that a preview loads, that took longer than finding the channel and editing its config. Here no code is written: the
methods are shared. What is offered behaves as in ``dataclasses``
(https://docs.python.org/3/library/dataclasses.html), and is all of it that this program uses.
"""

from __future__ import annotations

from operator import attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, dataclass_transform

    T = TypeVar("T")
else:

    def dataclass_transform(**_: object) -> Callable[[T], T]:
        """Stand in for what only type checkers read: importing ``typing`` takes 2 ms."""
        return lambda decorator: decorator


_set = object.__setattr__


class _Missing:
    """No default."""


class Field:
    """What :func:`field` says of one field."""

    __slots__ = ("compare", "default", "default_factory", "repr")

    def __init__(self, default: Any, default_factory: Any, compare: bool, repr_: bool) -> None:
        self.default = default
        self.default_factory = default_factory
        self.compare = compare
        self.repr = repr_


def field(
    *,
    default: Any = _Missing,
    default_factory: Any = _Missing,
    compare: bool = True,
    repr: bool = True,
) -> Any:
    """Return what makes a field's value where none is given, and whether it counts in ``==`` and shows in ``repr``."""
    return Field(default, default_factory, compare, repr)


@dataclass_transform(field_specifiers=(field, Field))
def dataclass(
    *,
    frozen: bool = False,
    slots: bool = False,
    eq: bool = True,
    order: bool = False,
    unsafe_hash: bool = False,
    kw_only: bool = False,
) -> Callable[[type[T]], type[T]]:
    """Make a class of annotated fields a record, as ``dataclasses.dataclass`` does; fields are inherited.

    A class that brings its own ``__init__`` keeps it: the shared one takes twice as long as one written out.
    """
    has_hash = frozen or unsafe_hash
    return lambda cls: _record(cls, frozen=frozen, slots=slots, eq=eq, order=order, has_hash=has_hash, kw_only=kw_only)


def _record(cls: Any, *, frozen: bool, slots: bool, eq: bool, order: bool, has_hash: bool, kw_only: bool) -> Any:
    """Return the record that a class becomes; what its methods need is made when one of them is first called."""
    own = cls.__annotations__
    namespace: dict[str, Any] = dict(cls.__dict__)
    fields: dict[str, Any] = {}
    for base in cls.__mro__[-2:0:-1]:
        fields |= base.__dict__.get("__record_fields__", {})
    for name in own:
        fields[name] = namespace.pop(name, _Missing)
    namespace["__qualname__"] = cls.__qualname__
    namespace["__record_fields__"] = fields
    namespace["__record_by_name__"] = kw_only
    namespace["__match_args__"] = () if kw_only else tuple(fields)
    # A class makes these two itself where it has no slots.
    namespace.pop("__dict__", None)
    namespace.pop("__weakref__", None)
    if slots:
        namespace["__slots__"] = tuple(own)
    if frozen:
        namespace["__setattr__"], namespace["__delattr__"] = _refuse_to_set, _refuse_to_delete
    namespace.setdefault("__repr__", _repr)
    if eq:
        namespace["__record_values__"] = _first_values
        namespace["__eq__"] = _equal
        namespace["__hash__"] = _hash if has_hash else None
    if order:
        namespace["__lt__"] = _less
    namespace.setdefault("__init__", _first_init)
    # Slots cannot be given to a class that is there already.
    return type(cls)(cls.__name__, cls.__bases__, namespace)


def replace(record: T, /, **changes: Any) -> T:
    """Return a copy of a record with some fields changed."""
    fields: dict[str, Any] = type(record).__record_fields__  # type: ignore[attr-defined]  # a record has it
    return type(record)(**{name: getattr(record, name) for name in fields if name not in changes}, **changes)


def _first_values(record: Any) -> Any:
    """Return the values that count in comparisons, of more than one as a tuple; the next time without this detour."""
    cls = type(record)
    names = [name for name, one in cls.__record_fields__.items() if not isinstance(one, Field) or one.compare]
    cls.__record_values__ = attrgetter(*names) if names else type
    return cls.__record_values__(record)


def _equal(self: Any, other: Any) -> Any:
    cls = type(self)
    if type(other) is not cls:
        return NotImplemented
    values = cls.__record_values__
    return values(self) == values(other)


def _less(self: Any, other: Any) -> Any:
    cls = type(self)
    if type(other) is not cls:
        return NotImplemented
    values = cls.__record_values__
    return values(self) < values(other)


def _hash(self: Any) -> int:
    return hash(type(self).__record_values__(self))


def _repr(self: Any) -> str:
    shown = (
        f"{name}={getattr(self, name)!r}"
        for name, one in self.__record_fields__.items()
        if not isinstance(one, Field) or one.repr
    )
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_to_set(self: object, name: str, _value: object) -> None:
    raise AttributeError(f"cannot assign to field {name!r} of {type(self).__name__}")


def _refuse_to_delete(self: object, name: str) -> None:
    raise AttributeError(f"cannot delete field {name!r} of {type(self).__name__}")


def _first_init(self: Any, *args: Any, **named: Any) -> None:
    """Make the ``__init__`` of a class as its first record is made: most classes of a run never have one."""
    cls: Any = next(one for one in type(self).__mro__ if one.__dict__.get("__init__") is _first_init)
    cls.__init__ = _init_of(cls)
    cls.__init__(self, *args, **named)


def _init_of(cls: Any) -> Callable[..., None]:
    fields: dict[str, Any] = cls.__record_fields__
    by_name: bool = cls.__record_by_name__
    names = tuple(fields)
    defaults = {name: one.default if isinstance(one, Field) else one for name, one in fields.items()}
    required = [name for name, value in defaults.items() if value is _Missing]
    # The values of the last fields where only these are left out.
    first = len(required) if required == list(names[: len(required)]) else len(names)
    tail = tuple(defaults.values())[first:]
    given = {name: value for name, value in defaults.items() if value is not _Missing}
    # A slot's own setter takes half the time of ``object.__setattr__``.
    setters = [getattr(cls, name).__set__ if "__slots__" in cls.__dict__ else _setter(name) for name in names]
    has_more = hasattr(cls, "__post_init__")

    def __init__(self: Any, *args: Any, **named: Any) -> None:
        if by_name and args:
            raise TypeError(f"{cls.__name__} takes its fields by name")
        if named or len(args) != len(names):
            if not named and first <= len(args) < len(names):
                args += tail[len(args) - first :]
            elif not args and len(values := given | named) == len(names) and named.keys() <= fields.keys():
                args = tuple(map(values.__getitem__, names))
            else:
                args = _all_values(cls.__name__, fields, args, named)
        for put, value in zip(setters, args, strict=True):
            put(self, value)
        if has_more:
            self.__post_init__()

    return __init__


def _setter(name: str) -> Callable[[object, Any], None]:
    return lambda record, value: _set(record, name, value)


def _all_values(cls: str, fields: dict[str, Any], args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    """Return each field's value, as given or by default; raise ``TypeError`` as a function call does."""
    given = dict(zip(fields, args, strict=False))
    if len(args) > len(fields) or not (named.keys() <= fields.keys() and named.keys().isdisjoint(given)):
        raise TypeError(f"{cls} got {len(args)} positional arguments and {', '.join(named) or 'no others'}")
    given |= named
    values = []
    for name, one in fields.items():
        default = one.default if isinstance(one, Field) else one
        if name in given:
            values.append(given[name])
        elif isinstance(one, Field) and one.default_factory is not _Missing:
            values.append(one.default_factory())
        elif default is not _Missing:
            values.append(default)
        else:
            raise TypeError(f"{cls} misses {name}")
    return tuple(values)
