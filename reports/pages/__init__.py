"""What all pages share: HTML, words in three languages, moments, certificates, outages."""
