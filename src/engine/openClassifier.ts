import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { parseJson } from '../base/parse.ts'
import type { Classifier, LabelProbability } from './encoder.ts'
import { EngineError } from './engineError.ts'
import { rowFloats } from './rowLogits.ts'
import { type OpenTextModelOptions, openTextModel } from './textModel.ts'

const configSchema = z.looseObject({
  id2label: z.record(z.string(), z.string()),
  problem_type: z.string().nullish(),
})

/**
 * Opens a text classifier: one label of several (softmax), or any number of them where `config.json` says
 * `multi_label_classification` (a sigmoid each).
 *
 * @throws EngineError `bad-model`, `no-device`; InputError where a file of the folder cannot be used
 */
export async function openClassifier(options: OpenTextModelOptions): Promise<Classifier> {
  const text = await openTextModel(options, ['logits'], ({ value, rows }) => rowFloats(value, rows.length))
  try {
    const file = join(text.path, 'config.json')
    const config = parseJson(configSchema, await readFile(file, 'utf8'), file)
    const labels = Object.keys(config.id2label).map((_, id) => {
      const label = config.id2label[String(id)]
      if (label !== undefined) return label
      throw new EngineError(`${file}: id2label has no label ${id}`, { code: 'bad-model', path: file })
    })
    const probabilities = config.problem_type === 'multi_label_classification' ? sigmoids : softmax
    return {
      model: text.model,
      labels,
      classify: async (asked, signal) => {
        const logits = await text.read(asked, signal)
        if (logits.length !== labels.length || !logits.every(Number.isFinite)) {
          const message = `the model gave ${logits.length} logits for ${labels.length} labels, or no numbers`
          throw new EngineError(message, { code: 'bad-output' })
        }
        const found = probabilities(logits).map(
          (probability, id): LabelProbability => ({ label: labels[id]!, probability }),
        )
        return found.sort((a, b) => b.probability - a.probability)
      },
      close: text.close,
    }
  } catch (error) {
    await text.close()
    throw error
  }
}

function softmax(logits: Float32Array): number[] {
  const top = Math.max(...logits)
  const shares = Array.from(logits, (logit) => Math.exp(logit - top))
  const sum = shares.reduce((total, share) => total + share, 0)
  return shares.map((share) => share / sum)
}

function sigmoids(logits: Float32Array): number[] {
  return Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit)))
}
