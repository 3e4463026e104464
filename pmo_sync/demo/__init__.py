"""The simulated trackers: a seeded world, served over HTTP as Jira and as GitHub.

``world`` is what teams did, in neutral terms; ``jira_site`` and ``github_site`` are what a server
needs to know to answer; ``render_jira``, ``render_jira_dc``, ``render_github`` and ``recorded_*``
fill those; the servers know the protocols and nothing of the world:

- ``jira_server``, Jira Cloud (REST v3): Basic auth of an e-mail address and an API token, search
  by page tokens, people by account id, changelogs newest first and cut.
- ``jira_dc_server``, Jira Data Center (REST v2 alone) under a context path: a personal access
  token or Basic auth of name and password, search by startAt with a cap and a total, changelogs
  whole and oldest first, people by name and key, stories that name their epic in a custom field,
  sprints as strings. Its ids of statuses, types, projects and custom fields are not Cloud's.
- ``github_server``, GitHub's REST and GraphQL.

``servers`` starts a Jira Cloud and a GitHub together. What both Jiras answer alike is in
``jira_routes``, ``jira_worklogs``, ``jira_remote_links`` and ``jira_agile``.
"""
