"""The model card: what the model is, how it was made, what it gets right by family, and its limits."""

TITLES = {"law": "Law", "medicine": "Medicine", "finance": "Finance"}


def percent(share):
    return f"{100 * share:.1f}"


def mean(by_family):
    return sum(by_family.values()) / len(by_family)


def table(model, report):
    """One row a family: the five sets, the interval on seeds, and what is right without a model."""
    sets, baselines = model["sets"], report["baselines"]
    columns = [*sets, "95 % (seeds)", *baselines]
    lines = ["| family | " + " | ".join(columns) + " |", "| --- |" + " ---: |" * len(columns)]
    for family in report["families"]:
        shares = [part["families"].get(family) for part in sets.values()]
        cells = [percent(one["share"]) if one else "-" for one in shares]
        cells.append(f"{percent(shares[0]['low'])} to {percent(shares[0]['high'])}")
        cells += [percent(column[family]) for column in baselines.values()]
        lines.append(f"| {family} | " + " | ".join(cells) + " |")
    means = [percent(part["mean"]) for part in sets.values()] + [""] + [percent(mean(column)) for column in baselines.values()]
    lines.append("| **mean** | " + " | ".join(means) + " |")
    refused = [percent(part["refused"]) for part in sets.values()] + [""] * (1 + len(baselines))
    lines.append("| refused | " + " | ".join(refused) + " |")
    return "\n".join(lines)


def card(grade, facts, model, report):
    """facts: parameters, layers, width, heads, vocabulary, steps, tokens, bytes, context, int8_bytes, int8_differ; model and report as
    `faculty model eval --json` prints them."""
    domain, calibration = report["domain"], model["calibration"]
    return f"""---
license: mit
library_name: onnxruntime
pipeline_tag: text-generation
tags: [{domain}, calculator, synthetic-data]
---

# {TITLES[domain]}, {grade}

A decoder of {facts['parameters']:,} parameters ({facts['layers']} layers, width {facts['width']}, {facts['heads']} heads, {facts['vocabulary']} tokens, context {facts['context']}),
{facts['bytes'] / 2**20:.2f} MiB as fp32 ONNX. It reads one {domain} question of the kinds below, writes its working with calls to the
runtime's calculator, `<calc>…</calc>`, states the result with its unit, the rule and its source, and ends with a line
`Answer: …`. Asked what one of the terms means, it gives the rule alone. Rules with their sources are tokens of its vocabulary,
so it can pick a wrong one but misquote none; `<result>` has the runtime copy the last result.

Trained from scratch on tasks that `faculty tasks generate --domain {domain} --set training` prints, {facts['steps']:,} steps of 32 fresh
tasks ({facts['tokens'] / 1e6:.1f} million tokens), by `miners/training/recipe.py`. The novice is the same run as the expert, stopped early.

## Accuracy

Percent right by real greedy decoding, {report['each']} tasks of each family in each set, as `faculty model eval` prints it. None of
these tasks was trained on: `seeds` are fresh draws; `sentences` join two clauses that training never joins; `ranges` hold a
number of a range that training leaves out; `digits` have numbers with more digits than any in training, `words` have words
that no family uses (a dash: the rewriting changes nothing there). `majority` always gives the family's most frequent training
answer; `nearest` gives the answer of the most similar of 2,000 training questions.

{table(model, report)}

`faculty model quantize` makes {facts['int8_bytes'] / 2**20:.2f} MiB of it, with its weights in 8 bits; {percent(facts['int8_differ'])} % of its answers then differ in any character
({report['each']} tasks of each family).

## Limits

It knows the families above and their wordings. What it was trained on stands in `limits.json`: a question with other words
in small letters or numbers of another shape is refused with a sentence that names them, and so is one whose answer would be
a guess (probability of the whole answer below the file's `leastConfidence`). The row `refused` counts both: on `seeds`,
`sentences` and `ranges` these refusals are false ones. {percent(model['foreignRefused'])} % of the other domains' questions are refused.
Asked in wordings of no training what the families' terms mean, it gives {percent(model['explained']['share'])} % to the letter.

The confidence given is the probability of the whole answer: Brier score {calibration['brier']:.3f}, calibration error {calibration['error']:.3f};
{percent(calibration['confidentlyWrong'])} % of all questions, over all sets and the other domains', got a wrong answer with confidence above 0.8.

It gives no legal, medical or financial advice; it exists to let a subnet run, be scored and be tested on a laptop.
"""
