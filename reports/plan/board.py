"""The first page of a plan: scope, impact, risk, duration and rollback, in sentences for the board."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from fixtures.run.restart_times import MeasuredRun, earlier_runs, latest
from fixtures.system.plain_files import read_plain
from fixtures.tables.roles import WINDOWS_ROLES
from reports.pages.moments import day, moment, span
from reports.pages.wording import Words
from reports.plan.content import MAKES, Plan, Share
from reports.plan.gaps import Gap
from reports.plan.waves import InWave, Restarting, Wave, in_wave, waves
from reports.verification import verification

_UPLOADS = "x2.4"  # the step whose importers (VVBs) hold only one certificate per common name


@dataclass(frozen=True)
class Board:
    """The sentences about a plan; `out`: the folder with the evidence of all changes."""

    plan: Plan
    out: Path
    say: Words

    @cached_property
    def earlier(self) -> tuple[MeasuredRun, ...]:
        """The measured earlier runs of this site."""
        return earlier_runs(self.out, self.plan.site)

    @cached_property
    def waves(self) -> list[Wave]:
        """The waves of restarts."""
        return waves(self.plan, latest(self.earlier))

    # -- scope --------------------------------------------------------------------------------------------------------

    @property
    def scope(self) -> Iterator[str]:
        """The hosts that are changed, and the certificates that are renewed."""
        if self.plan.nothing_to_do:
            yield self.say("plan.scope.nothing")
            return
        roles = Counter(self.plan.role(host) for host in self.plan.changed)
        changed = self._listed(f"{number} × {self.role(role)}" for role, number in roles.items())
        yield self.say("plan.scope.hosts", number=len(self.plan.changed), roles=changed)
        yield self.say("plan.scope.numbers", **asdict(self.plan.numbers))
        alike: dict[str, list[str]] = {}
        for share in self._making:
            alike.setdefault(self._listed(self.plan.made_anew(share)), []).append(share.host)
        for named, hosts in alike.items():
            yield self.say("plan.scope.renewed", hosts=self._listed(hosts), aliases=named)
        if self._making:
            certificate = _mapping(self.plan.inventory.get("certificate"))
            rule = str(certificate.get("renew", "needed"))
            key = "plan.scope.all" if rule == "all" else "plan.scope.needed"
            yield self.say(key, days=certificate.get("renew_below_days", 180))
        if self.plan.observed is not None and not self.plan.is_rollback:
            observed = self.plan.observed
            yield self.say("plan.scope.trusted", number=len(observed.trusted), coming=len(observed.coming))

    @cached_property
    def _making(self) -> list[Share]:
        """The shares of step 1.1.iii, which renews certificates."""
        return [share for share in self.plan.due if share.step == MAKES]

    def _listed(self, texts: Iterable[str]) -> str:
        return self.say("mark.comma").join(texts)

    def role(self, role: str) -> str:
        """Return a role in the words of the catalogue."""
        return self.say.or_else(f"role.{role}", role)

    # -- impact -------------------------------------------------------------------------------------------------------

    @property
    def impact(self) -> Iterator[str]:
        """The effects that callers and agents notice, by the roles that restart."""
        roles = dict.fromkeys(host.role for wave in self.waves for host in wave.hosts)
        if not roles:
            yield self.say("plan.impact.none")
            return
        drained = {host.role for wave in self.waves for host in wave.hosts if host.drain_minutes}
        for role in roles:
            text = self.say.or_else(f"plan.impact.{role}", self.say("plan.impact.other"))
            text = self.say.or_else(f"plan.documented.{role}", text) if self.plan.documented else text
            if role in drained:
                text = self.say.or_else(f"plan.impact.drained_{role}", self.say("plan.impact.drained_cce"))
            yield f"{self.role(role)}{self.say('mark.colon')}{text}"
        if self.plan.options.get("accept_outage"):
            yield self.say("plan.impact.accepted")
        if self.plan.documented:
            yield self.say("plan.documented.again")
            yield self.gaps_told
            return
        if not self.plan.options.get("accept_outage"):
            yield self.say("plan.impact.trust")
        uploads = [share for share in self.plan.due if share.step == _UPLOADS and share.restarts]
        if self.plan.may_restart_twice:
            yield self.say("plan.impact.twice")
        if uploads:
            yield self.say("plan.impact.exception")
        yield from self._between_sides(uploads)

    @property
    def gaps_told(self) -> str:
        """The number of trusts that will not work for a while, and whether those that work now were observed."""
        key = "seen" if self.plan.gaps_were_looked_for else "unseen"
        return self.say(f"plan.documented.{key if self.gaps else 'none'}", number=len(self.gaps))

    @cached_property
    def gaps(self) -> list[tuple[Gap, InWave, InWave]]:
        """The trusts that do not work for a while, each with the shares at its beginning and its end."""
        return [(gap, in_wave(gap.since, self.waves), in_wave(gap.until, self.waves)) for gap in self.plan.named_gaps]

    def _between_sides(self, uploads: Iterable[Share]) -> Iterator[str]:
        """Yield the trusts that may fail for a while: of each VVB, those in CVP servers of the other side."""
        for share in uploads:
            side = self.plan.side(share.host)
            exporters = dict.fromkeys(name for work in share.work for name in work.subjects)
            others = [name for name in exporters if self.plan.side(name) not in ("", side)]
            if others:
                yield self.say("plan.impact.exception_of", vvb=share.host, side=side, cvp=self._listed(others))

    # -- risk ---------------------------------------------------------------------------------------------------------

    @property
    def accepted(self) -> Iterator[str]:
        """The risks that the inventory accepts, each with its reason."""
        for one in _list(self.plan.inventory.get("accept")):
            rule = str(one.get("rule", ""))
            known = self.say.or_else(f"rule.{rule.lower().replace(' ', '_')}", rule)
            told = {key: one.get(key, "") for key in ("host", "kind", "reason")}
            yield self.say("plan.risk.accepted", **told, rule=known)

    @property
    def over_http(self) -> Iterator[str]:
        """The hosts that are reached over WinRM http, and the risk of that."""
        hosts = [fqdn for fqdn, host in self.plan.hosts.items() if self._is_reached_over_http(host)]
        if hosts:
            yield self.say("plan.risk.over_http", hosts=self._listed(hosts))

    def _is_reached_over_http(self, host: Mapping[str, Any]) -> bool:
        if host.get("role") not in WINDOWS_ROLES or host.get("managed") is False:
            return False
        return _mapping(host.get("winrm") or self.plan.inventory.get("winrm")).get("scheme") == "http"

    # -- duration -----------------------------------------------------------------------------------------------------

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """The change window; None if the inventory has none."""
        window = self.plan.change("window")
        try:
            return datetime.fromisoformat(str(window["begin"])), datetime.fromisoformat(str(window["end"]))
        except (TypeError, KeyError, ValueError):
            return None

    @property
    def restarts_seconds(self) -> float | None:
        """The seconds that all waves take, one after the other; None if one was never measured."""
        known = [wave.seconds for wave in self.waves if wave.seconds is not None]
        return sum(known) if len(known) == len(self.waves) else None

    @property
    def drain_seconds(self) -> float:
        """The seconds allowed for calls to end, at most, over all waves."""
        return sum(wave.drain_seconds for wave in self.waves)

    def calls(self, host: Restarting) -> str:
        """Say what becomes of the calls on a host that restarts; empty if the plan does not tell."""
        if not host.calls:
            return ""
        told = self.say(f"plan.calls.{host.calls}", took=span(self.say, 60 * host.drain_minutes))
        if not host.drain_minutes:
            return told
        return f"{told} {self.say('plan.calls.counted' if host.counted else 'plan.calls.uncounted')}"

    @property
    def duration(self) -> Iterator[str]:
        """The expected duration by earlier measurements, compared with the change window."""
        if self.plan.nothing_to_do:
            yield self.say("plan.impact.none")
            return
        whole = max((run for run in self.earlier if run.whole), key=lambda run: run.seconds, default=None)
        restarts = self.restarts_seconds
        if whole is not None:
            yield self.say("plan.duration.whole", took=span(self.say, whole.seconds), day=day(whole.began))
        if restarts is not None and self.waves:
            yield self.say("plan.duration.restarts", waves=len(self.waves), took=span(self.say, restarts))
        elif self.waves:
            yield self.say("plan.duration.unknown", waves=len(self.waves))
        if self.drain_seconds:
            yield self.say("plan.duration.drain", took=span(self.say, self.drain_seconds))
        if self.window is None:
            yield self.say("plan.duration.no_window")
            return
        begin, end = self.window
        length = (end - begin).total_seconds()
        yield self.say("plan.duration.window", begin=moment(begin), end=moment(end), length=span(self.say, length))
        known = whole.seconds if whole is not None else restarts
        if known is not None and self.waves:
            fits = known + self.drain_seconds <= length
            yield self.say("plan.duration.fits" if fits else "plan.duration.too_long")

    # -- the rollback -------------------------------------------------------------------------------------------------

    @property
    def old_until(self) -> Iterator[str]:
        """The first expiry date among the certificates that a rollback would bring back, as last seen at this site."""
        if self.plan.observed is not None and (seen_now := [one for one in self.plan.observed.renewed if one.ends]):
            old = min(seen_now, key=lambda one: one.not_after)
            yield self.say("plan.back.until_seen", day=old.ends, host=old.host, kind=old.kind)
            return
        renewed = {share.host for share in self._making}
        looks = (
            (look, [one for one in _list(look.get("certificates")) if one.get("host") in renewed])
            for look in self._looks()
        )
        seen, known = max((one for one in looks if one[1]), key=lambda one: str(one[0].get("when")), default=({}, []))
        if not known:
            yield self.say("plan.back.unknown")
            return
        first = min(known, key=lambda one: str(one.get("not_after")))
        facts = {"host": first.get("host", ""), "kind": first.get("kind", "")}
        yield self.say(
            "plan.back.until", day=str(first.get("not_after"))[:10], seen=str(seen.get("when"))[:10], **facts
        )

    def _looks(self) -> Iterator[Mapping[str, Any]]:
        """Yield the content of each verification.json of this site, except those of rehearsals."""
        for path in self.out.glob(f"*/{verification.NAME}"):
            try:
                content = json.loads(read_plain(path))
            except (OSError, ValueError, RecursionError):
                continue
            if (
                isinstance(content, dict)
                and content.get("site") == self.plan.site
                and content.get("kind") != "rehearsal"
            ):
                yield content

    # -- others -------------------------------------------------------------------------------------------------------

    @property
    def holders(self) -> Iterator[tuple[str, str]]:
        """The holders of a host's certificates outside the trust table, and who updates them: host and text."""
        for fqdn, host in self.plan.hosts.items():
            for one in _list(host.get("also_trusted_by")):
                facts = {key: one.get(key, "") for key in ("who", "how", "done_by")}
                yield fqdn, self.say("plan.others.holder", **facts)
        for line in self.plan.observed.elsewhere if self.plan.observed is not None else ():
            fqdn, _, what = line.partition(" ")
            yield fqdn, self.say("plan.others.elsewhere", what=what)

    @property
    def alarms(self) -> str:
        """The hosts whose alarms should be silenced: those that restart."""
        return self._listed(dict.fromkeys(host.host for wave in self.waves for host in wave.hosts))

    @property
    def abort_if(self) -> list[str]:
        """The conditions under which the change is abandoned, from the inventory."""
        found = self.plan.change("abort_if")
        return list(map(str, found)) if isinstance(found, list) else []

    @property
    def contacts(self) -> list[Mapping[str, Any]]:
        """The people to call, from the inventory."""
        return list(_list(self.plan.change("contacts")))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Iterable[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
