"""The common part of all pages: HTML, words in three languages, moments, certificates, outages."""
