"""Who has how much to do by when, and who can: effort, calendars, load, lone carriers."""
