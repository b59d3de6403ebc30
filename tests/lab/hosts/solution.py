"""A small site with a host of every kind that is not in the site of two, half exchanged already."""

from __future__ import annotations

ROGGER, PG, ECE, CVPRPT = "rgra.sol.example", "pg1a.sol.example", "ece.sol.example", "cvprpt.sol.example"
STUDIO, CUCM, CUCM_SUB, VVB, CUIC = (
    "studio.sol.example",
    "ucmpub.sol.example",
    "ucmsub.sol.example",
    "vvb1.sol.example",
    "cuic1.sol.example",
)
CRM, TICKETS = "crm.sol.example", "tickets.sol.example"
SOLUTION = rf"""
site: solution
release: "12.6(2)"
certificate: {{organization: Solution}}
credentials:
  windows: {{username: 'SOL\runbook'}}
  vos: {{username: admin}}
  nobody: {{username: nobody}}
restart: {{cvp: {{at_once: 2}}, vvb: {{at_once: 1}}}}
hosts:
  - {{fqdn: {ROGGER}, role: rogger, side: A}}
  - {{fqdn: {PG}, role: pg, side: A, cucm_pg: true}}
  - {{fqdn: {ECE}, role: ece, side: A, managed: false, credential: nobody}}
  - {{fqdn: {CVPRPT}, role: cvp_reporting, side: A}}
  - {{fqdn: {STUDIO}, role: call_studio, side: A}}
  - {{fqdn: {CUCM}, role: cucm, node: publisher, ecdsa_leaf: true}}
  - {{fqdn: {CUCM_SUB}, role: cucm, node: subscriber}}
  - {{fqdn: {VVB}, role: vvb, node: publisher, side: A, trusts: [sip]}}
  - {{fqdn: {CUIC}, role: cuic_coresident, node: publisher, managed: false}}
web_services:
  - {{fqdn: {CRM}, port: 443, signed_by: private_ca}}
  - {{fqdn: {TICKETS}}}
exchanged:
  - {{importer: {ROGGER}, exporter: {CVPRPT}, port: wsm}}
  - {{importer: {ROGGER}, exporter: {PG}, port: dfp, alias: Util-pg1a-7890, is: superseded}}
  - {{importer: {ROGGER}, exporter: {CUCM}, port: tomcat, alias: "Old {CUCM}", is: superseded}}
  - {{importer: {ROGGER}, store: java_cacerts, exporter: {CVPRPT}, port: wsm, alias: wsm-of-the-past, is: superseded}}
  - {{importer: {CVPRPT}, exporter: {ROGGER}, port: iis, alias: AW_cert}}
  - {{importer: {CVPRPT}, alias: partner, is: foreign}}
  - {{importer: {STUDIO}, exporter: {ECE}, port: iis}}
  - {{importer: {VVB}, exporter: {CVPRPT}, port: callserver_sip}}
"""
