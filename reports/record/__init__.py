"""`change-record.html`: what the runs of a change have done, for those who must answer for it."""
