import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { WalletError } from '../../../src/wallet/walletError.ts'

/** An empty folder that goes with the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'faculty-wallet-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The WalletError of an action that must fail with one. */
export async function walletErrorOf(action: Promise<unknown>): Promise<WalletError> {
  try {
    await action
  } catch (error) {
    if (error instanceof WalletError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** Options that leave this machine's environment and terminal out of the test. */
export const alone = { env: {}, terminal: undefined }
