"""The kinds of violations, one `Kind` each: its id, and the texts for subject, property, expected, found and remedy.

Names in braces in a text stand for values of the violation.
"""
