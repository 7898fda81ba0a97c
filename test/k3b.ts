import { chainCases } from './bench/localnetChain.ts'
for (const c of await chainCases((x) => console.error(x))) console.log(c.case, c.value.toFixed(2), c.unit, c.ok)
