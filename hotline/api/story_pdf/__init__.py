"""One ticket's story as a document to print and file; its fonts are inside, so it looks the same everywhere."""

from typing import Any

from hotline.api.story_pdf import sections
from hotline.api.story_pdf.paper import Paper

__all__ = ["draw"]


def draw(story: dict[str, Any]) -> bytes:
    """The PDF of what hotline.api.story told."""
    paper = Paper(story["city"], story["ticket"]["number"])
    for section in sections.ALL:
        section(paper, story)
    return bytes(paper.output())
