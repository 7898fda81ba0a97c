import { resolve } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { builtInDomains, loadMiner, loadValidator } from '../../domain/load.ts'
import type { DomainPlace } from './cast.ts'

/**
 * The domains of `--domains`: built-in ones by name, with the models that ship, and authors' folders by path, with those
 * of their manifests.
 *
 * @throws InputError for a name that is none, a folder whose miner and validator do not fit, or a domain named twice
 */
export async function domainPlaces(list: string): Promise<DomainPlace[]> {
  const places = await Promise.all(list.split(',').map((part) => placeOf(part.trim())))
  const twice = places.find(({ name }, i) => places.findIndex((other) => other.name === name) !== i)
  if (twice !== undefined)
    throw new InputError('--domains', list, `name each domain once; ${twice.name} is there twice`)
  return places
}

async function placeOf(part: string): Promise<DomainPlace> {
  if ((builtInDomains as readonly string[]).includes(part)) {
    return { name: part, argument: part, isBuiltIn: true, models: ['expert', 'novice'] }
  }
  if (!/[/\\.]/.test(part)) {
    throw new InputError('--domains', part, `name some of ${builtInDomains.join(', ')}, or give paths of folders`)
  }
  const argument = resolve(part)
  const { domain } = await loadValidator(argument)
  const { definition, manifest } = await loadMiner(argument)
  if (!definition.domains.includes(domain)) {
    throw new InputError('--domains', part, `its miner.ts declares ${definition.domains.join(', ')}, not ${domain}`)
  }
  const models = Object.entries(manifest.models).filter(([, model]) => 'folder' in model)
  if (models.length === 0 && definition.model !== 'none') {
    throw new InputError(
      '--domains',
      part,
      "put a model's folder into its manifest.json, or model: 'none' into miner.ts",
    )
  }
  return { name: domain, argument, isBuiltIn: false, models: models.map(([name]) => name) }
}
