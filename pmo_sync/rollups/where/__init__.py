"""The filter language of ``--where``: ``parse`` text, ``compile`` the expression, filter items."""
