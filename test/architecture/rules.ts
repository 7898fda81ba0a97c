// The table of shared/design/architecture.md: a folder of src imports only from these and from itself.

/** `types`: only what the compiler erases. */
export type Allowed = readonly (string | { readonly types: string })[]

export const allowed: Readonly<Record<string, Allowed | 'anything'>> = {
  base: [],
  fixed: ['base'],
  keys: ['base'],
  timelock: ['base'],
  yuma: ['fixed', 'base'],
  wallet: ['keys', 'base'],
  wire: ['keys', 'base'],
  chain: ['keys', 'wallet', 'timelock', 'base'],
  axon: ['wire', 'keys', 'base'],
  dendrite: ['wire', 'keys', 'base'],
  engine: ['base'],
  domain: [{ types: 'engine' }, 'base'],
  localnet: ['yuma', 'fixed', 'timelock', 'keys', 'base'],
  verify: ['engine', 'wire', 'keys', 'base'],
  miner: ['axon', 'engine', 'domain', 'verify', 'wire', 'chain', 'wallet', 'keys', 'base'],
  validator: [
    ...['dendrite', 'engine', 'domain', 'verify', 'wire', 'chain', 'timelock', 'yuma', 'fixed', 'wallet', 'keys'],
    'base',
  ],
  gateway: ['dendrite', 'wire', 'chain', 'verify', 'wallet', 'keys', 'base'],
  client: ['wire', 'keys', 'base', 'verify'],
  dashboard: ['client'],
  cli: 'anything',
}

/** What a plug-in may import besides its own folder and `shared` beside it. */
export const plugInContract: Readonly<Record<string, string>> = {
  miners: 'faculty/defineMiner',
  validators: 'faculty/defineValidator',
}

/** Folders without `node:` modules and packages that need Node, in all that they load. */
export const runsInBrowsers: readonly string[] = ['wire', 'keys', 'client']

/** Folders of pure arithmetic: no `node:` modules and no promises. */
export const pure: readonly string[] = ['yuma']

export const nodeOnlyPackages: readonly string[] = [
  '@hono/node-server',
  'libsql',
  'onnxruntime-node',
  'pino',
  'pino-pretty',
  'tsx',
  'undici',
  'ws',
]

/** Packages that one file alone may load. */
export const onlyOpener: Readonly<Record<string, string>> = {
  '@polkadot/api': 'src/chain/connect.ts',
  'onnxruntime-node': 'src/engine/onnx.ts',
}
