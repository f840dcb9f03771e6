"""Where are the pictures of a comparison? In the folder that was named, as SVG and as PNG."""

from pathlib import Path

from gates.refusal import UserError
from gates.wording import count
from reports.measured import ComparisonReport
from reports.pictures.album import pictures_of_comparison
from reports.pictures.svg import svg
from workflows.pictures.painter import ProcessPainter, painted


def draw(report: ComparisonReport, folder: str) -> str:
    """Write the pictures and say where they are; `UserError` where nothing can be written."""
    pictures = pictures_of_comparison(report)
    if not pictures:
        return "There is nothing to draw."
    place = Path(folder)
    pngs = painted(ProcessPainter(), pictures)
    try:
        place.mkdir(parents=True, exist_ok=True)
        for picture in pictures:
            (place / f"{picture.name}.svg").write_text(svg(picture, alone=True), encoding="utf-8")
            (place / f"{picture.name}.png").write_bytes(pngs[picture.name])
    except OSError as error:
        raise UserError(f"The pictures cannot be written to {folder}: {error.strerror or error}.") from error
    return (
        f"{count(len(pictures), 'picture')} in `{folder}`, as SVG and PNG: {', '.join(one.name for one in pictures)}."
    )
