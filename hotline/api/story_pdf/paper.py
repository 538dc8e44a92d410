"""The paper: A4, one Chinese typeface, head and foot of each page, and the few shapes that the sections are made of."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pylopdf_fonts_zh_cn
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableCellFillMode, WrapMode, XPos, YPos
from fpdf.fonts import FontFace

SANS = "sans"
INK, GREY, RULE, SHADE = (20, 24, 31), (96, 103, 115), (150, 30, 30), (243, 244, 246)
RED = (176, 26, 26)
SMALLEST = 3.5
"""Line height (mm) of the smallest print."""
PIECE = re.compile(r"[!-~]{1,70}|.")
"""What is never broken: a word or number, unless it is too long for any line."""
HANGS = frozenset("，。、；：！？）》」』”’,.;:!?)%")
"""Marks that close; rather than begin a line they hang over the end of the one before."""


class Paper(FPDF):
    """A work order in many pages."""

    def __init__(self, city: str, number: str) -> None:
        super().__init__(format="A4")
        self.number = number
        self.city = city
        self.add_font(SANS, fname=pylopdf_fonts_zh_cn.sans_path())
        self.set_margins(18, 18)
        self.set_auto_page_break(True, margin=18)
        self.set_title(f"{_('Record of ticket')} {number}")
        self.set_creator("12345")
        self.set_lang("zh-CN")
        self.add_page()

    def header(self) -> None:
        """From the second page on: whose paper it is and which ticket."""
        if self.page_no() == 1:
            return
        self._small()
        self.cell(0, 5, self.city + " 12345", align="L")
        self.set_x(self.l_margin)
        self.cell(0, 5, self.number, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_draw_color(*SHADE)
        self.line(self.l_margin, self.get_y() + 1, self.w - self.r_margin, self.get_y() + 1)
        self.ln(4)

    def footer(self) -> None:
        """Which page of how many."""
        self.set_y(-13)
        self._small()
        self.cell(0, 5, _("Page %(page)s of %(pages)s") % {"page": self.page_no(), "pages": "{nb}"}, align="C")

    def _small(self) -> None:
        self.set_font(SANS, size=8)
        self.set_text_color(*GREY)

    def masthead(self, title: str, below: str) -> None:
        """The city's name, the title between two rules, and whose copy it is."""
        self.set_text_color(*RULE)
        self.set_font(SANS, size=15)
        self._across(f"{self.city}12345", 9, align="C")
        self.set_draw_color(*RULE)
        self.set_line_width(0.6)
        self.line(self.l_margin, self.get_y() + 1, self.w - self.r_margin, self.get_y() + 1)
        self.set_line_width(0.2)
        self.line(self.l_margin, self.get_y() + 2.2, self.w - self.r_margin, self.get_y() + 2.2)
        self.ln(7)
        self.set_text_color(*INK)
        self.set_font(SANS, size=19)
        self._across(title, 11, align="C")
        self._small()
        self._across(below, 5, align="C")
        self.ln(2)

    def heading(self, text: str) -> None:
        """A section begins; never alone at the foot of a page."""
        if self.get_y() > self.h - 45:
            self.add_page()
        self.ln(3)
        self.set_fill_color(*RULE)
        self.rect(self.l_margin, self.get_y() + 1.2, 1.2, 4.6, style="F")
        self.set_text_color(*INK)
        self.set_font(SANS, size=12)
        self.set_x(self.l_margin + 3.5)
        self.cell(0, 7, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def paragraph(self, text: str) -> None:
        """Words of citizens and units."""
        self.set_text_color(*INK)
        self.set_font(SANS, size=10.5)
        self._across(text, 6)
        self.ln(1)

    def line_of(self, text: str, *, red: bool = False) -> None:
        """One line of plain record."""
        self.set_text_color(*(RED if red else INK))
        self.set_font(SANS, size=9.5)
        self._across(text, 5.2)

    def fine(self, text: str, *, indent: float = 0, height: float = 4.2, size: float = 8) -> None:
        """Small grey print: reckonings, data, hashes."""
        self.set_text_color(*GREY)
        self.set_font(SANS, size=size)
        self.set_x(self.l_margin + indent)
        self._across(text, height)

    def hash_line(self, label: str, digest: str, *, indent: float = 0) -> None:
        """A hash in the smallest print, never broken."""
        self.fine(f"{label} {digest}", indent=indent, height=SMALLEST, size=6.8)

    def keep_together(self, height: float) -> None:
        """Begin a new page rather than break what is `height` mm high."""
        if self.will_page_break(height):
            self.add_page()

    def fields(self, pairs: Iterable[tuple[str, Any]]) -> None:
        """Names and values, two pairs in a row."""
        shown = [(name, str(value)) for name, value in pairs if value not in (None, "", [])]
        shown += [("", "")] * (len(shown) % 2)
        rows = [(*left, *right) for left, right in zip(shown[::2], shown[1::2], strict=True)]
        self.grid(rows, widths=(22, 65, 22, 65), shaded=(0, 2))

    def grid(
        self,
        rows: Sequence[Sequence[str]],
        *,
        widths: tuple[float, ...],
        head: Sequence[str] = (),
        shaded: tuple[int, ...] = (),
    ) -> None:
        """A ruled table; `shaded` columns hold names."""
        self.set_font(SANS, size=8)
        self.set_text_color(*INK)
        self.set_draw_color(205, 208, 214)
        self.set_fill_color(255)
        self.set_line_width(0.2)
        names = FontFace(color=GREY, fill_color=SHADE)
        with self.table(
            col_widths=widths,
            line_height=5,
            padding=1,
            first_row_as_headings=bool(head),
            headings_style=FontFace(color=GREY, fill_color=SHADE),
            borders_layout=TableBordersLayout.ALL,
            cell_fill_mode=TableCellFillMode.NONE,
            text_align="LEFT",
            wrapmode=WrapMode.CHAR,
        ) as table:
            for cells in [head, *rows] if head else rows:
                row = table.row()
                for place, text in enumerate(cells):
                    row.cell(text, style=names if place in shaded and cells is not head else None)
        self.ln(1)

    def _across(self, text: str, height: float, align: str = "L") -> None:
        left = self.x
        for line in self._wrapped(text, self.w - self.r_margin - left - 2 * self.c_margin):
            self.set_x(left)
            self.cell(0, height, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _wrapped(self, text: str, width: float) -> Iterator[str]:
        """Lines as Chinese is set: broken between any two characters, but no word, and no mark begins a line."""
        for paragraph in text.splitlines() or [""]:
            line, used = "", 0.0
            for piece in PIECE.findall(paragraph):
                wide = self.get_string_width(piece)
                if used + wide > width and line and piece not in HANGS:
                    yield line
                    line, used = "", 0.0
                line, used = line + piece, used + wide
            yield line
