"""The kinds of violations: a row each, with its sentence. Texts name values in braces.

A row has an id, the subject, the property, what was expected, what was found, and the remedy.
"""
