"""Frames in, frame out: what is counted, when it flowed, what changed, what belongs where."""
