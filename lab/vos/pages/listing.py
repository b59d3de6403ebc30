"""The certificate list: its rows, their search, the page that is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# The columns in their order, each with the name that forms and addresses use for it.
COLUMNS = {
    "certificate": "Certificate",
    "commonName": "Common Name",
    "type": "Type",
    "keyType": "Key Type",
    "distribution": "Distribution",
    "issuedBy": "Issued By",
    "expiration": "Expiration",
    "description": "Description",
}
# The relation of the cell to the searched text, with the words of the page. Case does not count.
OPERATORS: Mapping[str, tuple[str, Callable[[str, str], bool]]] = {
    "beginsWith": ("begins with", str.startswith),
    "contains": ("contains", str.__contains__),
    "endsWith": ("ends with", str.endswith),
    "isExactly": ("is exactly", str.__eq__),
    "isEmpty": ("is empty", lambda cell, _: not cell),
    "isNotEmpty": ("is not empty", lambda cell, _: bool(cell)),
}
ROWS_PER_PAGE = (10, 25, 50, 100, 150, 200, 250)
# Any of these in a request asks for rows; without one the list is empty, as it is until Find is pressed.
ASKING = ("findButton", "pageNumber", "rowsPerPage", "sortColumn")


@dataclass(frozen=True)
class Row:
    """One certificate of the list; `path` is how the other pages name it."""

    certificate: str
    common_name: str
    type: str
    key_type: str
    distribution: str
    issued_by: str
    expires: date
    description: str
    path: str

    @property
    def cells(self) -> Mapping[str, str]:
        """The texts of its columns, by the columns' names."""
        expiration = f"{self.expires:%m/%d/%Y}"
        texts = (self.certificate, self.common_name, self.type, self.key_type, self.distribution, self.issued_by)
        return dict(zip(COLUMNS, (*texts, expiration, self.description), strict=True))


@dataclass(frozen=True)
class Query:
    """The search and the display of the list. `page` counts from 1."""

    asked: bool = False
    field: str = "certificate"
    operator: str = "beginsWith"
    text: str = ""
    rows_per_page: int = 50
    page: int = 1
    sort: str = "certificate"
    ascending: bool = True

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Query:
        """Return the query of a request; missing or wrong parameters are as on the first visit."""
        first = cls()
        rows = _number(parameters.get("rowsPerPage", ""))
        return cls(
            asked=any(name in parameters for name in ASKING),
            field=_one_of(COLUMNS, parameters.get("searchField0"), first.field),
            operator=_one_of(OPERATORS, parameters.get("searchLimit0"), first.operator),
            text=parameters.get("searchString0", ""),
            rows_per_page=rows if rows in ROWS_PER_PAGE else first.rows_per_page,
            page=max(_number(parameters.get("pageNumber", "")), 1),
            sort=_one_of(COLUMNS, parameters.get("sortColumn"), first.sort),
            ascending=parameters.get("sortAscend", "true").lower() != "false",
        )

    def fits(self, row: Row) -> bool:
        """True if the search finds a row.

        An empty text is no condition, except for the two operators about empty cells.
        """
        if not self.text and "Empty" not in self.operator:
            return True
        return OPERATORS[self.operator][1](row.cells[self.field].lower(), self.text.strip().lower())

    def parameters(self, **other: object) -> dict[str, str]:
        """Return the address parameters of this query, with some of them changed."""
        said = {
            "searchField0": self.field,
            "searchLimit0": self.operator,
            "searchString0": self.text,
            "rowsPerPage": self.rows_per_page,
            "pageNumber": self.page,
            "sortColumn": self.sort,
            "sortAscend": str(self.ascending).lower(),
        }
        return {name: str(value) for name, value in (said | other).items()}


@dataclass(frozen=True)
class Page:
    """The rows that are shown, out of `found`; `first` counts from 1, 0 when there is nothing."""

    rows: Sequence[Row]
    found: int
    first: int
    number: int
    count: int

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0


def page_of(rows: Sequence[Row], query: Query) -> Page:
    """Return the part of these rows that the list shows. A page beyond the last is the last."""
    found = [row for row in rows if query.fits(row)]
    found.sort(key=_order(query.sort), reverse=not query.ascending)
    count = max(-(-len(found) // query.rows_per_page), 1)
    number = min(query.page, count)
    start = (number - 1) * query.rows_per_page
    shown = found[start : start + query.rows_per_page]
    return Page(shown, len(found), start + 1 if shown else 0, number, count)


def _order(column: str) -> Callable[[Row], tuple[str, str]]:
    def key(row: Row) -> tuple[str, str]:
        text = row.expires.isoformat() if column == "expiration" else row.cells[column].lower()
        return text, row.path

    return key


def _one_of(known: Mapping[str, object], wanted: str | None, otherwise: str) -> str:
    return wanted if wanted is not None and wanted in known else otherwise


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
