"""What was proved, as a table for people and as JSON for generated documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from consumers.proof import BROKEN_IS_ACCEPTED, Proof


@dataclass(frozen=True, slots=True)
class Outcome:
    """One consumer: the version that was asked and what its configs showed, or why it was skipped."""

    name: str
    title: str
    version: str = ""
    proofs: tuple[Proof, ...] = ()
    skipped: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it was asked, and all of its configs are as they must be."""
        return bool(self.proofs) and all(proof.is_good for proof in self.proofs)


def is_good(outcomes: Sequence[Outcome]) -> bool:
    """Whether at least one consumer was asked, and none that was asked had anything to say."""
    asked = [outcome for outcome in outcomes if not outcome.skipped]
    return bool(asked) and all(outcome.is_good for outcome in asked)


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the table, then each problem with the diff and the consumer's words, then what was skipped."""
    rows = [("consumer", "version", "config", "before", "broken", "after", "listed")]
    for outcome in outcomes:
        for proof in outcome.proofs:
            rows.append((outcome.name, outcome.version, proof.folder, *_cells(proof)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    for outcome in outcomes:
        for proof in outcome.proofs:
            lines += _problems(outcome, proof)
    lines += ["", *(f"skipped: {outcome.name}: {outcome.skipped}" for outcome in outcomes if outcome.skipped)]
    return "\n".join([*lines, totals(outcomes)])


def totals(outcomes: Sequence[Outcome]) -> str:
    """Return one line of sums."""
    asked = [outcome for outcome in outcomes if not outcome.skipped]
    proofs = [proof for outcome in asked for proof in outcome.proofs]
    steps = [step for proof in proofs for step in proof.steps]
    bad = sum(bool(proof.problem) for proof in proofs) + sum(bool(step.problem) for step in steps)
    return (
        f"{len(asked)} consumers asked, {len(outcomes) - len(asked)} skipped, {len(proofs)} configs, "
        f"{len(steps)} edits, {sum(step.accepted for step in steps)} accepted, "
        f"{sum(step.listed for step in steps)} listed, {bad} problems"
    )


def as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return everything, the versions first."""
    return {
        "versions": {outcome.name: outcome.version for outcome in outcomes if outcome.version},
        "skipped": {outcome.name: outcome.skipped for outcome in outcomes if outcome.skipped},
        "consumers": [asdict(outcome) for outcome in outcomes if not outcome.skipped],
        "totals": totals(outcomes),
        "good": is_good(outcomes),
    }


def _cells(proof: Proof) -> tuple[str, str, str, str]:
    count = len(proof.steps)
    listless = bool(count) and all(step.accepted and not step.listed and not step.problem for step in proof.steps)
    listed = f"{sum(step.listed for step in proof.steps)}/{count}"
    return (
        "accepted" if proof.accepted_before else "REFUSED",
        "refused" if proof.refuses_broken else "-" if proof.problem != BROKEN_IS_ACCEPTED else "ACCEPTED",
        f"{sum(step.accepted for step in proof.steps)}/{count}" if count else "-",
        "no list" if listless else listed if count else "-",
    )


def _problems(outcome: Outcome, proof: Proof) -> list[str]:
    lines: list[str] = []
    if proof.problem:
        lines += ["", f"PROBLEM {outcome.name} {proof.folder}: {proof.problem}", _indented(proof.words)]
    for step in proof.steps:
        if step.problem:
            lines += ["", f"PROBLEM {outcome.name} {proof.folder} {step.model}: {step.problem}", _indented(step.words)]
            lines += [_indented(step.diff)]
    return [line for line in lines if line.strip() or not line]


def _indented(text: str) -> str:
    return "\n".join("    " + line for line in text.splitlines())
