"""Every trust of a whole solution, written down anew from the procedure: whose certificate, whose store, what alias."""

from __future__ import annotations

from tests.runbook.probes import Trust, section_1
from tests.runbook.site_lab import SECOND, SiteLab

_NODES = "cucm finesse cuic live_data ids cuic_coresident cloud_connect vvb customer_collaboration"
_VOS = tuple(_NODES.split())
_CENTRAL = ("rogger", "router", "logger")


def whole(lab: SiteLab) -> list[Trust]:
    """Sections 1 to 4. A certificate authority's certificates have aliases of their own: none is given here."""
    return [*section_1(lab), *_second_stores(lab), *section_2(lab), *_to_vvbs(lab), *section_3(lab), *section_4(lab)]


def _tomcat(lab: SiteLab, fqdn: str) -> str:
    """Apache Tomcat, where the host has it."""
    return "Tomcat9" if (lab.folder(fqdn) / "running" / "Tomcat9").exists() else ""


def _second_stores(lab: SiteLab) -> list[Trust]:
    wsm = [edge for edge in section_1(lab) if edge.port == "wsm" and lab.release(edge.importer) in SECOND]
    return [
        Trust(one.importer, one.service, one.exporter, "wsm", SECOND[lab.release(one.importer)], one.alias)
        for one in wsm
    ]


def section_2(lab: SiteLab) -> list[Trust]:
    """To the ADS servers, to the CVP servers, to the PGs that talk to CUCM; `to_vvbs` has the rest of section 2."""
    beside_cvp = lab.of_role("cloud_connect", "vvb")
    publishers = [fqdn for fqdn in lab.of_role("cucm") if lab.hosts[fqdn]["node"] == "publisher"]
    pgs = [fqdn for fqdn in lab.of_role("pg") if lab.hosts[fqdn].get("cucm_pg")]
    return [
        *(
            Trust(ads, "Tomcat9", node, "tomcat", alias=node)
            for ads in lab.of_role("ads")
            for node in lab.of_role(*_VOS)
        ),
        *(
            Trust(cvp, "WebServicesManager", node, "tomcat", alias=node)
            for cvp in lab.of_role("cvp")
            for node in beside_cvp
        ),
        *(Trust(pg, _tomcat(lab, pg), cucm, "tomcat", alias=cucm) for pg in pgs for cucm in publishers),
    ]


def _to_vvbs(lab: SiteLab) -> list[Trust]:
    channels = {"http": ("Engine", "vxml"), "sip": ("SIP", "callserver_sip")}
    return [
        Trust(vvb, service, cvp, port)
        for vvb in lab.of_role("vvb")
        for channel, (service, port) in channels.items()
        if channel in lab.hosts[vvb]["trusts"]
        for cvp in lab.of_role("cvp")
    ]


def section_3(lab: SiteLab) -> list[Trust]:
    """IIS and Portico certificates, an ADS server's own too."""
    central, ads = lab.of_role(*_CENTRAL, "hds", "pg"), lab.of_role("ads")
    return [
        *(
            Trust(importer, "Tomcat9", exporter, port, alias=f"{exporter}_{port}")
            for importer in ads
            for exporter in (*central, *ads)  # its own too
            for port in ("iis", "dfp")
        ),
        *(Trust(importer, "Tomcat9", ece, "iis", alias=ece) for importer in ads for ece in lab.of_role("ece")),
        *(
            Trust(rogger, "Tomcat9", exporter, "iis", alias=f"{exporter}_iis")
            for rogger in lab.of_role(*_CENTRAL)
            for exporter in ads
        ),
    ]


def section_4(lab: SiteLab) -> list[Trust]:
    """Web services; one whose CA is known is trusted by that."""
    services = [one["fqdn"] for one in lab.inventory.get("web_services", [])]
    aliases = {fqdn: "" if lab.authorities(fqdn) else fqdn for fqdn in services}
    return [
        *(
            Trust(cvp, "vxmlserver", web, "", lab.call_flow_store(cvp), aliases[web])
            for cvp in lab.of_role("cvp")
            for web in services
        ),
        *(Trust(studio, "", web, "", "", aliases[web]) for studio in lab.of_role("call_studio") for web in services),
    ]
