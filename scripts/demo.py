#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "filelock>=3.16,<5",
#     "httpx>=0.28,<0.29",
#     "jsonc-parser>=1.1.5,<2",
#     "libcst>=1.8.6,<2",
#     "platformdirs>=4.3,<5",
#     "python-dotenv>=1.1,<2",
#     "PyYAML>=6.0.2,<7",
#     "rich>=14,<16",
#     "ruamel.yaml>=0.18.10,<0.20",
#     "tomlkit>=0.15.2,<0.16",
# ]
# ///
"""Walk through the whole job on a sample workspace, without key or network: `tokenrouter-video demo`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120 - pathlib waits for cli/script.py

from tokenrouter_video.cli.script import run

if __name__ == "__main__":
    run("demo", __file__)
