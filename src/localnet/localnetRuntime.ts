import { readFileSync } from 'node:fs'
import { packagePath } from '../base/packagePath.ts'
import { accountNonceApi } from './apis/accountNonce.ts'
import { auraApi, grandpaApi } from './apis/authorities.ts'
import { coreApi } from './apis/core.ts'
import { delegateInfoApi } from './apis/delegateInfo.ts'
import { metadataApi } from './apis/metadata.ts'
import { neuronInfoApi } from './apis/neuronInfo.ts'
import { proxyFilterApi } from './apis/proxyFilter.ts'
import { stakeInfoApi } from './apis/stakeInfo.ts'
import { subnetInfoApi } from './apis/subnetInfo/subnetInfo.ts'
import { subnetRegistrationApi } from './apis/subnetRegistration.ts'
import { swapApi } from './apis/swap.ts'
import { taggedTransactionQueueApi } from './apis/taggedTransactionQueue.ts'
import { transactionPaymentApi, transactionPaymentCallApi } from './apis/transactionPayment.ts'
import { type Face, face424, face430 } from './face.ts'
import { type ApiSource, makeRuntime } from './makeRuntime.ts'
import { adminUtils } from './pallets/adminUtils.ts'
import { aura } from './pallets/aura.ts'
import { balances } from './pallets/balances/pallet.ts'
import { commitments } from './pallets/commitments.ts'
import { drand } from './pallets/drand.ts'
import { grandpa } from './pallets/grandpa.ts'
import { mevShield } from './pallets/mevShield.ts'
import { multisig } from './pallets/multisig/pallet.ts'
import { proxy } from './pallets/proxy/pallet.ts'
import { subtensorPallet } from './pallets/subtensor/pallet.ts'
import { validateSubtensorCall } from './pallets/subtensor/validate.ts'
import { sudo } from './pallets/sudo.ts'
import { swap } from './pallets/swap.ts'
import { system } from './pallets/system.ts'
import { timestamp } from './pallets/timestamp.ts'
import { transactionPayment } from './pallets/transactionPayment.ts'
import { utility } from './pallets/utility.ts'
import { face393 } from './release393.ts'
import type { PalletSource, Runtime } from './runtime.ts'
import type { Build } from './storage.ts'

/** Every release that we can look like, by the number of its spec. */
export const faces = { 393: face393, 424: face424, 430: face430 } as const satisfies Record<number, Face>
export type Spec = keyof typeof faces

/** What `system_version` answers: our own version and the release of the chain that we look like. */
export function nodeVersion({ specVersion }: Face): string {
  return `${packageVersion()}-spec${specVersion}`
}

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
  multisig,
  proxy,
  adminUtils,
  swap,
  mevShield,
  commitments,
  drand,
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
  delegateInfoApi,
  neuronInfoApi,
  subnetInfoApi,
  stakeInfoApi,
  subnetRegistrationApi,
  swapApi,
  proxyFilterApi,
]

const known = new Map<string, Runtime>()

/** The chain that a localnet runs, the same object at each call: a runtime holds no state. */
export function localnetRuntime(build: Build, spec: Spec = 430): Runtime {
  const key = `${spec} ${build}`
  const ready = known.get(key) ?? makeRuntime({ build, face: faces[spec], pallets, apis })
  known.set(key, ready)
  return ready
}
