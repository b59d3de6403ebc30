"""Tests of the documents that are made of evidence."""
