"""Judgements: they return violations as data and change nothing."""
