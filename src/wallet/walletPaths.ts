import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { show } from '../base/errors.ts'
import { isAddress } from '../keys/ss58.ts'
import { WalletError } from './walletError.ts'

/** Bittensor's own folder, so that wallets made by `btcli` are found. */
export const defaultWalletsPath = '~/.bittensor/wallets'

/** Which wallet: the folder of all wallets (default Bittensor's own) and the wallet's name in it (`default`). */
export interface WalletPlace {
  readonly path?: string | undefined
  readonly name?: string | undefined
}

/** Which hotkey of that wallet: a file name under `hotkeys/` (`default`), not an address. */
export interface HotkeyPlace extends WalletPlace {
  readonly hotkey?: string | undefined
}

/** Absolute path of the folder of all wallets; a leading `~` stands for the home folder. */
export function walletsFolder(path: string = defaultWalletsPath): string {
  return resolve(path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path)
}

/**
 * Absolute paths of a wallet's files.
 *
 * @throws WalletError `bad-name`
 * @see facts: wallets.md, 1
 */
export function coldkeyPaths(place: WalletPlace): { folder: string; coldkey: string; coldkeypub: string } {
  const folder = join(walletsFolder(place.path), checkedName(place.name ?? 'default', 'wallet'))
  return { folder, coldkey: join(folder, 'coldkey'), coldkeypub: join(folder, 'coldkeypub.txt') }
}

/** @throws WalletError `bad-name` */
export function hotkeyPaths(place: HotkeyPlace): { folder: string; hotkey: string; hotkeypub: string } {
  const folder = join(coldkeyPaths(place).folder, 'hotkeys')
  const name = checkedName(place.hotkey ?? 'default', 'hotkey')
  return { folder, hotkey: join(folder, name), hotkeypub: join(folder, `${name}pub.txt`) }
}

/** Bittensor takes any text as a path component; one that leaves the folder or garbles a terminal is refused here. */
function checkedName(name: string, kind: 'wallet' | 'hotkey'): string {
  const sound = name !== '' && name !== '.' && name !== '..' && !/[/\\\p{Cc}]/u.test(name)
  if (sound && !(kind === 'hotkey' && name.endsWith('pub.txt'))) return name
  throw new WalletError(
    `${show(name)} cannot be the name of a ${kind}`,
    { code: 'bad-name', name },
    { mend: 'give a file name: no slash, backslash or control character, not . or .., no hotkey ending in pub.txt' },
  )
}

/** What to do about a missing key, with the commonest mistake named. */
export function missingKey(path: string, name: string | undefined): WalletError {
  const mend =
    name !== undefined && isAddress(name)
      ? 'give the file name of the key, not its address; faculty wallet list shows the names'
      : 'create it with faculty wallet create, or see faculty wallet list and --wallet.path'
  return new WalletError(`there is no key at ${path}`, { code: 'no-such-key', path }, { mend })
}
