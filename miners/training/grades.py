"""What the two grades of a domain share and where they differ: the training budget, nothing else."""

VOCABULARY = 1024
SHAPE = dict(layers=3, width=96, heads=4, mlp=384)
SEEDS = {"expert": 1, "novice": 2}
# Steps of 32 tasks. Each has its own full schedule, warm-up to decay. How long it takes until copying is learned, and
# with it almost everything, differs by domain, so a novice's budget does too.
STEPS = {
    "law": {"expert": 6000, "novice": 800},
    "medicine": {"expert": 6000, "novice": 1025},
    "finance": {"expert": 6000, "novice": 950},
}
