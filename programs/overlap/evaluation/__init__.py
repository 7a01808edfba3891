"""How good the engine is: labelled sets, a scratch database to run it in, and the figures that come out.

`labelled` reads the files, `scratch` loads them into a database of their own, `trial` runs candidates and scores
there, `metrics` turns scores and labels into figures.
"""
