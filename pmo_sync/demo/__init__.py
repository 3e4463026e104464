"""The simulated trackers: a seeded world, served over HTTP as Jira and as GitHub.

``world`` is what teams did, in neutral terms; ``jira_site`` and ``github_site`` are what a server
needs to know to answer; ``render_jira``, ``render_github`` and ``recorded`` fill those; the two
servers know the protocols and nothing of the world. ``servers`` starts them together.
"""
