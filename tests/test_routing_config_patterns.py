from pathlib import Path

import pytest

from tokenrouter_video.consumers import CONSUMERS
from tokenrouter_video.routing.config_patterns import page

PAGE = Path(__file__).parent.parent / "references" / "config_patterns.md"


def test_the_page_is_what_the_tables_say() -> None:
    assert page() == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CONSUMERS)
def test_every_consumer_has_an_entry_with_its_source(name: str) -> None:
    (entry,) = [part for part in page().split("\n### ") if part.startswith(f"{CONSUMERS[name].title} (`{name}`)\n")]
    assert "\n- source: " in entry
    assert "\n- models: " in entry or "\n- without a list: " in entry
