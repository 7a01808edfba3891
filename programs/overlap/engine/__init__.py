"""The overlap engine: pure functions of two programs. No database, no Django.

`facts` is what it knows of a program; `segments`, `encoder` and `taxonomy` make of its texts a `reading`; `profile` is
all that is compared of a program in whole numbers; `table` holds many of them, `factors` compares many pairs at once,
`score` adds that up for each kind with the numbers of weights.json, `evidence` says what a flagged pair's sentences
need to know; `fitting` finds the numbers. How good it is: docs/overlap-engine.md.
"""
