"""Invented names: people, and what each project is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pmo_sync.demo.facts import Tracker

ORGANIZATION = "harbourline"
TITLE = "Harbourline"
PEOPLE = (
    "Ada Lindqvist", "Bruno Okafor", "Chen Rasmussen", "Dalia Moreau", "Emil Sato", "Farah Nyberg",
    "Goran Petit", "Hana Villiers", "Ivo Tanaka", "Jonna Abebe", "Kirill Duarte", "Lena Osei",
    "Malik Hedberg", "Noor Castellan", "Oskar Ferreira", "Petra Wolde", "Ravi Sundström",
    "Saga Brandt", "Tomas Keita", "Ulla Marchetti", "Viktor Aalto", "Wanda Iversen", "Xavi Laurent",
    "Yara Holm", "Zeno Baptiste", "Amara Quist", "Björn Adeyemi", "Clara Fontaine", "Davit Ruiz",
    "Elsa Nakamura", "Felix Traoré", "Greta Pavlova", "Henrik Diallo", "Ines Kovac", "Jonas Mbeki",
    "Kaja Rossi", "Luc Andersen", "Mira Haddad", "Nils Okoro", "Olga Santos", "Pavel Lindholm",
    "Quentin Sørby", "Rosa Eklund", "Stig Banerjee", "Tuva Molina",
)  # fmt: skip
VERBS: Mapping[str, tuple[str, ...]] = {
    "Story": ("Show", "Offer", "Rebuild", "Simplify", "Connect", "Speed up"),
    "Bug": ("Wrong total in", "Timeout in", "Blank page after", "Duplicate rows in", "Crash in"),
    "Task": ("Document", "Load-test", "Clean up", "Monitor", "Migrate"),
}
CONTEXTS = ("", "", " for partners", " on mobile", " at month end", " in test", " for admins")
LABELS = ("customer", "tech-debt", "security", "quick-win")
LIBRARIES = ("requests", "jinja", "lodash", "okhttp")
RISKS = (
    "A supplier delivers late",
    "Nobody to test when it is needed",
    "The contract is not signed",
    "Key knowledge leaves",
    "Load at month end is underestimated",
    "The audit asks for changes",
    "A licence becomes dearer",
    "Migrated data is incomplete",
    "Acceptance takes longer",
    "The environment is not ready",
    "A law changes",
    "A partner changes its interface",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a project is about, and the container that its team works in."""

    key: str
    name: str
    project: str
    program: str
    tracker: Tracker
    things: tuple[str, ...]
    epics: tuple[str, ...]
    components: tuple[str, ...]

    @property
    def container(self) -> str:
        """The Jira project's key or the repository's owner/name."""
        return f"{ORGANIZATION}/{self.key}" if self.tracker == "github" else self.key


SUBJECTS = (
    Subject("PAY", "Payments", "Payments renewal", "Payments", "jira",
            ("card payments", "refunds", "settlement file", "3-D Secure", "payment page",
             "dunning letters", "currency rounding", "ledger export", "chargebacks"),
            ("New payment provider", "Refunds without phone calls", "Settlement by 7 o'clock",
             "Retire the old gateway"), ("Gateway", "Ledger", "Checkout")),
    Subject("IDN", "Identity", "Customer identity", "Customer", "jira",
            ("single sign-on", "passkeys", "consent screen", "account merge", "audit trail",
             "password reset", "session expiry", "support login", "bank identity"),
            ("One login", "Consent that holds in court", "Bank identity"), ("Login", "Profile")),
    Subject("WHS", "Warehouse", "Warehouse floor", "Operations", "jira",
            ("picking list", "pallet labels", "stock count", "returns desk", "scanner firmware",
             "loading plan", "slotting", "cold store", "carrier booking"),
            ("Scanners on every shift", "Stock counts at night", "Returns in one day"),
            ("Floor", "Office", "Carriers")),
    Subject("CRM", "Customer records", "Customer records", "Customer", "jira",
            ("contact merge", "call notes", "consent history", "complaint form", "search by phone",
             "address check", "key accounts", "visit plan"),
            ("One record a customer", "Complaints in two days", "Visits planned by region"),
            ("Records", "Calls", "Visits")),
    Subject("BIL", "Billing", "Billing documents", "Payments", "jira",
            ("invoice layout", "credit note", "tax codes", "reminder run", "e-invoice", "archive",
             "price adjustment", "bundle discount"),
            ("E-invoices everywhere", "Tax codes by country", "Reminders that are right"),
            ("Documents", "Tax", "Archive")),
    Subject("LOY", "Loyalty", "Loyalty club", "Customer", "jira",
            ("points balance", "member card", "birthday offer", "partner shop", "tier rules",
             "expiry notice", "household account"),
            ("Points in every shop", "A card on the phone", "Partners"), ("Members", "Partners")),
    Subject("OPS", "Plant operations", "Plant operations", "Operations", "jira_dc",
            ("shift handover", "maintenance order", "spare parts", "downtime report", "alarm list",
             "energy meter", "line clearance", "torque records"),
            ("Paperless handover", "Maintenance by condition", "Energy by line"),
            ("Lines", "Maintenance", "Energy")),
    Subject("QLT", "Quality", "Quality records", "Operations", "jira_dc",
            ("sample plan", "batch release", "deviation report", "calibration", "supplier audit",
             "lab results", "recall drill"),
            ("Batch release in a day", "Deviations closed", "Suppliers audited"),
            ("Lab", "Release", "Suppliers")),
    Subject("HRS", "Staff services", "Staff services", "Operations", "jira_dc",
            ("shift swap", "leave request", "payslip", "onboarding list", "training record",
             "travel claim", "badge access"),
            ("Leave without paper", "First day ready", "Training on record"),
            ("Leave", "Payroll", "Training")),
    Subject("portal", "Self-service portal", "Self-service portal", "Customer", "github",
            ("order history", "invoice download", "address form", "search", "cookie banner",
             "screen reader labels", "delivery tracking", "feedback form", "help centre"),
            ("Orders at a glance", "Invoices without a call", "Readable by everyone"),
            ("frontend", "backend", "docs")),
    Subject("data-platform", "Data platform", "Data platform", "Platform", "github",
            ("nightly load", "customer dimension", "late events", "retention job", "cost report",
             "schema registry", "backfill", "row-level access", "freshness alert"),
            ("Move off the old warehouse", "One customer number"), ("ingest", "models", "ops")),
    Subject("field-app", "Field app", "Field app", "Operations", "github",
            ("offline sync", "photo upload", "work order", "map tiles", "battery drain",
             "signature capture", "push messages", "login on tablets", "spare parts list"),
            ("Works in the basement", "Photos as proof"), ("android", "ios", "api")),
    Subject("gateway", "API gateway", "API gateway", "Platform", "github",
            ("rate limits", "token exchange", "partner sandbox", "audit log", "retry policy",
             "schema check", "canary route", "mutual TLS"),
            ("Partners on one door", "Old endpoints gone"), ("edge", "auth", "docs")),
    Subject("pricing", "Pricing engine", "Pricing engine", "Platform", "github",
            ("price list", "rule editor", "promotion", "rounding", "currency table", "what-if run",
             "approval step", "competitor feed"),
            ("Rules without a release", "Prices in one second"), ("rules", "service", "tools")),
)  # fmt: skip
