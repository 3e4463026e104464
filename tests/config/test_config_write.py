"""A first configuration says what it was given, whatever that is."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmo_sync.config import PersonConfig, Portfolio, Program, Project, Secret, Select, Source
from pmo_sync.config.load import load
from pmo_sync.config.write import render_first
from pmo_sync.errors import ConfigError

SOURCES = (
    Source(
        "jira",
        "jira",
        "https://jira.example",
        email="pmo@example.com",
        token=Secret("env", "JIRA_TOKEN"),
        projects=("PAY", "SHOP"),
        fields={"points": "Story Points"},
    ),
    Source("github", "github", "https://github.com", repositories=("example/checkout",)),
)


def test_a_first_configuration_reads_well() -> None:
    text = render_first(
        portfolio=Portfolio("Retail", timezone="Europe/Paris"),
        sources=SOURCES,
        programs=[Program("Digital"), Program("Payments", parent="Digital")],
        projects=[
            Project(
                "Checkout",
                program="Payments",
                target=date(2026, 6, 30),
                select=(Select("jira", container="PAY"), Select("github", label="checkout")),
            )
        ],
        people=[PersonConfig("Person One", ("jira:one", "github:one"), hours=32)],
    )
    assert (
        text
        == """\
# What pmo-sync reads and how it reports. All keys: docs/configuration.md

# The whole that is reported on.
[portfolio]
name = "Retail"
timezone = "Europe/Paris"
working_days = ["mon", "tue", "wed", "thu", "fri"]
period = "week"
pages = "one"

# The trackers. A secret is named here, never written.
[[sources]]
name = "jira"
type = "jira"
url = "https://jira.example"
email = "pmo@example.com"
token = {env = "JIRA_TOKEN"}
projects = ["PAY", "SHOP"]
fields = {points = "Story Points"}

[[sources]]
name = "github"
type = "github"
url = "https://github.com"
repositories = ["example/checkout"]

# Groups of projects; a program may have a parent.
[[programs]]
name = "Digital"

[[programs]]
name = "Payments"
parent = "Digital"

# Projects as the PMO sees them: what any of the select rules matches.
[[projects]]
name = "Checkout"
program = "Payments"
target = 2026-06-30
select = [
    {source = "jira", container = "PAY"},
    {source = "github", label = "checkout"},
]

# Who is who: the accounts that are one person, as source:login.
[[people]]
name = "Person One"
accounts = ["jira:one", "github:one"]
hours = 32
"""
    )


def test_a_long_list_is_written_over_several_lines() -> None:
    names = tuple(f"example/repository-{number}" for number in range(9))
    source = Source("github", "github", "https://github.com", repositories=names)
    text = render_first(portfolio=Portfolio(), sources=[source])
    assert max(map(len, text.splitlines())) <= 100


def test_a_secret_is_never_written() -> None:
    source = Source("jira", "jira", "https://jira.example", token=Secret("inline", "hunter2"))
    with pytest.raises(ConfigError) as caught:
        render_first(portfolio=Portfolio(), sources=[source])
    assert "hunter2" not in str(caught.value)


plain = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
hostile = st.sampled_from(
    ['"', "'''", '"""', "\\", "a\nb", "\r\n", "\r", "]\n[x]\n", "# no comment", "\x00\x1b\x7f",
     "\u2028\u0085", "\ufeff", "{ env = 'X' }", "日本語 🚀", "<script>", "a.b", "true",
     "2026-01-01"]
)  # fmt: skip
texts = plain | hostile
names = texts.filter(str.strip)
optional = st.none() | names
lists = st.lists(names, max_size=20).map(tuple)
secrets = st.none() | st.builds(
    Secret, st.just("keyring"), names.map(lambda name: f"pmo.sync/{name}")
)
sources = st.lists(
    st.builds(
        Source,
        name=names.map(lambda name: name.replace(":", "") or "-").filter(str.strip),
        type=st.sampled_from(["jira", "github"]),
        url=st.just("https://tracker.example"),
        email=optional,
        user=optional,
        token=secrets,
        projects=lists,
        jql=optional,
        risk_jql=optional,
        boards=lists,
        fields=st.dictionaries(texts, names, max_size=4),
        statuses=st.dictionaries(texts, st.sampled_from(["done", "dropped"]), max_size=3),
        remote_links=st.booleans(),
        worklogs=st.booleans(),
        max_loss=st.floats(0, 1),
        sweep_hours=st.floats(0, 168),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda source: source.name,
)
days = st.none() | st.dates()


@st.composite
def first_configurations(draw: st.DrawFn) -> dict[str, object]:
    trackers = draw(sources)
    tracker = st.sampled_from([source.name for source in trackers])
    programs = draw(st.lists(st.builds(Program, names), max_size=3, unique_by=lambda p: p.name))
    select = st.lists(st.builds(Select, tracker, optional, optional, optional), max_size=4)
    project = st.builds(
        Project,
        name=names,
        program=st.sampled_from([None, *(program.name for program in programs)]),
        owner=optional,
        target=days,
        select=select.map(tuple),
    )
    person = st.builds(PersonConfig, names, team=optional, hours=st.none() | st.floats(0, 168))
    return {
        "portfolio": draw(st.builds(Portfolio, name=names, as_of=days)),
        "sources": tuple(trackers),
        "programs": tuple(programs),
        "projects": tuple(draw(st.lists(project, max_size=3, unique_by=lambda p: p.name))),
        "people": tuple(draw(st.lists(person, max_size=3, unique_by=lambda p: p.name))),
    }


@given(first_configurations())
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back_whatever_the_names(given: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pmo-sync.toml"
        path.write_text(render_first(**given), encoding="utf-8", newline="\n")  # type: ignore[arg-type]
        config = load(path)
    assert {key: getattr(config, key) for key in given} == given
