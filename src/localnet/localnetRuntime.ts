import { readFileSync } from 'node:fs'
import { packagePath } from '../base/packagePath.ts'
import { accountNonceApi } from './apis/accountNonce.ts'
import { auraApi, grandpaApi } from './apis/authorities.ts'
import { coreApi } from './apis/core.ts'
import { metadataApi } from './apis/metadata.ts'
import { taggedTransactionQueueApi } from './apis/taggedTransactionQueue.ts'
import { transactionPaymentApi, transactionPaymentCallApi } from './apis/transactionPayment.ts'
import { type ApiSource, makeRuntime } from './makeRuntime.ts'
import { adminUtils } from './pallets/adminUtils.ts'
import { aura } from './pallets/aura.ts'
import { balances } from './pallets/balances.ts'
import { grandpa } from './pallets/grandpa.ts'
import { subtensorPallet } from './pallets/subtensor/pallet.ts'
import { validateSubtensorCall } from './pallets/subtensor/validate.ts'
import { sudo } from './pallets/sudo.ts'
import { swap } from './pallets/swap.ts'
import { system } from './pallets/system.ts'
import { timestamp } from './pallets/timestamp.ts'
import { transactionPayment } from './pallets/transactionPayment.ts'
import { utility } from './pallets/utility.ts'
import { face430, type PalletSource, type Runtime } from './runtime.ts'
import type { Build } from './storage.ts'

/** What `system_version` answers: our own version and the release of the chain that we look like. */
export const nodeVersion = `${packageVersion()}-spec${face430.specVersion}`

function packageVersion(): string {
  return (JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }).version
}

const pallets: readonly PalletSource[] = [
  system,
  timestamp,
  aura,
  grandpa,
  balances,
  transactionPayment,
  subtensorPallet,
  utility,
  sudo,
  adminUtils,
  swap,
]

const apis: readonly ApiSource[] = [
  coreApi,
  metadataApi,
  taggedTransactionQueueApi(validateSubtensorCall),
  auraApi,
  grandpaApi,
  accountNonceApi,
  transactionPaymentApi,
  transactionPaymentCallApi,
]

const known = new Map<Build, Runtime>()

/** The chain that a localnet runs, the same object at each call: a runtime holds no state. */
export function localnetRuntime(build: Build): Runtime {
  const ready = known.get(build) ?? makeRuntime({ build, face: face430, pallets, apis })
  known.set(build, ready)
  return ready
}
