"""Configs that are strings of other files: found, named through the string, routed, fixed, taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import run
from routed import before_and_after, channels_in, planned, routed
from tokenrouter_video.catalog import MODELS
from tokenrouter_video.errors import RefusedError
from tokenrouter_video.routing.plan import plan_route
from tokenrouter_video.routing.survey import survey
from workspace_files import KEY, URL, key_of, look, only

CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: litellm-config
data:
  LOG_LEVEL: info
  config.yaml: |
    # the gateway
    model_list:
      - model_name: gpt-4o
        litellm_params:
          model: openai/gpt-4o
          api_base: https://api.tokenrouter.com/v1
          api_key: os.environ/TR_KEY
<+      - model_name: kling-v3
        litellm_params:
          model: openai/kling-v3
          api_base: https://api.tokenrouter.com/v1
          api_key: os.environ/TR_KEY
        model_info:
          mode: video_generation
+>
    litellm_settings:
      drop_params: true
---
apiVersion: v1
kind: Service
metadata:
  name: litellm
"""
ID = "config.yaml/model_list/0"

ROWS = [
    pytest.param("k8s/litellm.yaml", CONFIG_MAP, f"#/0/data/{ID} line 13 litellm", id="a ConfigMap beside others"),
    pytest.param(
        "k8s/litellm.yaml",
        CONFIG_MAP.replace("\n", "\r\n"),
        f"#/0/data/{ID} line 13 litellm",
        id="a ConfigMap with CRLF",
    ),
    pytest.param(
        "compose.yaml",
        "services:\n  chat:\n    image: librechat\n    configs: [librechat]\nconfigs:\n  librechat:\n    content: |-\n"
        "      version: 1.2.1\n      endpoints:\n        custom:\n          - name: TokenRouter\n"
        '            apiKey: "$${TR_KEY}"\n            baseURL: https://api.tokenrouter.com/v1\n            models:\n'
        "              default: [gpt-4o<+, kling-v3+>]\n",
        "#/configs/librechat/content/endpoints/custom/0 line 13 librechat",
        id="a compose file's config",
    ),
    pytest.param(
        "values.yaml",
        "image: x\nproxyConfig: |\n  providers:\n    tr:\n      base_url: https://api.tokenrouter.com/v1\n"
        "      api_key: ${TR_KEY}\n      models:\n        - gpt-4o\n        - kling-v2-6\n<+        - kling-v3\n+>"
        "replicas: 1\n",
        "#/proxyConfig/providers/tr line 5 None",
        id="Helm values, a key without a suffix",
    ),
    pytest.param(
        "values.yml",
        "gateway:\n  settings: |\n    # ours\n\n    ---\n    models:\n    - id: gpt-4o\n"
        "      base_url: https://api.tokenrouter.com/v1\n      api_key: ${TR_KEY}\n<+    - id: kling-v3\n"
        "      base_url: https://api.tokenrouter.com/v1\n      api_key: ${TR_KEY}\n+>  n: 1\n",
        "#/gateway/settings/models/0 line 8 None",
        id="a text that a comment and a marker start",
    ),
    pytest.param(
        "cloud-init.yaml",
        "write_files:\n  - path: /srv/bot/.config/opencode/opencode.json\n    permissions: '0600'\n    content: |\n"
        '      {\n        "provider": {\n          "tr": {\n            "npm": "@ai-sdk/openai-compatible",\n'
        '            "options": {"baseURL": "https://api.tokenrouter.com/v1", "apiKey": "{env:TR_KEY}"},\n'
        '            "models": {\n              "kling-v2-6": {"name": "Kling v2.6", "modalities": '
        '{"input": ["text", "image"], "output": ["video"]}}<+,\n              "kling-v3": {"name": "Kling v3", '
        '"modalities": {"input": ["text", "image"], "output": ["video"]}}+>\n            }\n'
        "          }\n        }\n      }\n",
        "#/write_files/0/content/provider/tr line 9 opencode",
        id="cloud-init, JSON named by the path beside it",
    ),
    pytest.param(
        "stack.json",
        '{"files": {"librechat.yaml": "endpoints:\\n  custom:\\n    - name: TR\\n      apiKey: ${TR_KEY}\\n'
        "      baseURL: https://api.tokenrouter.com/v1\\n      models:\\n        default:\\n          - gpt-4o\\n"
        '<+          - kling-v3\\n+>"}}\n',
        "#/files/librechat.yaml/endpoints/custom/0 line 1 librechat",
        id="YAML in a JSON string",
    ),
    pytest.param(
        "deploy.toml",
        '[files]\n"config.json" = \'\'\'\n{"providers": {"tr": {"baseUrl": "https://api.tokenrouter.com/v1",\n'
        ' "apiKey": "${TR_KEY}", "models": [{"id": "gpt-4o"}<+, {"id": "kling-v3"}+>]}}}\n\'\'\'\n',
        "#/files/config.json/providers/tr line 3 None",
        id="JSON in a TOML text of lines",
    ),
    pytest.param(
        ".hermes/config.yaml",
        'custom_providers: \'[{"name": "TR", "base_url": "https://api.tokenrouter.com/v1", "api_key": "${TR_KEY}",'
        ' "models": ["gpt-4o"<+, "kling-v3"+>]}]\'\nmodel: {default: gpt-4o}\n',
        "#/custom_providers/0 line 1 hermes",
        id="JSON on one line, the consumer's the file around it",
    ),
    pytest.param(
        "write-config.ts",
        "import { writeFileSync } from 'node:fs';\n\nconst config = `\nproviders:\n"
        "  tr:\n    base_url: https://api.tokenrouter.com/v1\n    api_key: \\${TR_KEY}\n"
        "    models: [gpt-4o<+, kling-v3+>]\n`;\n"
        "writeFileSync('config.yaml', config);\n",
        "#/config/providers/tr line 6 None",
        id="a template literal",
    ),
    pytest.param(
        "setup.py",
        'CONFIG = """\\\nproviders:\n  tr:\n    base_url: https://api.tokenrouter.com/v1\n    api_key: ${TR_KEY}\n'
        '    models: [gpt-4o<+, kling-v3+>]\n"""\n',
        "#/CONFIG/providers/tr line 4 None",
        id="a text of Python",
    ),
]


@pytest.mark.parametrize(("name", "marked", "named"), ROWS)
def test_a_config_in_a_string_is_routed_like_any_other(tmp_path: Path, name: str, marked: str, named: str) -> None:
    before, after = before_and_after(marked)
    (channel,) = channels_in(tmp_path, {name: before})
    assert named == f"{channel.id.removeprefix(name)} line {channel.line} {channel.consumer}"
    plan = plan_route(channel, MODELS["kling-v3"])
    (file,) = plan.files
    assert after == file.text
    assert all(edit.is_insertion for edit in file.edits)
    assert plan.exemplar is not None
    assert plan.exemplar["pointer"].startswith(channel.id.partition("#")[2].rpartition("/model_list")[0])
    (again,) = channels_in(tmp_path, {name: after})
    assert plan_route(again, MODELS["kling-v3"]).status == "unchanged"


def test_the_lines_of_the_report_are_those_of_the_file(tmp_path: Path) -> None:
    before, _ = before_and_after(CONFIG_MAP)
    plan = planned(tmp_path, "a.yaml", before, "kling-v3")
    assert plan.exemplar == {
        "pointer": f"/0/data/{ID}",
        "line": 10,
        "model": "gpt-4o",
        "why": "the nearest entry; the list holds no video model",
    }


def test_a_key_in_the_text_is_where_the_file_says_it(tmp_path: Path) -> None:
    text = f"kind: ConfigMap\ndata:\n  c.yaml: |\n    tr:\n      base_url: {URL}\n      api_key: {KEY}\n"
    assert key_of(only(look(tmp_path, {"a.yaml": text}))) == f"literal None: {KEY} from a.yaml:6"
    (tmp_path / ".env").write_text(f"TR_KEY={KEY}\n")
    channel = only(look(tmp_path, {"a.yaml": text.replace(KEY, "${TR_KEY}")}))
    assert key_of(channel) == f"env TR_KEY: {KEY} from .env:1"


def test_a_text_of_a_compose_file_sees_what_its_services_are_given(tmp_path: Path) -> None:
    text = (
        f"services:\n  a:\n    environment: {{TR_KEY: {KEY}}}\nconfigs:\n  c:\n    content: |\n      providers:\n"
        f"        tr: {{base_url: {URL}, api_key: os.environ/TR_KEY}}\n"
    )
    channel = only(look(tmp_path, {"compose.yaml": text}))
    assert (channel.id, key_of(channel)) == (
        "compose.yaml#/configs/c/content/providers/tr",
        f"env TR_KEY: {KEY} from compose.yaml:3",
    )


def test_a_text_in_a_list_without_names(tmp_path: Path) -> None:
    text = f'- \'{{"base_url": "{URL}", "api_key": "{KEY}", "models": ["gpt-4o"]}}\'\n'
    assert only(look(tmp_path, {"a.yaml": text})).id == "a.yaml#/0"


def test_a_text_that_takes_its_base_url_from_a_variable_is_followed(tmp_path: Path) -> None:
    text = "data:\n  config.yaml: |\n    providers:\n      tr: {base_url: '${TR_BASE}', api_key: '${TR_KEY}'}\n"
    channel = only(look(tmp_path, {"a.yaml": text, ".env": f"TR_BASE={URL}\nTR_KEY={KEY}\n"}))
    assert (channel.id, channel.line) == ("a.yaml#/data/config.yaml/providers/tr", 4)


def test_each_text_of_a_file_is_a_config_of_its_own(tmp_path: Path) -> None:
    one = f"    providers:\n      tr: {{base_url: {URL}, api_key: example-key-1}}\n"
    text = f"data:\n  a.yaml: |\n{one}  b.yaml: |\n{one}tr: {{base_url: {URL}, api_key: example-key-2}}\n"
    found = look(tmp_path, {"c.yaml": text})
    assert sorted(channel.id for channel in found.channels) == [
        "c.yaml#/data/a.yaml/providers/tr",
        "c.yaml#/data/b.yaml/providers/tr",
        "c.yaml#/tr",
    ]


NOT_CONFIGS = [
    pytest.param("description: |\n  base_url: {url}\n  api_key: example-key-7f2\n", id="prose"),
    pytest.param("data:\n  README.md: |\n    base_url: {url}\n    api_key: example-key-7f2\n", id="a file of prose"),
    pytest.param("data:\n  start.sh: |\n    base_url: {url}\n    api_key: example-key-7f2\n", id="a script"),
    pytest.param("run: |\n  curl {url}/models\n  echo done\n", id="a text that is no map"),
    pytest.param(
        "a: |\n  inner.yaml: |\n    base_url: {url}\n    api_key: example-key-7f2\n", id="a string in a string"
    ),
]


@pytest.mark.parametrize("text", NOT_CONFIGS)
def test_what_is_no_config_is_none(tmp_path: Path, text: str) -> None:
    found = look(tmp_path, {"a.yaml": text.replace("{url}", URL)})
    assert found.channels == ()
    (note,) = found.candidates
    assert note.reasons[0].endswith("is a text of several lines that names api.tokenrouter.com and is no config that "
                                    "holds a channel")  # fmt: skip


def test_a_text_that_its_name_calls_a_config_says_why_it_cannot_be_read(tmp_path: Path) -> None:
    text = f"data:\n  config.yaml: |\n    a: [\n    url: {URL}\n"
    (note,) = look(tmp_path, {"a.yaml": text}).candidates
    assert (
        note.reasons
        == (
            "line 2: config.yaml is a text of several lines that names api.tokenrouter.com and cannot be read: "
            "a flow collection that is not closed",
        )
        or "cannot be read: " in note.reasons[0]
    )


def test_a_lookalike_in_a_config_in_a_text_is_seen_on_its_line(tmp_path: Path) -> None:
    text = "data:\n  config.yaml: |\n    a: 1\n    base_url: https://api.tokenrouter.io/v1\n"
    found = look(tmp_path, {"a.yaml": text})
    assert [(one.line, one.host) for one in found.lookalikes] == [(4, "api.tokenrouter.io")]


REFUSED = [
    pytest.param(
        "a.yaml",
        "config.yaml: >\n  {providers: {tr: {base_url: https://api.tokenrouter.com/v1, api_key: example-key-7f2,\n"
        "  models: [gpt-4o]}}}\n",
        "a.yaml:1: a text that is written with > cannot be edited safely: its lines are folded, so that they are not "
        "the lines of the file; write the text as a literal block (|)",
        id="folded",
    ),
    pytest.param(
        "a.yaml",
        "x: &c |\n  tr:\n    base_url: https://api.tokenrouter.com/v1\n    api_key: example-key-7f2\n"
        "    models: [gpt-4o]\n"
        "y: *c\n",
        "a.yaml:6: an alias repeats what would be changed, so another place would change too",
        id="a block that an alias repeats",
    ),
    pytest.param(
        "a.yaml",
        "c: |\n  tr:\n    base_url: https://api.tokenrouter.com/v1\n    api_key: example-key-7f2\n"
        "    models: [gpt-4o]\n"
        "  a: 1\n  a: 2\n",
        "a.yaml:7: a duplicate key",
        id="a key twice in the text",
    ),
    pytest.param(
        "a.yaml",
        "b: 1\nc: |\n  tr:\n    base_url: https://api.tokenrouter.com/v1\n    api_key: example-key-7f2\n"
        "    models: [gpt-4o]\n"
        "b: 2\n",
        "a.yaml:7: a duplicate key",
        id="a key twice in the file",
    ),
    pytest.param(
        ".env",
        'P=\'[{"name": "tr", "base_url": "https://api.tokenrouter.com/v1", "api_key": "example-key-7f2", '
        '"models": ["gpt-4o"]}]\'\n',
        ".env:1: a dotenv file is read and never edited",
        id="a variable",
    ),
]


@pytest.mark.parametrize(("name", "text", "message"), REFUSED)
def test_what_cannot_be_edited_through_the_string_is_refused_on_the_files_line(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        planned(tmp_path, name, text, "kling-v3")
    assert message == caught.value.message


def test_a_given_entry_and_an_empty_list(tmp_path: Path) -> None:
    before, after = before_and_after(
        "data:\n  config.yaml: |\n    tr:\n      base_url: https://api.tokenrouter.com/v1\n      api_key: ${TR_KEY}\n"
        "      models: [<+{id: kling-v3, mode: video}+>]\n"
    )
    text = routed(tmp_path, "a.yaml", before, "kling-v3", {"id": "kling-v3", "mode": "video"})
    assert after == text


def test_a_wrong_field_is_fixed_through_the_string(tmp_path: Path) -> None:
    entry = (
        "      - model_name: {0}\n        litellm_params:\n          model: openai/{0}\n"
        "          api_base: https://api.tokenrouter.com/v1\n          api_key: os.environ/TR_KEY\n"
        "        model_info:\n          mode: {1}\n"
    )
    head = "kind: ConfigMap\ndata:\n  config.yaml: |\n    model_list:\n"
    good = entry.format("kling-v2-6", "video_generation")
    text = head + entry.format("kling-v3", "chat") + good
    plan = planned(tmp_path, "a.yaml", text, "kling-v3")
    assert plan.action == "fix"
    assert head + entry.format("kling-v3", "video_generation") + good == plan.files[0].text


def test_a_second_place_of_the_text_is_filled_in_the_same_edit(tmp_path: Path) -> None:
    before, after = before_and_after(
        "write_files:\n  - path: /srv/bot/.codebuddy/models.json\n    content: |\n"
        '      {"models": [{"id": "gpt-4o", "url": "https://api.tokenrouter.com/v1/chat/completions", '
        '"apiKey": "example-key-7f2"}<+, {"id": "kling-v3", "url": "https://api.tokenrouter.com/v1/chat/completions", '
        '"apiKey": "example-key-7f2"}+>],\n       "availableModels": ["gpt-4o"<+, "kling-v3"+>]}\n'
    )
    assert after == routed(tmp_path, "user-data.yaml", before, "kling-v3")


def test_a_json_list_in_a_config_in_a_string(tmp_path: Path) -> None:
    before, after = before_and_after(
        "data:\n  config.yaml: |\n    tr:\n      base_url: https://api.tokenrouter.com/v1\n      key: ${TR_KEY}\n"
        '      models: \'["gpt-4o"<+, "kling-v3"+>]\'\n'
    )
    assert after == routed(tmp_path, "a.yaml", before, "kling-v3")
    (channel,) = channels_in(tmp_path, {"a.yaml": before})
    found = survey(channel).route_list
    assert found is not None
    assert channel.pointer_to(found.place) == "/data/config.yaml/tr/models"


def test_a_text_in_code_needs_more_to_be_taken_for_live(tmp_path: Path) -> None:
    config = f"providers:\n  tr:\n    base_url: {URL}\n    api_key: ${{TR_KEY}}\n"
    code = only(look(tmp_path / "a", {"make.py": f'CONFIG = """\n{config}"""\n'}))
    data = only(look(tmp_path / "b", {"values.yaml": "c: |\n" + "".join(f"  {x}\n" for x in config.splitlines())}))
    assert (code.live, data.live) == (False, True)
    assert "it is a text in code, as samples and prompts are, too (-15)" in code.reasons


# -- the command line --------------------------------------------------------------------------------------------------

SECRETS = {
    "TR": KEY,
    "header": "zebra-quagga-plain",
    "token": "tokenvalue",
    "shell": "shell-secret",
    "password": "correcthorse",
    "escaped": 'quo"ted\\secret',
}
MASKED = f"""\
kind: ConfigMap
data:
  before.sh: |
    export MY_TOKEN={SECRETS["shell"]}
  librechat.yaml: |-
    endpoints:
      custom:
        - name: TokenRouter
          apiKey: {SECRETS["TR"]}
          baseURL: https://api.tokenrouter.com/v1
          headers: {{Authorization: "Bearer {SECRETS["header"]}"}}
          models:
            default: [gpt-4o]
    auth: {{token: {SECRETS["token"]}}}
  z.properties: |
    password: {SECRETS["password"]}
  json: {json.dumps(json.dumps({"api_token": SECRETS["escaped"]}))}
"""


def test_no_secret_of_a_text_is_shown_in_any_output(tmp_path: Path) -> None:
    (tmp_path / "cm.yaml").write_text(MASKED)
    outputs = []
    for arguments in (
        ("find",),
        ("find", "--json"),
        ("route", "kling-v3"),
        ("route", "kling-v3", "--json"),
        ("route", "kling-v3", "--apply", "--json"),
        ("route", "--undo", "--json"),
    ):
        done = run(*arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout + done.stderr)
    shown = "\n".join(outputs)
    assert "default: [gpt-4o, kling-v3]" in shown
    assert 'headers: {Authorization: "***' in shown or "zeb...ain" in shown
    assert [name for name, secret in SECRETS.items() if secret in shown or json.dumps(secret)[1:-1] in shown] == []
    assert "quo" not in shown
    assert (tmp_path / "cm.yaml").read_text() == MASKED


def test_a_channel_in_a_string_is_chosen_by_its_id_applied_and_taken_back(tmp_path: Path) -> None:
    before, after = before_and_after(CONFIG_MAP)
    path = tmp_path / "k8s.yaml"
    path.write_text(before)
    name = f"k8s.yaml#/0/data/{ID}"
    done = run("route", "kling-v3", "--channel", name, "--apply", "--json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (report["status"], report["channel"]["id"], report["channel"]["line"]) == ("applied", name, 13)
    assert report["channel"]["route_list"]["pointer"] == "/0/data/config.yaml/model_list"
    assert path.read_text() == after
    assert json.loads(run("route", "kling-v3", "--json", cwd=tmp_path).stdout)["status"] == "unchanged"
    assert json.loads(run("route", "--undo", "--json", cwd=tmp_path).stdout)["status"] == "undone"
    assert path.read_text() == before
