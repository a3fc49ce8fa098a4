"""Make the report's bundled fonts: subsets of Inter, renamed, as OTF (for drawing) and WOFF2 (for pages).

Beside them goes ``OpenpeelSans-widths.json``: how wide each character is, for the charts.

Run once, by hand, when the font or the set of characters changes. Needs ``fonttools`` and ``brotli``, and
Debian's package ``fonts-inter`` (``apt-get download fonts-inter && dpkg-deb -x fonts-inter*.deb DIR``):

    python tools/make_fonts.py DIR/usr/share/fonts/opentype/inter src/openpeel/report/assets

The subset is renamed so that no Inter that happens to be installed can take its place when text is measured.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Openpeel Sans"
RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x1E80, 0x1E85), (0x1EF2, 0x1EF3), (0x2010, 0x2027), (0x2030, 0x203A)]
SINGLES = "φχσμτ€←↑→↓−×÷±≈≠≤≥▲▼▶◆●○■□✓"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "case", "calt"]


def characters() -> list[int]:
    return sorted({c for a, b in RANGES for c in range(a, b + 1)} | {ord(c) for c in SINGLES})


def rename(font: TTFont, style: str) -> None:
    """Give the subset a name of its own; copyright and licence records stay."""
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    new = {1: FAMILY, 2: style, 3: postscript, 4: f"{FAMILY} {style}", 6: postscript}
    table = font["name"]
    table.names = [n for n in table.names if n.nameID in (0, 5, 13, 14) or n.nameID in new]
    for name in table.names:
        if name.nameID in new:
            name.string = new[name.nameID]
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [postscript]
        cff.topDictIndex[0].FamilyName, cff.topDictIndex[0].FullName = FAMILY, f"{FAMILY} {style}"


def widths(font: TTFont) -> dict[str, float]:
    """Character -> width as a part of the font size."""
    metrics, units = font["hmtx"], font["head"].unitsPerEm
    return {chr(c): round(metrics[name][0] / units, 3) for c, name in sorted(font.getBestCmap().items())}


def make(source: Path, target: Path, style: str) -> dict[str, float]:
    options = subset.Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True, hinting=False)
    font = TTFont(source / f"Inter-{style}.otf", recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    rename(font, style)
    font.save(target / f"OpenpeelSans-{style}.otf")
    font.flavor = "woff2"
    font.save(target / f"OpenpeelSans-{style}.woff2")
    return widths(font)


def main() -> None:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    known = {style: make(source, target, style) for style in ("Regular", "Bold")}
    text = json.dumps(known, ensure_ascii=False, indent=0)
    (target / "OpenpeelSans-widths.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
