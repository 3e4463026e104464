"""The wire format of Jira, as far as we read it; a field that is not named costs nothing.

Times are text with an offset (``+0800`` or ``Z``), ids are text but for boards and sprints.
Here is what a site has; ``issue_payloads`` has its issues.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec import field as wire

At = Annotated[datetime, Meta(tz=True)]
"""A time with its offset: the decoder reads it in a fifth of the time that Python takes."""


class Wire(Struct, frozen=True, rename="camel", gc=False):
    """A JSON object of Jira: names are camel case there."""


class ServerInfo(Wire, frozen=True):
    """``/serverInfo``: who answers."""

    base_url: str
    version: str = ""
    deployment_type: str = ""
    server_title: str | None = None

    @property
    def deployment(self) -> Literal["Cloud", "Data Center"]:
        """The kind of site; Data Center calls itself Server, and the oldest say nothing."""
        return "Cloud" if self.deployment_type == "Cloud" else "Data Center"


class Tenant(Wire, frozen=True):
    """``/_edge/tenant_info``: the Cloud site's own identity."""

    cloud_id: str


class User(Wire, frozen=True):
    """An account; without an e-mail where it is hidden or inactive.

    Cloud has its id alone, Data Center a user's key (as changelogs name it) and log-in name.
    """

    account_id: str = ""
    key: str = ""
    name: str = ""
    display_name: str | None = None
    email_address: str | None = None
    account_type: str | None = None
    active: bool = True
    time_zone: str | None = None

    @property
    def identity(self) -> str:
        """What the site knows the account by; '' where Jira names none."""
        return self.account_id or self.key or self.name


class UserPage(Wire, frozen=True):
    """A page of ``/user/bulk``."""

    values: list[User]


class Permission(Wire, frozen=True):
    """One answer of ``/mypermissions``."""

    have_permission: bool = False


class Permissions(Wire, frozen=True):
    """``/mypermissions``, by the permission's key."""

    permissions: dict[str, Permission]


class FieldSchema(Wire, frozen=True):
    """What a field holds; ``custom`` names its kind in every language."""

    type: str = ""
    custom: str | None = None


class Field(Wire, frozen=True):
    """One entry of ``/field``."""

    id: str
    name: str
    untranslated_name: str | None = None
    field_schema: FieldSchema | None = wire(name="schema", default=None)


class Named(Wire, frozen=True):
    """A resolution, priority, component or version where only id and name are read."""

    id: str
    name: str = ""


class StatusCategory(Wire, frozen=True):
    """Jira's own grouping: new, indeterminate, done or undefined."""

    key: str


class Status(Wire, frozen=True):
    """One status of the site's table."""

    id: str
    name: str = ""
    status_category: StatusCategory | None = None


class IssueType(Wire, frozen=True):
    """A type of issue; ``hierarchy_level`` -1 is a sub-task, 1 an epic."""

    id: str
    name: str = ""
    hierarchy_level: int | None = None
    subtask: bool = False


class Project(Wire, frozen=True):
    """A project, whole or as an issue names it."""

    id: str
    key: str
    name: str = ""


class ProjectPage(Wire, frozen=True):
    """A page of ``/project/search``."""

    values: list[Project]
    is_last: bool = True


class Version(Wire, frozen=True):
    """A fix version; ``release_date`` is planned, or past once it is released."""

    id: str
    name: str
    released: bool = False
    archived: bool = False
    start_date: str | None = None
    release_date: str | None = None


class Board(Wire, frozen=True):
    """A board; only some kinds have sprints."""

    id: int
    name: str = ""
    type: str = ""


class BoardPage(Wire, frozen=True):
    """A page of ``/board``."""

    values: list[Board]
    is_last: bool = True


class Sprint(Wire, frozen=True):
    """A sprint, as a board lists it or as an issue's field carries it."""

    id: int
    name: str = ""
    state: str = ""
    board_id: int | None = None
    origin_board_id: int | None = None
    start_date: str | None = None
    end_date: str | None = None
    complete_date: str | None = None


class SprintPage(Wire, frozen=True):
    """A page of ``/board/{id}/sprint``."""

    values: list[Sprint]
    is_last: bool = True


class Refusal(Wire, frozen=True):
    """What Jira says when it refuses a request."""

    error_messages: list[str] = []
    errors: dict[str, str] = {}
    message: str = ""
