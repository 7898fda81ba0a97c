import { method, requireSession } from './method.ts'
import { subscriptionId } from './params.ts'

/** The method that ends subscriptions of one kind. @param notification the method name of their messages */
export function unsubscribeMethod(notification: string) {
  return method([subscriptionId], (context, id) => requireSession(context).unsubscribe(notification, id))
}
