// Runs before this package is installed elsewhere, from `src` because a clone has no `dist` yet. On 64-bit Linux onnxruntime-node fetches CUDA libraries from NuGet
// while it is installed; where NuGet is out of reach npm then fails, inside a package that the user never asked for.
// npm runs this first, so the failure can be named here, with the mend.
import { fileURLToPath } from 'node:url'

const feed = 'https://api.nuget.org/v3/index.json'
const patienceMs = 5_000
const choices = [
  'ONNXRUNTIME_NODE_INSTALL',
  'ONNXRUNTIME_NODE_INSTALL_CUDA',
  'npm_config_onnxruntime_node_install',
  'npm_config_onnxruntime_node_install_cuda',
]

/**
 * What is about to go wrong, or undefined.
 *
 * @param {{ env: Record<string, string | undefined>, platform: string, folder: string }} where
 * @param {(url: string) => Promise<unknown>} reach rejects where the address does not answer
 * @returns {Promise<string | undefined>}
 */
export async function problemOf({ env, platform, folder }, reach) {
  if (platform !== 'linux/x64') return undefined
  // In the repository itself .npmrc and allowScripts have settled it.
  if (env.npm_config_local_prefix === folder) return undefined
  // The user has chosen, or goes out by a proxy of which fetch knows nothing.
  if ([...choices, 'GLOBAL_AGENT_HTTP_PROXY', 'GLOBAL_AGENT_HTTPS_PROXY'].some((name) => env[name])) return undefined
  try {
    await reach(feed)
    return undefined
  } catch (error) {
    const why = error.cause?.code ?? error.name
    return (
      `faculty: onnxruntime-node would now fetch its CUDA libraries, and NuGet cannot be reached (${why}).\n` +
      'Faculty runs without them, on the CPU. Install it so:\n\n' +
      '  ONNXRUNTIME_NODE_INSTALL=skip npm install ...\n'
    )
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const where = { env: process.env, platform: `${process.platform}/${process.arch}`, folder: process.cwd() }
  const problem = await problemOf(where, (url) =>
    fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(patienceMs) }),
  )
  if (problem !== undefined) {
    console.error(problem)
    process.exit(1)
  }
}
