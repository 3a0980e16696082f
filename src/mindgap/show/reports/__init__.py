"""Reports: tables of what a page shows, as files for spreadsheets and for programs."""
