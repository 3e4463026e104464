"""Who works in the simulated world and on what: the invented people, teams and portfolio."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pmo_sync.demo.facts import (
    Person,
    Stage,
    Tracker,
    WorldPortfolio,
    WorldProgram,
    WorldProject,
    WorldSelect,
)

ORGANIZATION = "harbourline"
TITLE = "Harbourline"
START = date(2025, 7, 1)

Schedule = tuple[tuple[date, float], ...]
"""A figure that changes with time: (from this day on, value)."""


def steady(value: float) -> Schedule:
    """Return a figure that never changes."""
    return ((date.min, value),)


RARELY = steady(0.012)
SOON = steady(0.22)


@dataclass(frozen=True, slots=True)
class Release:
    """A planned release: what is pulled before ``due`` goes into it, and it ships then."""

    name: str
    due: date


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """How a team works. Chances are a day and an item; work is in working days.

    ``queue`` is the work that is there at the start, ``arrivals`` the mean new items a day.
    """

    key: str
    name: str
    tracker: Tracker
    container: str
    lead: str
    members: tuple[str, ...]
    things: tuple[str, ...]
    epics: tuple[str, ...]
    components: tuple[str, ...]
    releases: tuple[Release, ...]
    stages: tuple[Stage, ...]
    queue: int
    arrivals: Schedule
    wip: int
    work: float = 7.0
    spread: float = 0.6
    estimated: float = 0.0
    dated: float = 0.25
    block: Schedule = RARELY
    unblock: Schedule = SOON
    reopen: float = 0.05
    drop: float = 0.0006
    sprint_days: int = 0
    bot: str | None = None
    start: date = START


SCRUM = (
    Stage("Backlog", "todo"),
    Stage("Selected for Development", "todo"),
    Stage("In Progress", "in_progress"),
    Stage("In Review", "in_progress"),
    Stage("Done", "done"),
)
KANBAN = (
    Stage("To Do", "todo"),
    Stage("In Progress", "in_progress"),
    Stage("In Review", "in_progress"),
    Stage("Done", "done"),
)
LABELLED = (Stage("Open", "todo"), Stage("In progress", "in_progress"), Stage("Closed", "done"))

PEOPLE = (
    Person("ada", "Ada Lindqvist", {"jira": "ada", "github": "ada-lindqvist"}, group="Payments"),
    Person("bruno", "Bruno Okafor", {"jira": "bruno"}, group="Payments"),
    Person("chen", "Chen Rasmussen", {"jira": "chen", "github": "chenras"}, group="Payments"),
    Person("dalia", "Dalia Moreau", {"jira": "dalia"}, group="Payments", hours=32.0),
    Person("emil", "Emil Sato", {"jira": "emil"}, group="Identity"),
    Person("farah", "Farah Nyberg", {"jira": "farah", "github": "fnyberg"}, group="Identity"),
    Person("goran", "Goran Petit", {"jira": "goran"}, group="Identity"),
    Person("hana", "Hana Villiers", {"jira": "hana"}, group="Warehouse"),
    Person("ivo", "Ivo Tanaka", {"jira": "ivo", "github": "ivotanaka"}, group="Warehouse"),
    Person("jonna", "Jonna Abebe", {"github": "jonna"}, group="Portal"),
    Person("kirill", "Kirill Duarte", {"github": "kduarte"}, group="Portal"),
    Person("lena", "Lena Osei", {"jira": "lena", "github": "lenaosei"}, group="Portal"),
    Person("malik", "Malik Hedberg", {"github": "malikh"}, group="Data"),
    Person("noor", "Noor Castellan", {"github": "noorc"}, group="Data"),
    Person("oskar", "Oskar Ferreira", {"github": "oskarf"}, group="Field"),
    Person("petra", "Petra Wolde", {"github": "pwolde"}, group="Field", hours=20.0),
    Person("ravi", "Ravi Sundström", {"jira": "ravi", "github": "ravi-s"}, group="Field"),
    Person("bot", "dependency-bot", {"github": "dependency-bot"}, bot=True),
)
LEAVERS = {"goran": date(2026, 2, 13), "oskar": date(2026, 3, 20)}
"""Who leaves, and on which day: their accounts are closed then."""

PLANS = (
    TeamPlan(
        key="PAY", name="Payments", tracker="jira", container="PAY", lead="ada",
        members=("ada", "bruno", "chen", "dalia"),
        things=("card payments", "refunds", "settlement file", "3-D Secure", "payment page",
                "dunning letters", "currency rounding", "ledger export", "chargebacks"),
        epics=("New payment provider", "Refunds without phone calls", "Settlement by 7 o'clock",
               "Retire the old gateway"),
        components=("Gateway", "Ledger", "Checkout"),
        releases=(Release("Payments 1.0", date(2025, 10, 31)),
                  Release("Payments 1.1", date(2026, 2, 27)),
                  Release("Payments 2.0", date(2026, 5, 29))),
        stages=SCRUM, queue=30, arrivals=((date.min, 0.2), (date(2026, 3, 2), 0.36)), wip=3,
        work=9.0, estimated=0.86, dated=0.3, sprint_days=14,
    ),
    TeamPlan(
        key="IDN", name="Identity", tracker="jira", container="IDN", lead="farah",
        members=("emil", "farah", "goran", "lena"),
        things=("single sign-on", "passkeys", "consent screen", "account merge", "audit trail",
                "password reset", "session expiry", "support login", "bank identity"),
        epics=("One login", "Consent that holds in court", "Bank identity"),
        components=("Login", "Profile"),
        releases=(Release("Identity 1", date(2025, 12, 12)),
                  Release("Identity 2", date(2026, 10, 30))),
        stages=SCRUM, queue=22, arrivals=steady(0.22), wip=3, work=8.0, estimated=0.78, dated=0.2,
        block=((date.min, 0.012), (date(2026, 4, 1), 0.09)),
        unblock=((date.min, 0.25), (date(2026, 4, 1), 0.008)), sprint_days=14,
    ),
    TeamPlan(
        key="WHS", name="Warehouse", tracker="jira", container="WHS", lead="hana",
        members=("hana", "ivo", "ravi"),
        things=("picking list", "pallet labels", "stock count", "returns desk", "scanner firmware",
                "loading plan", "slotting", "cold store", "carrier booking"),
        epics=("Scanners on every shift", "Stock counts at night", "Returns in one day"),
        components=("Floor", "Office", "Carriers"),
        releases=(Release("Pilot site", date(2026, 1, 30)),
                  Release("All sites", date(2026, 12, 18))),
        stages=KANBAN, queue=18, arrivals=steady(0.23), wip=3, work=10.0, estimated=0.05,
        dated=0.15,
    ),
    TeamPlan(
        key="portal", name="Self-service portal", tracker="github",
        container=f"{ORGANIZATION}/portal", lead="lena", members=("jonna", "kirill", "lena"),
        things=("order history", "invoice download", "address form", "search", "cookie banner",
                "screen reader labels", "delivery tracking", "feedback form", "help centre"),
        epics=("Orders at a glance", "Invoices without a call", "Readable by everyone"),
        components=("frontend", "backend", "docs"),
        releases=(Release("v1", date(2025, 11, 28)), Release("v2", date(2026, 3, 31)),
                  Release("v3", date(2026, 9, 30))),
        stages=LABELLED, queue=14, arrivals=steady(0.24), wip=3, work=8.5, dated=0.0, bot="bot",
    ),
    TeamPlan(
        key="data", name="Data platform", tracker="github",
        container=f"{ORGANIZATION}/data-platform", lead="malik", members=("malik", "noor", "chen"),
        things=("nightly load", "customer dimension", "late events", "retention job", "cost report",
                "schema registry", "backfill", "row-level access", "freshness alert"),
        epics=("Move off the old warehouse", "One customer number"),
        components=("ingest", "models", "ops"),
        releases=(Release("cut-over", date(2026, 4, 30)),
                  Release("old system off", date(2026, 7, 17))),
        stages=LABELLED, queue=32, arrivals=((date.min, 0.18), (date(2026, 2, 16), 0.08)), wip=4,
        work=8.0, dated=0.0,
    ),
    TeamPlan(
        key="field", name="Field app", tracker="github", container=f"{ORGANIZATION}/field-app",
        lead="petra", members=("oskar", "petra", "ravi", "ivo"),
        things=("offline sync", "photo upload", "work order", "map tiles", "battery drain",
                "signature capture", "push messages", "login on tablets", "spare parts list"),
        epics=("Works in the basement", "Photos as proof"),
        components=("android", "ios", "api"),
        releases=(Release("beta", date(2026, 2, 27)), Release("store", date(2026, 11, 27))),
        stages=LABELLED, queue=14, arrivals=steady(0.20), wip=3, work=10.0, dated=0.0, bot="bot",
    ),
)  # fmt: skip


def portfolio(people: tuple[Person, ...]) -> WorldPortfolio:
    """Return what the portfolio's office has written down."""

    def project(
        key: str, name: str, program: str, owner: str | None, target: date | None
    ) -> WorldProject:
        plan = next(plan for plan in PLANS if plan.key == key)
        select = (WorldSelect(plan.tracker, plan.container),)
        return WorldProject(name, program, owner, START, target, "active", select)

    return WorldPortfolio(
        name=f"{TITLE} portfolio",
        timezone="Europe/Stockholm",
        programs=(WorldProgram("Customer"), WorldProgram("Operations")),
        projects=(
            project("PAY", "Payments renewal", "Customer", "Ada Lindqvist", date(2026, 5, 29)),
            project("IDN", "Customer identity", "Customer", "Farah Nyberg", date(2026, 10, 30)),
            project("portal", "Self-service portal", "Customer", "Lena Osei", date(2026, 9, 30)),
            project("WHS", "Warehouse floor", "Operations", "Hana Villiers", date(2026, 12, 18)),
            project("data", "Data platform", "Operations", "Malik Hedberg", date(2026, 7, 17)),
            project("field", "Field app", "Operations", None, date(2026, 11, 27)),
        ),
        people=tuple(person for person in people if not person.bot),
    )
