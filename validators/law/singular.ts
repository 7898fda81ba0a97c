import type { TaskBody } from '../shared/build.ts'

/** The same task, its statement ending in `1 day` where `numberTask`, which knows one form of a unit, says `1 days`. */
export function singular(task: TaskBody): TaskBody {
  return task.statement === undefined
    ? task
    : { ...task, statement: task.statement.replace(/(?<= -?1 [a-z]+)s\.$/, '.') }
}
