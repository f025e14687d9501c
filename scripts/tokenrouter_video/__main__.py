"""Run the program as ``python3 -m tokenrouter_video``, or by the path of this folder."""

import sys
from pathlib import Path

# Started by its path, this folder is the first place for imports, where our secrets.py would hide Python's own.
_PACKAGE = Path(__file__).resolve().parent
sys.path[:] = [str(_PACKAGE.parent), *(place for place in sys.path if Path(place or ".").resolve() != _PACKAGE)]

from tokenrouter_video.cli.script import run  # noqa: E402

if __name__ == "__main__":
    run("", __file__)
