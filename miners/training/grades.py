"""The two grades of a domain are one training run: the novice is what it knew early on, the expert its end."""

VOCABULARY = 1024
SHAPE = dict(layers=3, width=96, heads=4, mlp=384)
SEED = 1
# Steps of 32 tasks. The novice's are whole chunks (`train.py`), about where half of the questions are answered: how long it
# takes until copying is learned, and with it almost everything, differs by domain.
STEPS = {
    "law": {"novice": 2048, "expert": 8192},
    "medicine": {"novice": 2176, "expert": 8192},
    "finance": {"novice": 2048, "expert": 8704},
}
