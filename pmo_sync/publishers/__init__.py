"""Where finished reports go; ``base.py`` says what a publisher is."""
