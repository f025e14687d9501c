"""``route`` with a plan of more than one edit, or of a new file: shown, applied all or nothing, taken back."""

from __future__ import annotations

import json
from pathlib import Path

from command_line import run

PROVIDER = 'name = "TokenRouter"\nenv = ["TR_KEY"]\nnpm = "openai"\napi = "https://api.tokenrouter.com/v1"\n'
KLING = 'name = "Kling v2.6"\n\n[modalities]\ninput = ["text"]\noutput = ["video"]\n'
MADE = 'name = "Kling v3"\n\n[modalities]\ninput = ["text"]\noutput = ["video"]\n'


def provider_of(tmp_path: Path) -> Path:
    """Write a provider with one model file; return the folder of the models."""
    models = tmp_path / "providers" / "tokenrouter" / "models"
    models.mkdir(parents=True)
    models.with_name("provider.toml").write_text(PROVIDER, encoding="utf-8")
    (models / "kling-v2-6.toml").write_text(KLING, encoding="utf-8")
    return models


def test_a_new_file_is_shown_written_and_taken_back(tmp_path: Path) -> None:
    models = provider_of(tmp_path)
    new = models / "kling-v3.toml"

    shown = run("route", "kling-v3", cwd=tmp_path)
    assert (shown.returncode, new.exists()) == (0, False)
    assert "--- /dev/null\n+++ b/providers/tokenrouter/models/kling-v3.toml\n@@ -0,0 +1,5 @@\n" in shown.stdout

    applied = run("route", "kling-v3", "--apply", "--json", cwd=tmp_path)
    report = json.loads(applied.stdout)
    assert (report["status"], report["action"], report["exemplar"]["model"]) == ("applied", "insert", "kling-v2-6")
    assert report["files"][0]["edits"] == [{"start": 0, "end": 0, "text": MADE}]
    assert new.read_text(encoding="utf-8") == MADE
    assert json.loads(run("route", "kling-v3", "--json", cwd=tmp_path).stdout)["status"] == "unchanged"

    undone = json.loads(run("route", "--undo", "--json", cwd=tmp_path).stdout)
    assert (undone["status"], new.exists(), undone["files"][0]["file"]) == (
        "undone",
        False,
        "providers/tokenrouter/models/kling-v3.toml",
    )
    assert sorted(one.name for one in models.iterdir()) == ["kling-v2-6.toml"]


def test_a_new_file_that_changed_since_is_not_taken_away(tmp_path: Path) -> None:
    new = provider_of(tmp_path) / "kling-v3.toml"
    assert run("route", "kling-v3", "--apply", cwd=tmp_path).returncode == 0
    new.write_text(MADE + "# mine\n", encoding="utf-8")
    assert run("route", "--undo", cwd=tmp_path).returncode == 12
    assert new.exists()


def test_a_new_file_that_is_gone_already_is_taken_back_without_a_word(tmp_path: Path) -> None:
    new = provider_of(tmp_path) / "kling-v3.toml"
    assert run("route", "kling-v3", "--apply", cwd=tmp_path).returncode == 0
    new.unlink()
    assert run("route", "--undo", cwd=tmp_path).returncode == 0


def test_a_file_that_cannot_be_read_stands_in_the_way_and_is_not_overwritten(tmp_path: Path) -> None:
    new = provider_of(tmp_path) / "kling-v3.toml"
    new.write_text("no [ TOML", encoding="utf-8")
    refused = run("route", "kling-v3", "--apply", cwd=tmp_path)
    assert (refused.returncode, new.read_text(encoding="utf-8")) == (5, "no [ TOML")
    assert "kling-v3.toml: the file is there already" in refused.stderr


def test_several_places_of_one_file_are_one_edit_that_undo_takes_back(tmp_path: Path) -> None:
    config = tmp_path / ".vibe" / "config.toml"
    config.parent.mkdir()
    before = (
        'allowed_models = ["glm"]\n\n[[providers]]\nname = "tr"\napi_base = "https://api.tokenrouter.com/v1"\n'
        'api_key_env_var = "TR_KEY"\n\n[[models]]\nname = "glm"\nprovider = "tr"\n'
    )
    config.write_text(before, encoding="utf-8")
    report = json.loads(run("route", "kling-v3", "--apply", "--json", cwd=tmp_path).stdout)
    assert [edit["start"] == edit["end"] for edit in report["files"][0]["edits"]] == [True, True]
    after = before.replace('["glm"]', '["glm", "kling-v3"]') + '\n[[models]]\nname = "kling-v3"\nprovider = "tr"\n'
    assert after == config.read_text(encoding="utf-8")
    assert run("route", "--undo", cwd=tmp_path).returncode == 0
    assert before == config.read_text(encoding="utf-8")


def test_a_consumer_without_a_list_is_told_what_to_do_instead(tmp_path: Path) -> None:
    settings = tmp_path / ".claude" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(
        '{"env": {"ANTHROPIC_BASE_URL": "https://api.tokenrouter.com", "ANTHROPIC_AUTH_TOKEN": "example-key-7f2"}}',
        encoding="utf-8",
    )
    shown = run("route", "kling-v3", cwd=tmp_path)
    assert shown.returncode == 0
    assert "\nnote: Claude Code talks to chat models only" in shown.stdout


def test_a_failed_reload_is_one_json_object_and_its_output_is_masked(tmp_path: Path) -> None:
    key = "example-key-7f2-for-the-reload"
    (tmp_path / "c.yaml").write_text(
        f"channel:\n  base_url: https://api.tokenrouter.com\n  api_key: {key}\n  models:\n    - a\n"
    )
    (tmp_path / "Makefile").write_text("reload:\n\t@cat c.yaml; exit 3\n")
    done = run("route", "kling-v3", "--apply", "--reload", "--json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (done.returncode, report["status"], report["error"]["code"]) == (18, "applied", "reload-failed")
    assert "base_url" in done.stderr
    assert key not in done.stdout + done.stderr
    undone = run("route", "--undo", "--json", cwd=tmp_path)
    assert json.loads(undone.stdout)["status"] == "undone"
    assert key not in undone.stdout


def test_a_named_config_that_is_too_large_is_no_missing_channel(tmp_path: Path) -> None:
    (tmp_path / "large.json").write_bytes(b" " * 5_000_001)
    for command in (("route", "kling-v3"), ("check",)):
        done = run(*command, "--config", "large.json", "--json", cwd=tmp_path)
        assert done.returncode == 5
        assert (
            json.loads(done.stdout)["error"]["message"] == "large.json: the file was not looked into: larger than 5 MB"
        )
    assert run("route", "kling-v3", cwd=tmp_path).returncode == 3
