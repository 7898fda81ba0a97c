import { expect, test } from 'vitest'
import { killOften } from '../e2e/killOften.ts'

const moments = Number(process.env.FACULTY_KILLS ?? 200)
const seed = process.env.FACULTY_RANDOM_SEED ?? `kills ${new Date().toISOString().slice(0, 10)}`

test(`a validator killed at ${moments} random moments, seed ${seed}`, { timeout: 3_600_000 }, async () => {
  const report = await killOften({ moments, seed })
  process.stdout.write(`${JSON.stringify(report)}\n`)
  expect(report.faults).toEqual([])
  expect(report.kills).toBe(moments)
  expect(report.reveals).toBeGreaterThan(moments / 10)
})
