"""Which colours do pictures have?

Okabe and Ito's palette (2008, "Color Universal Design"), darkened until marks stand out from their ground by at least
3 to 1 (WCAG 2.2, 1.4.11); who is who can be told by shape and dash, too. Pages have the same in their style sheet, for
light and for dark; pictures that stand alone carry the light one with them.
"""

COLOURS = {
    "challenger": "#0072b2",
    "champion": "#c45500",
    "neutral": "#4d4d4d",
    "worse": "#c45500",
    "better": "#00795a",
}
INK, QUIET, FAINT, GROUND = "#1b1b1b", "#4d4d4d", "#dcdcdc", "#ffffff"
FONT = "12px 'Liberation Sans', Arial, Helvetica, sans-serif"


def style() -> str:
    """Return the style of a picture that stands alone."""
    rules = [
        f".ground{{fill:{GROUND}}}",
        f"text{{font-family:'Liberation Sans',Arial,Helvetica,sans-serif;font-size:12px;fill:{QUIET}}}",
        f".words{{fill:{INK}}}",
        ".strong{font-weight:bold}",
        f".grid{{stroke:{FAINT};fill:none}}",
        f".rule{{stroke:{QUIET};fill:none}}",
        ".dashed{stroke-dasharray:4 3}",
        ".line{fill:none;stroke-width:2.2}",
        ".line.champion{stroke-dasharray:6 3}",
        ".whisker{fill:none;stroke-width:2}",
        ".mark.champion{fill:" + GROUND + ";stroke-width:1.8}",
    ]
    for who, colour in COLOURS.items():
        rules += [f".line.{who},.whisker.{who},.mark.{who}{{stroke:{colour}}}", f".bar.{who}{{fill:{colour}}}"]
        if who != "champion":
            rules.append(f".mark.{who}{{fill:{colour}}}")
    return "".join(rules)
