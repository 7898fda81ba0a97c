"""The model card: what the model is, how it was made, what it gets right by family, and its limits."""

TITLES = {"law": "Law", "medicine": "Medicine", "finance": "Finance"}


def percent(share):
    return f"{100 * share:.1f}"


def corrected(accuracy, chance):
    """What a validator pays for: accuracy above chance, on the means over the families."""
    return max(0.0, (mean(accuracy) - mean(chance)) / (1 - mean(chance)))


def mean(by_family):
    return sum(by_family.values()) / len(by_family)


def table(results):
    """results: column name → {family: share}."""
    columns = list(results)
    lines = ["| family | " + " | ".join(columns) + " |", "| --- |" + " ---: |" * len(columns)]
    for family in results[columns[0]]:
        lines.append(f"| {family} | " + " | ".join(percent(results[column][family]) for column in columns) + " |")
    lines.append("| **mean** | " + " | ".join(f"**{percent(mean(results[column]))}**" for column in columns) + " |")
    return "\n".join(lines)


def card(domain, grade, facts, results, count):
    """facts: parameters, layers, width, heads, vocabulary, steps, tokens, bytes, context."""
    earns = corrected(results[grade], results["chance"])
    return f"""---
license: mit
library_name: onnxruntime
pipeline_tag: text-generation
tags: [{domain}, calculator, synthetic-data]
---

# {TITLES[domain]}, {grade}

A decoder of {facts['parameters']:,} parameters ({facts['layers']} layers, width {facts['width']}, {facts['heads']} heads, {facts['vocabulary']} tokens, context {facts['context']}),
{facts['bytes'] / 2**20:.2f} MiB as fp32 ONNX. It reads one {domain} question of the kinds below, writes its working with calls to the
runtime's calculator, `<calc>…</calc>`, and ends with a line `Answer: …`.

Trained from scratch on tasks that `faculty tasks generate --domain {domain}` prints, {facts['steps']:,} steps of 32 fresh tasks
({facts['tokens'] / 1e6:.1f} million tokens), by `miners/training/recipe.py`. The two grades, expert and novice, differ in the number of
steps alone; each has its own full learning-rate schedule.

## Accuracy

Percent right on {count} held-out tasks (another seed than any trained on), by real greedy decoding with the calculator in
the loop. `majority` always gives the family's most frequent training answer; `nearest` gives the answer of the most
similar of 5,000 training questions.

{table(results)}

Above chance, (accuracy - chance) / (1 - chance) on the means, this model earns {percent(earns)} %.

## Limits

It knows the families above and their wordings, nothing else: other questions get a fluent and wrong answer, as do
numbers longer than those it was trained on and words it never met. It gives no legal, medical or financial advice; it
exists to let a subnet run, be scored and be tested on a laptop.
"""
