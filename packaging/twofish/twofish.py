"""Stands in for the C extension `twofish`: pyjks imports it only to decrypt UBER keystores."""

raise ImportError("UBER keystores need the C extension 'twofish', which this project does without; it reads JKS and JCEKS")
