"""The stages joined, a module a use: the only package that sees all of them. Clocks are read by
the caller."""
