"""Issues, pull requests, milestones and timelines as REST writes them."""

from __future__ import annotations

from typing import Any

from pmo_sync.demo.github_names import number_of
from pmo_sync.demo.github_pull_site import GithubPull
from pmo_sync.demo.github_resolvers import item_type
from pmo_sync.demo.github_rest_repository import Json, RestRepositories
from pmo_sync.demo.github_site import (
    GithubIssue,
    GithubMilestone,
    GithubRepository,
    GithubSite,
    Label,
    TimelineEvent,
)

Thread = GithubIssue | GithubPull


class RestThreads:
    """Writes what is in repositories; ``places`` says where each thread is, by node id."""

    def __init__(self, site: GithubSite, repositories: RestRepositories) -> None:
        self._repositories = repositories
        self.places: dict[str, tuple[GithubRepository, Thread]] = {}
        self.children: dict[str, list[str]] = {}
        self.blocking: dict[str, list[str]] = {}
        for repository in site.repositories:
            for thread in repository.threads:
                self.places[thread.node_id] = (repository, thread)
            for issue in repository.issues:
                self.children.setdefault(issue.parent or "", []).append(issue.node_id)
                for other in issue.blocked_by:
                    self.blocking.setdefault(other, []).append(issue.node_id)

    def thread(self, repository: GithubRepository, thread: Thread) -> Json:
        """Return an issue, or a pull request as the issue that it is to REST too."""
        url = f"{self._repositories.url(repository)}/issues/{thread.number}"
        found = self._common(repository, thread) | {
            "url": url,
            "repository_url": self._repositories.url(repository),
            "labels_url": f"{url}/labels{{/name}}",
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "timeline_url": f"{url}/timeline",
            "comments": 0,
            "performed_via_github_app": None,
        }
        if isinstance(thread, GithubPull):
            return found | {"draft": thread.draft, "pull_request": self._as_issue(thread, url)}
        return found | self._of_issue(thread)

    def pull(self, repository: GithubRepository, pull: GithubPull) -> Json:
        """Return a pull request."""
        base = self._repositories.url(repository)
        url = f"{base}/pulls/{pull.number}"
        links = {
            "review_comment": f"{base}/pulls/comments{{/number}}",
            "issue": f"{base}/issues/{pull.number}", "self": url, "html": pull.url,
            "comments": f"{base}/issues/{pull.number}/comments", "commits": f"{url}/commits",
            "review_comments": f"{url}/comments",
            "statuses": f"{base}/statuses/{_commit(pull.head)}",
        }  # fmt: skip
        return self._common(repository, pull) | {
            "url": url,
            "issue_url": links["issue"],
            "diff_url": f"{pull.url}.diff",
            "patch_url": f"{pull.url}.patch",
            "commits_url": links["commits"],
            "comments_url": links["comments"],
            "review_comments_url": links["review_comments"],
            "review_comment_url": links["review_comment"],
            "statuses_url": links["statuses"],
            "_links": {name: {"href": link} for name, link in links.items()},
            "merged_at": pull.merged_at,
            "merge_commit_sha": _commit(pull.node_id) if pull.merged_at else None,
            "draft": pull.draft,
            "auto_merge": None,
            "requested_reviewers": [self._repositories.user(one) for one in pull.requested],
            "head": self._branch(repository, pull.head),
            "base": self._branch(repository, pull.base),
        }

    def milestone(self, repository: GithubRepository, one: GithubMilestone) -> Json:
        """Return a milestone."""
        url = f"{self._repositories.url(repository)}/milestones/{one.number}"
        inside = [issue.state for issue in repository.threads
                  if issue.milestone == one.number]  # fmt: skip
        return {
            "id": number_of(one.node_id),
            "node_id": one.node_id,
            "number": one.number,
            "title": one.title,
            "description": one.description,
            "state": one.state.lower(),
            "creator": None,
            "open_issues": inside.count("OPEN"),
            "closed_issues": len(inside) - inside.count("OPEN"),
            "created_at": one.created_at,
            "updated_at": one.updated_at,
            "due_on": one.due_on,
            "closed_at": one.closed_at,
            "url": url,
            "html_url": f"{repository.url}/milestone/{one.number}",
            "labels_url": f"{url}/labels",
        }

    def label(self, repository: GithubRepository, label: Label) -> Json:
        """Return a label."""
        return {
            "id": number_of(label.node_id),
            "node_id": label.node_id,
            "url": f"{self._repositories.url(repository)}/labels/{label.name.replace(' ', '%20')}",
            "name": label.name,
            "color": label.color,
            "default": False,
            "description": label.description,
        }

    def event(self, repository: GithubRepository, event: TimelineEvent) -> Json:
        """Return an entry of a timeline."""
        kind = item_type(event.type).removesuffix("_EVENT").lower()
        if event.type == "CrossReferencedEvent":
            return self._reference(event)
        number = number_of(event.node_id)
        return {
            "id": number,
            "node_id": event.node_id,
            "url": f"{self._repositories.url(repository)}/issues/events/{number}",
            "actor": self._repositories.actor(event.actor),
            "event": kind,
            "commit_id": None,
            "commit_url": None,
            "created_at": event.created_at,
            "performed_via_github_app": None,
            **self._values(event),
        }

    def _values(self, event: TimelineEvent) -> Json:
        found: Json = {}
        for name, value in event.values.items():
            if isinstance(value, Label):
                found["label"] = {"name": value.name, "color": value.color}
            elif name == "assignee":
                found["assignee"] = self._repositories.actor(str(value))
            elif name == "requestedReviewer":
                found["requested_reviewer"] = self._repositories.actor(str(value))
                found["review_requester"] = self._repositories.actor(event.actor)
            elif name == "milestoneTitle":
                found["milestone"] = {"title": value}
            elif name == "stateReason":
                found["state_reason"] = str(value).lower() if value else None
            elif name == "previousTitle":
                found["rename"] = {"from": value, "to": event.values["currentTitle"]}
        return found

    def _reference(self, event: TimelineEvent) -> Json:
        source = self.places.get(str(event.values.get("source")))
        return {
            "event": "cross-referenced",
            "actor": self._repositories.actor(event.actor),
            "created_at": event.created_at,
            "updated_at": event.created_at,
            "source": {"type": "issue", "issue": self.thread(*source)} if source else {},
        }

    def _common(self, repository: GithubRepository, thread: Thread) -> Json:
        releases = {one.number: one for one in repository.milestones}
        labels = {one.name: one for one in repository.labels}
        assignees = [self._repositories.user(login) for login in thread.assignees]
        milestone = releases.get(thread.milestone or 0)
        return {
            "id": thread.database_id,
            "node_id": thread.node_id,
            "number": thread.number,
            "title": thread.title,
            "body": thread.body or None,
            "state": "open" if thread.state == "OPEN" else "closed",
            "locked": thread.locked,
            "active_lock_reason": None,
            "user": self._repositories.user(thread.author),
            "assignee": assignees[0] if assignees else None,
            "assignees": assignees,
            "labels": [self.label(repository, labels[name]) for name in thread.labels],
            "milestone": self.milestone(repository, milestone) if milestone else None,
            "author_association": "MEMBER",
            "created_at": thread.created_at,
            "updated_at": thread.updated_at,
            "closed_at": thread.closed_at,
            "html_url": thread.url,
        }

    def _of_issue(self, issue: GithubIssue) -> Json:
        below = [self.places[one][1].state for one in self.children.get(issue.node_id, ())]
        done = below.count("CLOSED")
        before = [self.places[one][1].state for one in issue.blocked_by if one in self.places]
        after = [self.places[one][1].state for one in self.blocking.get(issue.node_id, ())]
        kind = issue.issue_type
        return {
            "state_reason": issue.state_reason.lower() if issue.state_reason else None,
            "type": {"id": number_of(kind), "node_id": f"IT_{kind}", "name": kind,
                     "description": None} if kind else None,
            "sub_issues_summary": {
                "total": len(below), "completed": done,
                "percent_completed": 100 * done // len(below) if below else 0,
            },
            "issue_dependencies_summary": {
                "blocked_by": before.count("OPEN"), "blocking": after.count("OPEN"),
                "total_blocked_by": len(before), "total_blocking": len(after),
            },
        }  # fmt: skip

    def _as_issue(self, pull: GithubPull, url: str) -> Json:
        return {
            "url": url.replace("/issues/", "/pulls/"),
            "html_url": pull.url,
            "diff_url": f"{pull.url}.diff",
            "patch_url": f"{pull.url}.patch",
            "merged_at": pull.merged_at,
        }

    def _branch(self, repository: GithubRepository, name: str) -> dict[str, Any]:
        return {
            "label": f"{repository.owner}:{name}",
            "ref": name,
            "sha": _commit(name),
            "user": self._repositories.user(repository.owner),
            "repo": self._repositories.repository(repository),
        }


def _commit(name: str) -> str:
    """Return a commit's name, which nothing can be asked of."""
    return f"{number_of(name, 12):040x}"
