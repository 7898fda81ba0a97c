/** The list of models, which here are domains. @param names in order @param created Unix time in seconds */
export function modelsBody(names: readonly string[], created: number): object {
  return { object: 'list', data: names.map((id) => modelBody(id, created)) }
}

export function modelBody(id: string, created: number): object {
  return { id, object: 'model', created, owned_by: 'faculty' }
}
