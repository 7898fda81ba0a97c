import { defineMiner } from 'faculty/defineMiner'

export default defineMiner({ domains: ['law'] })
