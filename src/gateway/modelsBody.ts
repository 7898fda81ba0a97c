/** The list of models, which here are domains. @param names in order @param created Unix time in seconds */
export function modelsBody(names: readonly string[], created: number): object {
  return { object: 'list', data: names.map((id) => modelBody(id, created)) }
}

export function modelBody(id: string, created: number): object {
  return { id, object: 'model', created, owned_by: 'faculty' }
}

const namesShown = 10

/** Which models there are, for whoever asked for another one. Miners choose the names, and each may have 64. */
export function modelsMend(names: readonly string[]): string {
  const more = names.length > namesShown ? ` and ${names.length - namesShown} more, see GET /v1/models` : ''
  return `the models are ${names.slice(0, namesShown).join(', ')}${more}`
}
