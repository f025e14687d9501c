"""Run the program as ``python3 -m tokenrouter_video``, or by the path of this folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tokenrouter_video.cli.script import run

if __name__ == "__main__":
    run("", __file__)
