"""How rates come into the table: from their sources each night, from a file, by hand; each change is kept.

`readings` says what a rate that was read is; `ecb` and `hmrc` read the files of two sources, which `providers` lists;
`fetching` asks them; `storing` is the one way into the table; `uploads` reads the files of administrators; `state` is
what they are shown.
"""
