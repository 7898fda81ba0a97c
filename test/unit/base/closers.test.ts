import { expect, test } from 'vitest'
import { makeClosers } from '../../../src/base/closers.ts'

test('closes the last first and each once, also behind one that fails', async () => {
  const closed: string[] = []
  const closers = makeClosers()
  closers.add(() => closed.push('chain'))
  closers.add(async () => {
    closed.push('axon')
    throw new Error('the axon does not close')
  })
  closers.add(() => closed.push('watch'))
  closers.addLast(() => closed.push('window'))
  await expect(closers.close()).rejects.toThrow('the axon does not close')
  await closers.close()
  expect(closed).toEqual(['watch', 'axon', 'chain', 'window'])
})
