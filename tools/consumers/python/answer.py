"""How a checker that runs inside a consumer's own environment answers: one line of JSON, its last."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable


def answer(list_models: Callable[[str], list[str]]) -> None:
    """Print what the consumer lists for the file that the command line names, or why it refuses it."""
    try:
        found = {"accepted": True, "models": list_models(sys.argv[1]), "words": ""}
    except (Exception, SystemExit) as error:
        found = {"accepted": False, "models": [], "words": f"{type(error).__name__}: {error}"[:2000]}
    sys.stdout.write("\n" + json.dumps(found) + "\n")
