"""Whether a decimal number survives the way through a double, the same for every format."""

from __future__ import annotations


def survives(text: str, value: float) -> bool:
    """Whether a number, given without separators of its digits, is the one that Python prints its double as."""
    return _parts(text) == _parts(repr(value))


def _parts(text: str) -> tuple[str, int]:
    """Return a decimal number's digits without outer zeros, and the power of ten that they are multiplied with."""
    mantissa, _, exponent = text.lstrip("-+").lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).rstrip("0")
    power = int(exponent or "0") + len(whole) - len(digits)
    digits = digits.lstrip("0")
    return (digits, power) if digits else ("", 0)
