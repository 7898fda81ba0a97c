/**
 * The smallest graph that makes a device compute: y = x + x, x and y float32 of shape [1]. ONNX's protobuf, IR version 7,
 * operator set 14; a test builds the same bytes field by field.
 */
export const probeGraph: Uint8Array = Buffer.from(
  '08073a3a0a0e0a01780a017812017922034164641206646f75626c65' +
    '5a0f0a0178120a0a08080112040a020801620f0a0179120a0a08080112040a02080142040a00100e',
  'hex',
)
