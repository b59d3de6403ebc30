"""`change-record.html`: the record of a change's runs, for those who must answer for the change."""
