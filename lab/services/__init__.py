"""Services, whatever system they run on: started and stopped, with calls, on a power supply."""
