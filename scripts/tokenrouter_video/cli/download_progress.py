"""Show how far a download is: size, rate and time left on a terminal's stderr, nothing anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tokenrouter_video.display import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tokenrouter_video.cli.console import Console
    from tokenrouter_video.gateway.download import Progress


@contextmanager
def download_progress(console: Console, name: str) -> Iterator[Progress]:
    """Give what a download reports its progress to."""
    if not console.draws:
        yield lambda done, total: None
        return
    from rich.console import Console as RichConsole
    from rich.markup import escape
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=RichConsole(stderr=True), transient=True) as progress:
        task = progress.add_task(escape(visible(name)), total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
