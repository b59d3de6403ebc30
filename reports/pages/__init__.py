"""The common parts of all documents: HTML, words by language, terminal columns, moments, certificates, files."""
