"""The web pages of an appliance: OS Administration (`/cmplatform`) with login and certificate management.

What no source shows of them is a guess, and `lab/vos/GUESSES.md` lists it.
"""

from lab.vos.pages.server import PagesServer, serve_pages

__all__ = ["PagesServer", "serve_pages"]
