import { constants } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../base/errors.ts'
import { walletsFolder } from '../../wallet/walletPaths.ts'
import { type Check, ok, optional, warning } from './check.ts'

/** Bits of a file's mode that let others than its owner in. */
const others = 0o077

/** The wallets' folder: that it can be written, and that nobody else reads the secret keys in it. */
export async function checkWallets(path: string): Promise<Check> {
  const name = 'wallets'
  const folder = walletsFolder(path)
  let keys: string[]
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    keys = await secretKeys(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return optional(name, `${folder} is not there`, 'only to mine, validate or spend: faculty wallet create')
    }
    return warning(name, `${folder} cannot be used: ${messageOf(error)}`, `chown -R "$USER" ${folder}`)
  }
  if (process.platform === 'win32') return ok(name, `${folder}, ${keys.length} secret keys`)
  const open: string[] = []
  for (const key of keys) if (((await stat(key)).mode & others) !== 0) open.push(key)
  if (open.length === 0) return ok(name, `${folder}, ${keys.length} secret keys`)
  const more = open.length > 1 ? ` and ${open.length - 1} more` : ''
  return warning(name, `others may read ${open[0]}${more}`, `chmod -R go-rwx ${folder}`)
}

/** Files of coldkeys and hotkeys; public halves are no secret. */
async function secretKeys(folder: string): Promise<string[]> {
  const keys: string[] = []
  for (const wallet of await readdir(folder, { withFileTypes: true })) {
    if (!wallet.isDirectory()) continue
    const at = join(folder, wallet.name)
    const files = await readdir(at)
    if (files.includes('coldkey')) keys.push(join(at, 'coldkey'))
    if (!files.includes('hotkeys')) continue
    const hotkeys = await readdir(join(at, 'hotkeys'))
    keys.push(...hotkeys.filter((file) => !file.endsWith('pub.txt')).map((file) => join(at, 'hotkeys', file)))
  }
  return keys
}
