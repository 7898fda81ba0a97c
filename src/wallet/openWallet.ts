import { localSigner, type Signer } from '../keys/signer.ts'
import type { PublicIdentity } from './keyfile.ts'
import { openKeyfile, readPlainKeyfile } from './openKeyfile.ts'
import type { PasswordOptions } from './password.ts'
import { WalletError } from './walletError.ts'
import { coldkeyPaths, type HotkeyPlace, hotkeyPaths, missingKey } from './walletPaths.ts'

/** A wallet on disk. Nothing is read before it is asked for; a key, once opened, stays open. */
export interface Wallet {
  readonly name: string
  readonly hotkeyName: string
  /** Absolute path of the wallet's own folder. */
  readonly folder: string
  /** Public half of the coldkey, from `coldkeypub.txt`; a machine that mines or validates needs no more of it. */
  coldkeypub(): Promise<PublicIdentity>
  /** Public half of the hotkey, without a password where the disk allows. */
  hotkeypub(): Promise<PublicIdentity>
  coldkeySigner(): Promise<Signer>
  hotkeySigner(): Promise<Signer>
}

/**
 * Opens a wallet in Bittensor's layout, whoever made it.
 *
 * @throws WalletError `bad-name` at once; from its functions `no-such-key`, `watch-only`, `locked`, `wrong-password`,
 *   `bad-password`, `bad-keyfile`, `disk`
 * @see facts: wallets.md
 */
export function openWallet(options: HotkeyPlace & PasswordOptions = {}): Wallet {
  const cold = coldkeyPaths(options)
  const hot = hotkeyPaths(options)
  const coldkeySigner = once(() => openSigner(cold.coldkey, options.name, options, cold.coldkeypub))
  const hotkeySigner = once(() => openSigner(hot.hotkey, options.hotkey, options))
  return {
    name: options.name ?? 'default',
    hotkeyName: options.hotkey ?? 'default',
    folder: cold.folder,
    coldkeySigner,
    hotkeySigner,
    coldkeypub: once(async () => (await readPlainKeyfile(cold.coldkeypub)) ?? (await coldkeySigner())),
    hotkeypub: once(
      async () =>
        (await readPlainKeyfile(hot.hotkey)) ?? (await readPlainKeyfile(hot.hotkeypub)) ?? (await hotkeySigner()),
    ),
  }
}

async function openSigner(
  path: string,
  name: string | undefined,
  options: PasswordOptions,
  publicPath?: string,
): Promise<Signer> {
  const keyfile = await openKeyfile(path, options)
  if (keyfile === undefined) {
    if (publicPath !== undefined && (await readPlainKeyfile(publicPath)) !== undefined) throw watchOnly(path)
    throw missingKey(path, name)
  }
  if (keyfile.pair === undefined) throw watchOnly(path)
  return localSigner(keyfile.pair)
}

function watchOnly(path: string): WalletError {
  return new WalletError(
    `only the public half of ${path} is on this machine`,
    { code: 'watch-only', path },
    { mend: 'do this on the machine that holds the key, or use an external signer' },
  )
}

/** One run for all callers; after a failure the next call tries again. */
function once<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return async () => {
    running ??= run()
    try {
      return await running
    } catch (error) {
      running = undefined
      throw error
    }
  }
}
