"""Reading what a consumer said about its config."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from consumers.sandbox import Completed


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the consumer accepted its config, the models that it lists, and its words where it did not."""

    accepted: bool
    models: frozenset[str] = frozenset()
    words: str = ""


def read_json_line(done: Completed) -> Answer:
    """Read the last line of a checker that runs inside the consumer's own environment."""
    lines = done.stdout.strip().splitlines()
    try:
        found = json.loads(lines[-1]) if done.code == 0 else None
        if found is not None:
            return Answer(found["accepted"] is True, frozenset(found["models"]), found["words"])
    except (IndexError, ValueError, KeyError, TypeError):
        pass
    return Answer(False, words=done.words)


def read_lines(done: Completed) -> Answer:
    """Read a command that lists one model a line."""
    if done.code != 0:
        return Answer(False, words=done.words)
    return Answer(True, frozenset(line.strip() for line in done.stdout.splitlines() if "/" in line))


def read_pi_table(done: Completed) -> Answer:
    """Read pi's table of models, whose first two columns are provider and model."""
    if done.code != 0 or "errors loading" in done.stdout + done.stderr:
        return Answer(False, words=done.words)
    rows = [line.split() for line in (done.stdout + done.stderr).splitlines()]
    return Answer(True, frozenset(f"{row[0]}/{row[1]}" for row in rows if len(row) > 2))


def read_exit_code(done: Completed) -> Answer:
    """Read a command of a consumer that keeps no list: it starts or it does not."""
    return Answer(done.code == 0, words="" if done.code == 0 else done.words)


def read_omp_json(done: Completed) -> Answer:
    """Read oh-my-pi's JSON list of models; where it refuses the file it says so beside an empty list."""
    try:
        models = json.loads(done.stdout)["models"] if done.code == 0 and "disabled" not in done.stderr else None
        if models is not None:
            return Answer(True, frozenset(one["selector"] for one in models))
    except (ValueError, KeyError, TypeError):
        pass
    return Answer(False, words=done.words)


def read_droid_help(done: Completed) -> Answer:
    """Read the custom models in Droid's help; where it refuses one entry or the file, it shows none of them."""
    models = re.findall(r"^ +custom:\S+ {2,}(\S.*?) *$", done.stdout, re.MULTILINE)
    if done.code != 0 or not models:
        return Answer(False, words=done.words if done.code != 0 else "no custom models")
    return Answer(True, frozenset(models))
