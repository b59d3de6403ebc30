"""The tests of the project itself; they mirror the rooms. (The runbook is the product, not its tests.)"""
