from __future__ import annotations

import pytest

from reports.allure_report.page import POLICY, STYLE, PageError, check, closed

HEAD = '<!DOCTYPE html>\n<html><head>\n<link rel="icon" href="data:image/svg+xml,%3Csvg"></head><body>'
OPTIONS = '<script>\n  window.allureReportOptions = {"reportName":"googletagmanager gtag("}\n</script>'
PROGRAM = '<script  src="data:text/javascript;base64,Zm9v"></script>'
TAG = """<script async src="https://www.googletagmanager.com/gtag/js?id=G-LNDJ3J7WT0"></script>
<script>
    window.dataLayer = window.dataLayer || [];
    function gtag(){dataLayer.push(arguments);}
    gtag('config', 'G-LNDJ3J7WT0', {"report": "awesome"});
</script>"""
DATA = """<script defer>
  Promise.allSettled([d("data/attachments/a.txt","Z3RhZyg=gtag(")])
</script>"""
TAIL = "</body></html>"


def test_both_scripts_of_the_tag_go_and_everything_else_stays() -> None:
    html = closed(HEAD + OPTIONS + PROGRAM + TAG + DATA + TAIL)
    assert html == (HEAD + OPTIONS + PROGRAM + "\n" + DATA + TAIL).replace(
        "<head>", f'<head>\n    <meta http-equiv="Content-Security-Policy" content="{POLICY}">\n{STYLE}'
    )


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("<script>gtag('config')</script>", "gtag"),
        ('<script src="https://example.com/a.js"></script>', "from outside: https://example.com/a.js"),
        ('<script async src="//example.com/a.js"></script>', "from outside: //example.com/a.js"),
        ("<script src=a.js></script>", "from outside: a.js"),
        ('<link rel="stylesheet" href="styles.css">', "from outside: styles.css"),
        ("<img src='http://example.com/pixel'>", "from outside"),
        ('<iframe src="https://example.com"></iframe>', "from outside"),
        ("<noscript>google-analytics</noscript>", "google-analytics"),
    ],
)
def test_what_could_reach_the_network_is_not_let_through(rest: str, message: str) -> None:
    with pytest.raises(PageError, match=message.replace("(", r"\(")):
        closed(HEAD + rest + TAIL)


def test_an_unknown_page_is_refused() -> None:
    with pytest.raises(PageError, match="no <head>"):
        closed("<html></html>")


def test_a_page_without_the_policy_is_refused() -> None:
    with pytest.raises(PageError, match="no Content-Security-Policy"):
        check(HEAD + TAIL)
