import type { Task, ValidatorDefinition } from '../../domain/defineValidator.ts'
import type { Engine } from '../../engine/engine.ts'
import { isRefusal } from '../../engine/limits.ts'

/** What a model made of one task. */
export interface Outcome {
  readonly family: string
  readonly right: boolean
  /** It said that the question is beyond it. */
  readonly refused: boolean
  /** In [0, 1]; absent where the model does not tell. */
  readonly confidence: number | undefined
  readonly completionTokens: number
  readonly text: string
}

const maxTokens = 192

/** Every task put to the model, greedily, one after the other. Right is what the validator gives full marks. */
export async function examine(
  engine: Engine,
  validator: ValidatorDefinition,
  tasks: readonly Task[],
  signal: AbortSignal,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const task of tasks) {
    const answer = await askedOf(engine, task.question, signal)
    const right = validator.score(task, answer.text) === 1
    outcomes.push({ family: task.family, right, refused: isRefusal(answer.text), ...answer })
  }
  return outcomes
}

/** One question put to the model, greedily. */
export async function askedOf(
  engine: Engine,
  question: string,
  signal: AbortSignal,
): Promise<Pick<Outcome, 'text' | 'confidence' | 'completionTokens'>> {
  const messages = [{ role: 'user' as const, content: question }]
  let text = ''
  for await (const event of engine.generate({ messages, maxTokens, temperature: 0 }, signal)) {
    if (event.type === 'text') text += event.text
    if (event.type === 'done') {
      return { text, confidence: event.confidence, completionTokens: event.completionTokens }
    }
  }
  throw new Error(`${engine.model.name} ended an answer without saying that it is done`)
}
