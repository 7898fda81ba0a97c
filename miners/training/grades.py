"""What the two grades of a domain share and where they differ: the training budget, nothing else."""

VOCABULARY = 800
SHAPE = dict(layers=3, width=96, heads=4, mlp=256)
# Steps of 32 tasks. Each grade has its own full schedule, warm-up to decay.
GRADES = {
    "expert": dict(steps=8000, seed=1),
    "novice": dict(steps=1200, seed=2),
}
