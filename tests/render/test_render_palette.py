"""The palette, light and dark: contrast by the formula of WCAG 2, read from style.css."""

from __future__ import annotations

import re

import pytest

from pmo_sync.render.environment import template_folder

TEXT, GRAPHICS = 4.5, 3.0
PAIRS = [
    *((name, "paper", TEXT) for name in ("ink", "muted", "link")),
    *((name, "tint", TEXT) for name in ("ink", "muted", "link")),
    *((name, "paper", TEXT) for name in ("on-track", "at-risk", "off-track", "no-data")),
    *((name, "paper", GRAPHICS) for name in ("done", "doing", "edge", "focus")),
]


def palettes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\}", (template_folder() / "style.css").read_text(), re.S)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks)
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(scheme: str, front: str, back: str, least: float) -> None:
    palette = palettes()[scheme]
    assert contrast(palette[front], palette[back]) >= least


def test_the_formula_gives_the_known_ends_of_the_scale() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_parts_of_a_bar_differ_in_grey(scheme: str) -> None:
    """Printed without colour, neighbours still tell apart: by tone, or by their edge."""
    palette = palettes()[scheme]
    assert contrast(palette["done"], palette["doing"]) >= 1.8
    assert contrast(palette["doing"], palette["todo"]) >= 1.8


def test_print_is_always_light() -> None:
    style = (template_folder() / "style.css").read_text()
    assert "@media screen and (prefers-color-scheme: dark)" in style
    assert style.count("prefers-color-scheme") == 1


def test_only_variables_name_colours() -> None:
    style = (template_folder() / "style.css").read_text()
    named = [line for line in style.splitlines() if re.search(r"#[0-9a-fA-F]{3,8}\b(?!.*\{)", line)]
    assert all(line.strip().startswith("--") for line in named)
