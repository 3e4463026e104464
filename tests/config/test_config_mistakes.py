"""What is said of every mistake that a configuration can hold."""

import re
from collections.abc import Callable

import pytest

Mistakes = Callable[[str], list[str]]

SOURCE = '[[sources]]\nname = "jira"\ntype = "jira"\nurl = "https://jira.example"\n'
PROJECT = '[[projects]]\nname = "Payments"\n'
PERSON = '[[people]]\nname = "P"\nteam = "Checkout"\n'
RULE = '[[projects.select]]\nsource = "jira"\n'
SECRETS = 'must be { env = "NAME" }, { file = "path" } or { keyring = "service/name" }'


VALUES = [
    ("portfolio", 'timezone = "Europe/Berln"',
     "timezone: unknown time zone 'Europe/Berln' (did you mean 'Europe/Berlin'?)"),
    ("portfolio", 'timezone = "?"',
     "timezone: unknown time zone '?' (write one like Europe/Paris)"),
    ("portfolio", 'timezone = "../../0"',
     "timezone: unknown time zone '../../0' (write one like Europe/Paris)"),
    ("portfolio", 'working_days = ["mon", "tues"]',
     "working_days[2]: unknown value 'tues' (known: mon, tue, wed, thu, fri, sat, sun)"),
    ("portfolio", 'working_days = ["mon", "mon"]', "working_days: names a day twice"),
    ("portfolio", "working_days = []", "working_days: must name at least one day"),
    ("portfolio", 'working_days = "mon"', "working_days: must be a list, is text"),
    ("portfolio", 'period = "quarter"',
     "period: unknown value 'quarter' (known: week, fortnight, month)"),
    ("portfolio", 'as_of = "31.3.2026"', "as_of: must be a date like 2026-03-31"),
    ("portfolio", "as_of = 2026-03-31T10:00:00Z",
     "as_of: must be a date like 2026-03-31, is a date with a time"),
    ("portfolio", "name = 5", "name: must be text, is a whole number"),
    ("portfolio", 'name = " "', "name: must not be empty"),
    ("portfolio", "name = 10:00:00", "name: must be text, is a time"),
    ("portfolio", 'zone = "UTC"',
     "unknown key 'zone' (did you mean 'timezone'?)"),
    ("portfolio", "weird = 1", "unknown key 'weird' (known: name, timezone, working_days, period,"
     " as_of, country, subdivision, pages)"),
    ("portfolio", 'country = "se"', "country: unknown country 'se' (did you mean 'SE'?)"),
    ("portfolio", 'country = "Sweden"', "country: unknown country 'Sweden' (did you mean 'SWE'?)"),
    ("portfolio", 'country = "?"',
     "country: unknown country '?' (write its two letters, e.g. SE)"),
    ("portfolio", 'subdivision = "BY"', "a subdivision needs its country beside it"),
    ("policy", 'people = "nobody"',
     "people: unknown value 'nobody' (known: names, initials, teams)"),
    ("policy", "hours_per_point = 0", "hours_per_point: must be from 0.1 to 1000, is 0.0"),
    ("policy", "stale_after = 14.5",
     "stale_after: must be a whole number, is a number with a fraction"),
    ("policy", "stale_after = true", "stale_after: must be a whole number, is true or false"),
    ("policy", "stale_after = 0", "stale_after: must be 1 or more, is 0"),
    ("policy", "minimum_coverage = 60", "minimum_coverage: must be from 0 to 1, is 60.0"),
    ("policy", "minimum_coverage = nan", "minimum_coverage: must be an ordinary number"),
    ("policy", "minimum_coverage = true", "minimum_coverage: must be a number, is true or false"),
    ("policy", 'status = "done"', "status: must be a table, is text"),
    ("policy", 'status."In QA" = "started"',
     "status.'In QA': unknown value 'started' (known: todo, in_progress, done, dropped)"),
    ("policy", "risk = 5", "risk: must be a table, is a whole number"),
]  # fmt: skip


def test_a_folder_of_time_zones_is_none(mistakes: Mistakes) -> None:
    (found,) = mistakes(SOURCE + '[portfolio]\ntimezone = "Europe"\n')
    assert found.startswith("pmo-sync.toml:6: portfolio: timezone: unknown time zone 'Europe'")


@pytest.mark.parametrize(("table", "line", "expected"), VALUES)
def test_a_value_that_cannot_be_used(
    table: str, line: str, expected: str, mistakes: Mistakes
) -> None:
    text = f"{SOURCE}[{table}]\n# a comment\n{line}\n"
    assert mistakes(text) == [f"pmo-sync.toml:7: {table}: {expected}"]


RISK = [
    ("hihg = 16", ": unknown key 'hihg' (did you mean 'high'?)"),
    ("high = 26", ".high: must be from 1 to 25, is 26"),
    ("medium = 16", ": medium 16 is above high 15"),
    ('scale."Often" = 6', ".scale.Often: must be from 1 to 5, is 6"),
    ('scale."Often" = "5"', ".scale.Often: must be a whole number, is text"),
    ('label_patterns = ["p: {probabilty}"]',
     ".label_patterns[1]: unknown field 'probabilty' (did you mean 'probability'?)"),
    ('label_patterns = ["probability"]',
     ".label_patterns[1]: names no field (known: probability, impact, response, risk_owner,"
     " proximity)"),
    ('label_patterns = ["{impact} {impact}"]',
     ".label_patterns[1]: names a field twice"),
    ('label_patterns = ["impact: {impact"]',
     ".label_patterns[1]: has a brace that is not closed"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), RISK)
def test_a_risk_policy_that_cannot_be_used(line: str, expected: str, mistakes: Mistakes) -> None:
    text = f"{SOURCE}[policy.risk]\n{line}\n"
    assert mistakes(text) == [f"pmo-sync.toml:6: policy: risk{expected}"]


SOURCES = [
    ('url = "jira.example"', "url: must be a URL like https://tracker.example.com"),
    ('url = "ftp://jira.example"', "url: must be a URL like https://tracker.example.com"),
    ('url = "https://"', "url: must be a URL like https://tracker.example.com"),
    ('url = "https://jira.example:port"', "url: is no valid URL"),
    ('url = "https://[::1"', "url: is no valid URL"),
    ('url = "https://me:hunter2@jira.example"',
     "url: must not hold a user or password: use the keys user, password or token"),
    ('url = "https://jira.example/?jql=x"', "url: must end before '?' or '#'"),
    ('url = { env = "URL" }', "url: must be text, is a table"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), SOURCES)
def test_an_address_that_cannot_be_used(line: str, expected: str, mistakes: Mistakes) -> None:
    text = f'[[sources]]\nname = "jira"\ntype = "jira"\n{line}\n'
    assert mistakes(text) == [f"pmo-sync.toml:4: sources[1] 'jira': {expected}"]


MORE = [
    ("token = 5", f"sources[1] 'jira': token: {SECRETS}"),
    ('token = ""', f"sources[1] 'jira': token: {SECRETS}"),
    ('token = { evn = "JIRA" }', f"sources[1] 'jira': token: {SECRETS}"),
    ('token = { env = "JIRA", file = "jira" }', f"sources[1] 'jira': token: {SECRETS}"),
    ("token = { env = 5 }", f"sources[1] 'jira': token: {SECRETS}"),
    ('token = { env = "JIRA TOKEN" }',
     "sources[1] 'jira': token: env takes the name of an environment variable"),
    ('token = { file = "~nobody-here/t" }',
     "sources[1] 'jira': token: must not begin with the home folder of nobody here"),
    ('ca_bundle = "~nobody-here/ca"',
     "sources[1] 'jira': ca_bundle: must not begin with the home folder of nobody here"),
    ("max_loss = 30", "sources[1] 'jira': max_loss: must be from 0 to 1, is 30.0"),
    ('remote_links = "no"', "sources[1] 'jira': remote_links: must be true or false, is text"),
    ("connections = 0", "sources[1] 'jira': connections: must be from 1 to 100, is 0"),
    ("patience = -1", "sources[1] 'jira': patience: must be 0 or more, is -1.0"),
    ("sweep_hours = -1", "sources[1] 'jira': sweep_hours: must be from 0 to 168, is -1.0"),
    ("fields.points = 5", "sources[1] 'jira': fields.points: must be text, is a whole number"),
    ('[[sources]]\nname = "jira"\ntype = "jira"\nurl = "http://x"',
     "+1 sources[2] 'jira': name: name 'jira' is taken by sources[1]"),
    ('[[sources]]\nname = "a:b"\ntype = "jira"\nurl = "http://x"',
     "+1 sources[2] 'a:b': name: must not hold ':', which accounts are written with"),
    ('[[sources]]\nname = "x"\ntype = "jirra"\nurl = "http://x"',
     "+2 sources[2] 'x': type: unknown 'jirra' (known: jira, github)"),
    ('[[sources]]\nname = "x"\ntype = "jira"', "sources[2] 'x': missing key 'url'"),
    ('[portfolio]\n[sorces]', "+1 unknown key 'sorces' (did you mean 'sources'?)"),
    ('[projects]\nname = "Payments"',
     "projects: must be written [[projects]], once for each, is a table"),
    ('[[portfolio]]\nname = "A"', "portfolio: must be one table: write [portfolio]"),
    ('[[programs]]\nname = "A"\n\n[[programs]]\nname = "A"',
     "+4 programs[2] 'A': name: name 'A' is taken by programs[1]"),
    ('[[programs]]\nname = "A"\nparent = "B"',
     "+2 programs[1] 'A': parent: no program is called 'B' (known: A)"),
    ('[[programs]]\nname = "A"\nparent = "A"',
     "+2 programs[1] 'A': parent: programs nest in a circle: 'A' > 'A'"),
    ('[[programs]]\nname = "C"\nparent = "A"\n[[programs]]\nname = "A"\nparent = "B"\n'
     '[[programs]]\nname = "B"\nparent = "A"',
     "+5 programs[2] 'A': parent: programs nest in a circle: 'A' > 'B' > 'A'"),
    (PROJECT + 'program = "Digitl"\nselect = [{ source = "jira" }]',
     "+2 projects[1] 'Payments': program: no program is called 'Digitl' (known: none)"),
    (PROJECT + 'lifecycle = "done"',
     "+2 projects[1] 'Payments': lifecycle: unknown value 'done' "
     "(known: proposed, active, on_hold, complete, cancelled)"),
    (PROJECT + "start = 2026-06-01\ntarget = 2026-05-31",
     "+2 projects[1] 'Payments': start 2026-06-01 is after target 2026-05-31"),
    (PROJECT + 'targt = "x"',
     "+2 projects[1] 'Payments': unknown key 'targt' (did you mean 'target'?)"),
    (PROJECT + RULE + 'lable = "x"',
     "+4 projects[1] 'Payments': select[1]: unknown key 'lable' (did you mean 'label'?)"),
    (PROJECT + '[[projects.select]]\nsource = "jria"',
     "+3 projects[1] 'Payments': select[1].source: no source is called 'jria' "
     "(did you mean 'jira'?)"),
    (PROJECT + 'select = [\n  { source = "jira" }, # one\n\n  { source = "x" },\n]',
     "+5 projects[1] 'Payments': select[2].source: no source is called 'x' (known: jira)"),
    (PROJECT + 'select = ["jira"]',
     "+2 projects[1] 'Payments': select[1]: must be a table, is text"),
    (PROJECT + "[[projects.select]]", "+2 projects[1] 'Payments': select[1]: missing key 'source'"),
    ('[[projects]]\n[[projects.select]]\nsource = "jira"', "projects[1]: missing key 'name'"),
    ('[[people]]\nname = "P"\naccounts = ["jria:p"]',
     "+2 people[1] 'P': accounts[1]: no source is called 'jria' (did you mean 'jira'?)"),
    ('[[people]]\nname = "P"\naccounts = [\n  "jira:p",\n  "p",\n]',
     "+4 people[1] 'P': accounts[2]: must be written source:login, is 'p'"),
    ('[[people]]\nname = "P"\naccounts = ["jira:p"]\n[[people]]\nname = "Q"\naccounts = ["jira:p"]',
     "+5 people[2] 'Q': accounts[1]: 'jira:p' is already an account of people[1]"),
    ('[[people]]\nname = "P"\nhours = 400',
     "+2 people[1] 'P': hours: must be from 0 to 168, is 400.0"),
    (PERSON + 'country = "DE"\nsubdivision = "by"',
     "+4 people[1] 'P': subdivision: DE has no subdivision 'by' (did you mean 'BY'?)"),
    (PERSON + "away = [[2026-07-06, 2026-07-24], [2026-07-06]]",
     "+3 people[1] 'P': away[2]: must be [first day, last day], in this order"),
    (PERSON + "away = [[2026-07-24, 2026-07-06]]",
     "+3 people[1] 'P': away[1]: must be [first day, last day], in this order"),
    (PERSON + "start = 2026-02-02\nend = 2026-02-01",
     "+3 people[1] 'P': start 2026-02-02 is after end 2026-02-01"),
    (PERSON + '[[teams]]\nname = "Chekout"',
     "+4 teams[1] 'Chekout': name: no person's team is 'Chekout' (did you mean 'Checkout'?)"),
    ('[[publish]]\ntype = "fax"', "+1 publish[1]: type: unknown 'fax' (known: folder)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MORE)
def test_a_mistake_is_told_with_its_line_and_place(
    text: str, expected: str, mistakes: Mistakes
) -> None:
    """``+2`` is two lines below the first line of the text; without it, it is that line."""
    match = re.fullmatch(r"(?:\+(\d+) )?(.*)", expected)
    assert match
    line = SOURCE.count("\n") + 1 + int(match[1] or 0)
    assert mistakes(SOURCE + text + "\n") == [f"pmo-sync.toml:{line}: {match[2]}"]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(mistakes: Mistakes) -> None:
    text = """\
        [[sources]]
        name = "jira"
        type = "jirra"
        [[projects]]
        name = "One"
        program = "Digital"
        [[people]]
        hours = "40"
        [[projects]]
        name = "One"
        target = 5
        [portfolio]
        timezone = "Mars"
        """
    assert mistakes(text) == [
        "pmo-sync.toml:1: sources[1] 'jira': missing key 'url'",
        "pmo-sync.toml:3: sources[1] 'jira': type: unknown 'jirra' (known: jira, github)",
        "pmo-sync.toml:6: projects[1] 'One': program: no program is called 'Digital' (known: none)",
        "pmo-sync.toml:7: people[1]: missing key 'name'",
        "pmo-sync.toml:8: people[1]: hours: must be a number, is text",
        "pmo-sync.toml:10: projects[2] 'One': name: name 'One' is taken by projects[1]",
        "pmo-sync.toml:11: projects[2] 'One': target: must be a date like 2026-03-31, "
        "is a whole number",
        "pmo-sync.toml:13: portfolio: timezone: unknown time zone 'Mars' "
        "(write one like Europe/Paris)",
    ]


def test_what_refers_to_a_table_that_cannot_be_read_is_not_a_second_mistake(
    mistakes: Mistakes,
) -> None:
    text = '[sources]\nname = "jira"\n' + PROJECT + RULE
    assert mistakes(text) == [
        "pmo-sync.toml:1: sources: must be written [[sources]], once for each, is a table"
    ]


MILESTONE = '[[milestones]]\nname = "Go-live"\n[[milestones.gather]]\n'
MILESTONES = [
    ('item = "PAY-1"\nepic = "PAY-2"', "9",
     "gather[1]: gathers by epic and by item: a rule has one"),
    ('source = "jira"', "8",
     "gather[1]: says nothing to gather (known: milestone, epic, item, where)"),
    ('milestone = "3.0"\nsource = "jra"', "10",
     "gather[1].source: no source is called 'jra' (did you mean 'jira'?)"),
    ('version = "3.0"\nitem = "A-1"', "9", "gather[1]: unknown key 'version' (known: source,"
     " container, milestone, epic, item, where)"),
    ('where = "blocked"\nsource = "jira"', "10",
     "gather[1]: source has no effect beside where: say tracker = ... in it"),
    ('item = "A-1"\n[[milestones.dates]]\ntarget = 2026-05-01', "10",
     "dates[1]: missing key 'since'"),
    ('item = "A-1"\n[[milestones.dates]]\nsince = 2026-05-01', "10",
     "dates[1]: missing key 'target'"),
    ('item = "A-1"\n[[milestones.dates]]\nsince = 2026-05-01\ntarget = 2026-06-01\n'
     "[[milestones.dates]]\ntarget = 2026-07-01\nsince = 2026-04-01", "15",
     "dates[2]: since 2026-04-01 is before that of the date above, 2026-05-01"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "line", "expected"), MILESTONES)
def test_a_milestone_that_cannot_be_used(
    rule: str, line: str, expected: str, mistakes: Mistakes
) -> None:
    found = mistakes(f"{SOURCE}\n{MILESTONE}{rule}\n")
    assert found == [f"pmo-sync.toml:{line}: milestones[1] 'Go-live': {expected}"]


CONTRADICTING = [
    ('program = "Custmer"',
     ": program: no program is called 'Custmer' (did you mean 'Customer'?)"),
    ('project = "Paymnts"',
     ": project: no project is called 'Paymnts' (did you mean 'Payments'?)"),
    ('project = "Payments"\nprogram = "Customer"',
     ": is of a program or of a project, not of both"),
    ("target = 2026-05-02\ndates = [{ target = 2026-05-01, since = 2026-01-01 }]",
     ": target 2026-05-02 is not the last of its dates, 2026-05-01"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), CONTRADICTING)
def test_a_milestone_that_contradicts(line: str, expected: str, mistakes: Mistakes) -> None:
    milestone = f'[[milestones]]\nname = "M"\n{line}\ngather = [{{ item = "A-1" }}]\n'
    others = f'[[programs]]\nname = "Customer"\n{PROJECT}{RULE}'
    assert mistakes(f"{SOURCE}{milestone}{others}") == [
        f"pmo-sync.toml:7: milestones[1] 'M'{expected}"
    ]


def test_two_milestones_of_a_name(mistakes: Mistakes) -> None:
    each = '[[milestones]]\nname = "{}"\ngather = [{{ item = "A-1" }}]\n'
    assert mistakes(SOURCE + each.format("Go-live") + each.format("go-live")) == [
        "pmo-sync.toml:9: milestones[2] 'go-live': name: name 'go-live' is taken by milestones[1]"
    ]
