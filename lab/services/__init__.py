"""The services of any system: their start and stop, their calls and their power supply."""
