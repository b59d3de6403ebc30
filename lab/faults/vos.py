"""Failures of VOS appliances on demand: kinds for `DIR/faults.json` beside those of `lab.faults.kinds`.

Of those kinds these hold for appliances too:

`wrong_password`, `locked_account`   the command line refuses the login, the pages show the form again; both look alike
`clock`                              the Date of the pages' answers
`unreachable`                        the SSH server's port; with `pages` requests to the web pages are dropped too
`power_cut`                          lines of the command line, and requests to the pages (`match` is searched in
                                     `POST /cmplatform/...` and their like): before they do anything, or `after` (1)
                                     all of it; with `torn` a page has removed entries, and not stored any
`slow`                               lines of the command line, `before` alone
`answers`                            lines of the command line; `says` alone, there are no exit codes
`drop_connection`                    the node logs the client out: `before` a line of the command line begins, or
                                     `after` (or `during`) it, and nothing of what it prints arrives; not for lines
                                     that ask something
`service_does_not_return`            with `hang` the service stays STARTING, else it is STOPPED

`match` is a regular expression (`re.search`), by default one that every text has.

kind                     options                           what happens
-----------------------  --------------------------------  -------------------------------------------------------------
upload_not_stored        [match] [times]                   the page reports success, the trust list stays as it is;
                                                           `match` is searched in the certificate's subject
older_upload_refused     [match] [times]                   an upload that is older than what is stored is refused in
                                                           words (else the page says success and keeps the newer one)
certificate_not_shown    [match] [times]                   the page of a certificate is there without the certificate;
                                                           `match` is searched in the certificate's name in the list
no_form_token            [times]                           a form of the web pages comes without its token, as when
                                                           they were asked too often
web_session_lost         [times]                           a request to the web pages finds its session timed out
broadcast                [match] [when] [at] [text]        something is told to everybody who is logged in: `echo`, in
                         [times]                           what the client types next, whatever that is, after `at`
                                                           characters; `during`, in the output of a command line, after
                                                           `at` characters; `after`, behind the prompt that follows.
                                                           What syslogd tells of emergencies unless there is a `text`
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lab.faults.kinds import Countable, OfCommands

# Written as by rsyslog, which ends its line with the two characters in reverse order.
OF_SYSLOGD = (
    "\nMessage from syslogd@appliance at Nov 30 11:02:17 ...\n kernel:[Hardware Error]: Machine check events logged\n\r"
)


class UploadNotStored(OfCommands):
    """The page reports success although nothing was stored."""

    kind: Literal["upload_not_stored"]


class OlderUploadRefused(OfCommands):
    """The page says that it keeps the newer certificate."""

    kind: Literal["older_upload_refused"]


class CertificateNotShown(OfCommands):
    """A download returns a page instead of a certificate."""

    kind: Literal["certificate_not_shown"]


class NoFormToken(Countable):
    """A form that cannot be sent."""

    kind: Literal["no_form_token"]


class WebSessionLost(Countable):
    """The session has timed out."""

    kind: Literal["web_session_lost"]


class Broadcast(OfCommands):
    """A message to everybody who is logged in."""

    kind: Literal["broadcast"]
    when: Literal["echo", "during", "after"] = "after"
    at: Annotated[int, Field(ge=0)] = 0
    text: str = OF_SYSLOGD


VosFault = UploadNotStored | OlderUploadRefused | CertificateNotShown | NoFormToken | WebSessionLost | Broadcast
