import type { Command } from './command.ts'

/** Every command by the words that call it. Each file is loaded only when its command runs. */
export const commands: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  up: () => import('./up.ts'),
  'tasks generate': () => import('./tasksGenerate.ts'),
}
