import { expect, expectTypeOf, test } from 'vitest'
import type { AnswerEvent } from '../../../src/axon/answer.ts'
import type { EngineEvent, GenerateRequest } from '../../../src/engine/engine.ts'
import type { AskRequest } from '../../../src/wire/askRequest.ts'
import { errorOfClose, type WireErrorCode, wireErrorCodes, wireErrors } from '../../../src/wire/wireError.ts'

test('what is asked over the wire is what the engine takes, and what it says is what the axon sends', () => {
  // Checked by the compiler: `tsc --noEmit` fails where the two drift apart.
  expectTypeOf<AskRequest>().toEqualTypeOf<Omit<GenerateRequest, 'logprobs'>>()
  expectTypeOf<AnswerEvent>().toEqualTypeOf<Exclude<EngineEvent, { type: 'token' }>>()
})

test('each close code stands for one error', () => {
  const ending = wireErrorCodes.filter((code) => wireErrors[code].close !== undefined)
  expect(ending.length).toBeGreaterThan(20)
  for (const code of ending) expect(errorOfClose(wireErrors[code].close!)).toBe<WireErrorCode>(code)
  for (const plain of [1000, 1001, 1006, 4999]) expect(errorOfClose(plain)).toBe(undefined)
})
