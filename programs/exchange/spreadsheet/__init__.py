"""Spreadsheets of programs: one table of columns (columns), read (files, facts) and written (template, export).

Nothing here changes the database; imports are services of programs.exchange.services.
"""
