import { sums } from '../../unit/validator/sums.ts'

/** A validator domain as an author's folder holds it. */
export default sums('sums')
