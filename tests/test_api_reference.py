from pathlib import Path

import pytest

from tokenrouter_video import reference
from tokenrouter_video.catalog import MODELS
from tokenrouter_video.gateways import TOKENROUTER

PAGE = Path(__file__).parent.parent / "references" / "api_reference.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_generated_parts_are_what_the_tables_say() -> None:
    assert reference.renewed(TEXT) == TEXT


def test_a_part_that_is_missing_is_an_error_and_not_skipped() -> None:
    with pytest.raises(ValueError, match="wanted are"):
        reference.renewed(TEXT.replace("<!-- generated: models -->", ""))


def test_a_changed_part_is_made_anew() -> None:
    changed = TEXT.replace("| `prompt` | required |", "| `prompt` | optional |")
    assert changed != TEXT
    assert reference.renewed(changed) == TEXT


@pytest.mark.parametrize(
    "wanted",
    [
        *MODELS,
        *TOKENROUTER.answers.error_rules,
        *TOKENROUTER.answers.status_words,
        *(place for place in TOKENROUTER.answers.url_places),
        "POST /v1/video/generations",
        "GET /video/generations/:task_id",
        "GET /v1/video/generations/:task_id",
        "https://api.tokenrouter.com",
    ],
)
def test_the_page_names_everything_that_the_tables_hold(wanted: str) -> None:
    assert f"`{wanted}`" in TEXT


def test_a_long_page_has_a_table_of_contents_that_leads_to_every_section() -> None:
    sections = [line.removeprefix("## ") for line in TEXT.splitlines() if line.startswith("## ")]
    anchors = [f"- [{title}](#{title.lower().replace(' ', '-')})" for title in sections]
    assert len(sections) >= 9
    assert anchors == [line for line in TEXT.splitlines() if line.startswith("- [")]
