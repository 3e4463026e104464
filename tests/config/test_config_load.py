"""Reading a configuration: what is accepted, what is warned of, and that no secret shows."""

import tempfile
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_sync.config import Config, PersonConfig, Portfolio, Project, Secret, Select, Source
from pmo_sync.config.load import find, load
from pmo_sync.errors import ConfigError
from pmo_sync.policy import Policy

Read = Callable[[str], Config]
Mistakes = Callable[[str], list[str]]

SOURCE = '[[sources]]\nname = "jira"\ntype = "jira"\nurl = "https://jira.example"\n'
PROJECT = '[[projects]]\nname = "Payments"\n'
RULE = '[[projects.select]]\nsource = "jira"\n'


def test_a_small_configuration_has_defaults_for_the_rest(read: Read) -> None:
    config = read(SOURCE + PROJECT + RULE)
    assert config.portfolio.name == "Portfolio"
    assert config.sources[0].max_loss == 0.3
    assert config.projects[0].select == (Select("jira"),)
    assert config.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "target = 2026-03-31",
        'target = "2026-03-31"',
        '"target" = 2026-03-31 # the end of the quarter',
    ],
)
def test_a_date_may_be_quoted(text: str, read: Read) -> None:
    assert read(SOURCE + PROJECT + text + "\n" + RULE).projects[0].target == date(2026, 3, 31)


@pytest.mark.parametrize("start", ["\ufeff", "# Größe\n"], ids=["byte order mark", "CRLF"])
def test_files_of_a_windows_editor_are_read(start: str, read: Read) -> None:
    text = (start + SOURCE).replace("\n", "\r\n")
    assert read(text).sources[0].name == "jira"


def test_paths_are_relative_to_the_file_and_absolute_once_read(here: Path) -> None:
    path = here / "etc" / "pmo-sync.toml"
    path.parent.mkdir()
    path.write_text(
        SOURCE
        + 'ca_bundle = "ca.pem"\ntoken = { file = "token" }\n'
        + '[store]\npath = "data"\n[[publish]]\ntype = "folder"\npath = "../public"\n'
    )
    config = load(Path("etc/pmo-sync.toml"))
    assert config.path == path
    assert config.store_path == here / "etc/data"
    assert config.sources[0].ca_bundle == here / "etc/ca.pem"
    assert config.sources[0].token == Secret("file", str(here / "etc/token"))
    assert config.publish[0].path == here / "etc/../public"


SYNTAX = [
    ("[portfolio]\nname = Retail\n", "pmo-sync.toml:2:8: is not valid TOML: "),
    ("[portfolio]\nname = [", "pmo-sync.toml:2:9: is not valid TOML: "),
    ("as_of = 2026-02-30", "pmo-sync.toml:1:9: is not valid TOML: "),
    ("x = " + "9" * 5000, "pmo-sync.toml: is not valid TOML: a value is too large"),
    ("x = " + "[" * 5000, "pmo-sync.toml: is not valid TOML: a value is too large"),
]


@pytest.mark.parametrize(("text", "expected"), SYNTAX)
def test_text_that_is_not_toml_is_told_with_line_and_column(
    text: str, expected: str, mistakes: Mistakes
) -> None:
    (found,) = mistakes(text)
    assert found.startswith(expected)


def test_text_that_is_not_utf8_is_told_with_its_line(here: Path) -> None:
    (here / "pmo-sync.toml").write_bytes(b'[portfolio]\nname = "Gr\xf6\xdfe"\n')
    with pytest.raises(ConfigError, match=r"^pmo-sync.toml:2: is not UTF-8 text$"):
        load(Path("pmo-sync.toml"))


def test_no_file_says_what_to_run(here: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(here / "pmo-sync.toml")
    assert str(caught.value).startswith("pmo-sync.toml: no such file: 'pmo-sync init' writes one")
    assert "pmo-sync demo" in str(caught.value)


def test_a_folder_is_no_file(here: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(here)


def test_a_file_elsewhere_is_named_by_its_whole_path(
    tmp_path_factory: pytest.TempPathFactory, here: Path
) -> None:
    path = tmp_path_factory.mktemp("etc") / "pmo.toml"
    path.write_text("x = 1")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:1: unknown key 'x'")


WARNINGS = [
    (SOURCE + PROJECT,
     "pmo-sync.toml:5: projects[1] 'Payments': selects nothing: add a [[projects.select]]"),
    ("", "pmo-sync.toml: there is no [[sources]]: nothing will be read"),
    (SOURCE + 'token = "hunter2"\n',
     "pmo-sync.toml:5: sources[1] 'jira': token: the secret is written into the file: "
     'move it into an environment variable, then write { env = "NAME" }'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WARNINGS)
def test_what_should_be_mended_is_a_warning(text: str, expected: str, read: Read) -> None:
    assert read(text).warnings == (expected,)


LEAKS = [
    'tokn = "{}"',
    'token = "{}"\nunknown = 1',
    'token = ["{}"]',
    'token = {{ value = "{}" }}',
    'token = {{ "{}" = "env" }}',
    'token = {{ env = "{}" }}',
    'token = {{ file = "{}" }}',
    'token = {{ keyring = "{}" }}',
    'password = ["{}"]',
    'organization = ["{}"]',
    'fields = "{}"',
    'projects = "{}"',
    'boards = [5, "{}"]',
    'max_loss = "{}"',
    'ca_bundle = {{ env = "{}" }}',
    '[portfolio]\nas_of = "{}"',
    '[[sources]]\nname = "x"\ntype = "jira"\nurl = "{}"',
    '[[sources]]\nname = "x"\ntype = "jira"\nurl = "https://{}@jira.example"',
    "token = {}",
    'token = "{}',
]


@pytest.mark.parametrize("template", LEAKS)
@pytest.mark.parametrize(
    "secret", ["ghp_16C7e42F292c6912E7710c838347Ae178B4a", "ATATT3xFfGF0T9Lp-Qz_Rk2nVw8=Ab"]
)
def test_no_message_holds_a_secret(template: str, secret: str, mistakes: Mistakes) -> None:
    text = (
        SOURCE
        + template.format(secret)
        + "\n"
        + "[portfolio]\nnonsense = 1\n" * ("[portfolio]" not in template)
    )
    found = mistakes(text)
    assert found
    assert not [line for line in found if secret in line]


TABLES = [field.name for field in fields(Config)]
PARTS = (Portfolio, Source, Project, Select, PersonConfig, Policy)
KEYS = sorted({field.name for part in PARTS for field in fields(part)})
VALUE = st.recursive(
    st.none().map(lambda _: 10**400)
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.sampled_from(["", "jira", "jira:x", "https://x", "done", "a\nb", "[x]", "2026-01-01"]),
    lambda value: (
        st.lists(value, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYS, "", "a.b", "\n"]), value, max_size=8)
    ),
    max_leaves=30,
)


@given(st.dictionaries(st.sampled_from([*TABLES, "x"]), VALUE))
@settings(deadline=None)
def test_whatever_the_file_holds_it_is_read_or_every_line_says_what_is_wrong(
    document: dict[str, object],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pmo-sync.toml"
        path.write_text(tomlkit.dumps(document), encoding="utf-8", newline="\n")
        try:
            load(path)
        except ConfigError as error:
            assert all(line.startswith(f"{path}:") for line in str(error).split("\n"))


def test_the_file_that_is_read() -> None:
    here, other = Path("/home/pmo"), Path("/etc/pmo.toml")
    environment = {"PMO_SYNC_CONFIG": "team/pmo.toml"}
    assert find(None, {}, here) == here / "pmo-sync.toml"
    assert find(None, environment, here) == here / "team/pmo.toml"
    assert find(other, environment, here) == other
    assert find(None, {"PMO_SYNC_CONFIG": ""}, here) == here / "pmo-sync.toml"
