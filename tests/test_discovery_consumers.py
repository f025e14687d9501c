"""The table of consumers, and whose file it is."""

from __future__ import annotations

import re

import pytest

from tokenrouter_video.consumers import CONSUMERS, Shape, is_generated, recognise

EMPTY: Shape = {}


def named(path: str, shape: Shape = EMPTY) -> str | None:
    consumer = recognise(tuple(path.split("/")), shape)
    return consumer.name if consumer is not None else None


def test_every_consumer_has_a_short_name_a_source_and_a_way_to_be_told() -> None:
    assert len(CONSUMERS) >= 40
    for name, consumer in CONSUMERS.items():
        assert re.fullmatch(r"[a-z][a-z0-9.-]*", name)
        assert consumer.title
        assert consumer.source
        assert consumer.files or consumer.signatures or consumer.home
        assert all(home.startswith("~/") and ".." not in home for home in consumer.home)
        assert all("*" not in home.rpartition("/")[0] for home in consumer.home)


@pytest.mark.parametrize(
    ("path", "shape", "expected"),
    [
        pytest.param("litellm_config.yaml", {}, "litellm", id="by a name of its own"),
        pytest.param("litellm_config.yaml.bak", {}, "litellm", id="behind an unknown suffix"),
        pytest.param("config.yaml", {"model_list": [{"litellm_params": {}}]}, "litellm", id="by its keys"),
        pytest.param("x/.continue/config.yaml", {}, "continue", id="by its folder"),
        pytest.param("config.yaml", {}, None, id="a common name"),
        pytest.param("config.json", {"providers": {"x": {"baseUrl": None}}}, None, id="common keys"),
        pytest.param(
            "models.json",
            {"providers": {"x": {"baseUrl": None, "api": None, "models": [{"id": None}]}}},
            "pi",
            id="one format of two tools",
        ),
        pytest.param(
            "models.yml",
            {"providers": {"x": {"baseUrl": None, "api": None, "models": [{"id": None}]}}},
            "oh-my-pi",
            id="the other format",
        ),
        pytest.param(
            "kilo.jsonc", {"provider": {"x": {"options": {"baseURL": None}}}}, "kilo", id="a fork, by its name"
        ),
        pytest.param("a.jsonc", {"provider": {"x": {"options": {"baseURL": None}}}}, "opencode", id="the original"),
        pytest.param("a.json", {"custom_models": [{}, {"base_url": None}]}, "factory", id="any item of a list"),
        pytest.param(
            "a.toml", {"models": {"a.b": {"providers": {"x": {"type": None}}}}}, "tensorzero", id="a key with a dot"
        ),
        pytest.param("a.json", [{"base_url": None, "models": None, "group": None}], "new-api", id="a list at the top"),
        pytest.param("a.json", None, None, id="a scalar"),
        pytest.param(
            "values.yaml",
            {"spec": {"values": {"proxy_config": {"model_list": [{"litellm_params": {}}]}}}},
            "litellm",
            id="a part of another file",
        ),
        pytest.param(
            "a.yaml",
            [{}, {"raw": {"endpoints": {"custom": [{"baseURL": None}]}}}],
            "librechat",
            id="a part of a document",
        ),
        pytest.param("a.yaml", {"app": {"models": [{"apiBase": None}]}}, None, id="a part that may be anybody's"),
        pytest.param(
            "a.yaml", {"a": {"b": {"c": {"d": {"e": {"model_list": [{"litellm_params": {}}]}}}}}}, None, id="too deep"
        ),
    ],
)
def test_whose_file_it_is(path: str, shape: Shape, expected: str | None) -> None:
    assert named(path, shape) == expected


@pytest.mark.parametrize("name", [name for name, consumer in CONSUMERS.items() if consumer.files])
def test_a_file_of_its_own_is_recognised_by_name_alone(name: str) -> None:
    pattern = CONSUMERS[name].files[0]
    assert named(pattern.replace("y*ml", "yml").replace("*", "x")) == name


def test_files_that_a_tool_writes_itself() -> None:
    openclaw = CONSUMERS["openclaw"]
    assert is_generated(openclaw, ("home", ".openclaw", "agents", "main", "agent", "models.json"))
    assert not is_generated(openclaw, ("home", ".openclaw", "openclaw.json"))
    assert is_generated(CONSUMERS["pi"], ("home", ".pi", "agent", "models-store.json"))
    assert not is_generated(CONSUMERS["pi"], ("home", ".pi", "agent", "models.json"))
