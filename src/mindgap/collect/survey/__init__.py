"""Answering pages: the logic of a survey, what was filled in, the page, and what is handed over at the end."""
