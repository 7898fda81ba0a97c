import { makeKey, publicKeyfile } from './newKey.ts'
import { readPlainKeyfile } from './openKeyfile.ts'
import { type KeyPaths, requireSameOrNone } from './saveKey.ts'
import { existsError, readWalletFile, writeWalletFile } from './walletFile.ts'
import { coldkeyPaths, hotkeyPaths } from './walletPaths.ts'

/** A wallet of a local run: every key from a URI such as `//Alice`, known to the whole world. */
export interface DevWallet {
  readonly name: string
  readonly coldkeyUri: string
  /** URI of each hotkey, by name. */
  readonly hotkeyUris: Readonly<Record<string, string>>
}

export interface CreatedDevWallet {
  readonly name: string
  readonly coldkey: string
  /** Address of each hotkey, by name. */
  readonly hotkeys: Readonly<Record<string, string>>
}

/**
 * Creates plain wallets under `path`, in milliseconds each. Keys that are there already stay; another key under one of
 * these names is never replaced, lest a slip of the path cost a real wallet.
 *
 * @throws KeyError `bad-uri`; WalletError `bad-name`, `exists`, `bad-keyfile`, `disk`
 */
export async function createDevWallets(path: string, wallets: readonly DevWallet[]): Promise<CreatedDevWallet[]> {
  return await Promise.all(
    wallets.map(async ({ name, coldkeyUri, hotkeyUris }) => {
      const cold = coldkeyPaths({ path, name })
      const coldkey = await ensureKey({ secret: cold.coldkey, public: cold.coldkeypub }, coldkeyUri)
      const hotkeys = Object.entries(hotkeyUris).map(async ([hotkey, uri]) => {
        const hot = hotkeyPaths({ path, name, hotkey })
        return [hotkey, await ensureKey({ secret: hot.hotkey, public: hot.hotkeypub }, uri)] as const
      })
      return { name, coldkey, hotkeys: Object.fromEntries(await Promise.all(hotkeys)) }
    }),
  )
}

async function ensureKey(paths: KeyPaths, uri: string): Promise<string> {
  const { pair, keyfile } = await makeKey({ uri })
  await requireSameOrNone(paths.public, pair)
  if ((await readWalletFile(paths.secret)) === undefined) await writeWalletFile(paths.secret, keyfile.reveal(), false)
  else if ((await readPlainKeyfile(paths.secret))?.address !== pair.address) throw existsError(paths.secret)
  await writeWalletFile(paths.public, publicKeyfile(pair), true)
  return pair.address
}
