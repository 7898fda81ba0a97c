import type { Rng } from 'faculty/defineValidator'

/*
 * Made-up names, composed so that there are far more of them than any model meets in training:
 * 22 x 20 given names times 24 x 22 family names. None is meant to be a real person or firm.
 */
const givenStarts = 'Al Be Ca Da El Fa Ga Ha Il Jo Ka La Ma Ne Or Pa Ro Sa Ta Ul Va Wi'.split(' ')
const givenEnds = 'dan ra lin vor mira ston bel nor tia gan rik sha len mo vek lo dra nis ko ria'.split(' ')
const familyStarts =
  'Ash Bren Cor Dal Eck Fen Gor Hal Ing Kel Lor Mar Nor Oak Pel Quin Rav Sor Tor Und Ver Wex Yar Zel'.split(' ')
const familyEnds =
  'berg man ford ley ton wick vale ski dorf ham stead by well rick son croft moor gate lund quist more field'.split(' ')
const firmKinds = 'Ltd Inc Corp Group Partners Holdings Labs Foods Energy Systems Logistics Mills'.split(' ')

/** A person's name, e.g. `Kalin Norford`. */
export function personName(rng: Rng): string {
  return `${rng.pick(givenStarts)}${rng.pick(givenEnds)} ${familyName(rng)}`
}

/** A firm's name, e.g. `Ravmoor Foods`. */
export function firmName(rng: Rng): string {
  return `${familyName(rng)} ${rng.pick(firmKinds)}`
}

function familyName(rng: Rng): string {
  return rng.pick(familyStarts) + rng.pick(familyEnds)
}
