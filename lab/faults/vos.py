"""Failures of VOS appliances on demand: kinds for `DIR/faults.json` beside those of `lab.faults.kinds`.

Of those kinds these work on appliances too:

`wrong_password`, `locked_account`   the command line refuses the login, the pages show the login form again; a client
                                     cannot tell the two apart
`clock`                              the Date of the pages' answers
`unreachable`                        the SSH server's port; with `pages`, requests to the web pages are dropped too
`power_cut`                          command lines, and requests to the pages (`match` is searched in texts such as
                                     `POST /cmplatform/...`): the power fails before they do anything, or with `after`
                                     (1) when all is done; with `torn`, a page has removed entries but stored none
`slow`                               command lines; only `before`
`answers`                            command lines; only `says`, there are no exit codes
`drop_connection`                    the node logs the client out `before` a command line begins, or `after` (or
                                     `during`) it: then nothing that it prints arrives; not for lines that ask a
                                     question
`service_does_not_return`            with `hang` the service stays STARTING, else it is STOPPED

`match` is a regular expression (`re.search`); the default matches everything.

kind                     options                           what happens
-----------------------  --------------------------------  -------------------------------------------------------------
upload_not_stored        [match] [times]                   the page reports success, but the trust list stays as it is;
                                                           `match` is searched in `CN=` and its common name
older_upload_refused     [match] [times]                   an upload older than the stored certificate is refused with
                                                           a message (else the page reports success and keeps the newer
                                                           one)
certificate_not_shown    [match] [times]                   a download returns a page instead of the certificate;
                                                           `match` is searched in the certificate's name in the list
no_form_token            [times]                           a form of the web pages comes without its token, as after
                                                           too many requests
web_session_lost         [times]                           a request to the web pages finds its session timed out
broadcast                [match] [when] [at] [text]        a message to all logged-in users appears: `echo`: in the
                         [times]                           echo of what the client types next, after `at` characters
                                                           (`match` is ignored); `during`: in the output of a command
                                                           line, after `at` characters; `after`: behind the next
                                                           prompt. The default `text` is an emergency of syslogd
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
    """The page reports that it keeps the newer certificate."""

    kind: Literal["older_upload_refused"]


class CertificateNotShown(OfCommands):
    """A download returns a page instead of a certificate."""

    kind: Literal["certificate_not_shown"]


class NoFormToken(Countable):
    """A form comes without its token, so it cannot be sent."""

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
