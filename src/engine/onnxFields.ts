/** Field numbers and codes of ONNX's messages, as onnx.proto has them: those that this room reads or writes. */
export const modelFields = { graph: 7, opset: 8 } as const
export const opsetFields = { domain: 1, version: 2 } as const
export const graphFields = { node: 1, initializer: 5, input: 11, output: 12 } as const
export const nodeFields = { input: 1, output: 2, op: 4, attribute: 5 } as const
export const attributeFields = { name: 1, int: 3, graph: 6, graphs: 11, type: 20 } as const
export const tensorFields = { dims: 1, type: 2, floats: 4, name: 8, raw: 9, location: 14 } as const
export const valueFields = { name: 1 } as const

export const elementTypes = { float32: 1, int8: 3 } as const
export const attributeTypes = { int: 2 } as const
export const externalLocation = 1
