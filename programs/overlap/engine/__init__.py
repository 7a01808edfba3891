"""The overlap engine: pure functions of two programs. No database, no Django but for the words of a sentence.

`facts` is what it knows of a program, `text` how texts are compared, `factors` what speaks for or against a pair,
`score` how that adds up for each kind, `weights.json` the numbers.
"""
