"""A printed page read back: its words, and whether anything lies beyond the edges of its paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pypdfium2

_SCALE = 2  # dots a point: enough for a person to read
_EDGE = 20  # points of paper at each edge that stay white; the pages' margin is 10 mm, 28 points
_PICTURES = 12  # pages that are kept as pictures to be looked at
# What a PDF may say otherwise: white space, hyphens at the end of a line, marks that only order the text.
_UNSTEADY = re.compile(r"[\s\-\u00ad\u2010\u2011\ufffe\uffff\u0002\u200b-\u200f\ufeff]+")


def plain(text: str) -> str:
    """The text without what printing may change."""
    return _UNSTEADY.sub("", unicodedata.normalize("NFKC", text))


def missing(pdf: Path, texts: Iterable[str]) -> list[str]:
    """The texts of which some word does not occur on the paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        paper = plain("".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()
    # A text that goes on upon the next page is found word by word.
    return [text for text in texts if plain(text) not in paper and not all(plain(one) in paper for one in text.split())]


def beyond_the_edges(pdf: Path) -> list[int]:
    """The numbers of the pages that are not white at an edge. Keeps the first pages as pictures beside the PDF."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    try:
        for number, page in enumerate(document, start=1):
            image = page.render(scale=_SCALE if number <= _PICTURES else 1).to_pil()
            if number <= _PICTURES:
                image.save(pdf.with_name(f"{pdf.stem}-page-{number:02}.png"))
            blank = image.convert("L")
            edge = _EDGE * image.width // round(page.get_width())
            inside = (edge, edge, image.width - edge, image.height - edge)
            blank.paste(255, inside)
            if blank.getextrema()[0] < 250:
                found.append(number)
    finally:
        document.close()
    return found
