/**
 * connhelpers.h: how a connection calls its handlers without being freed under their feet.
 *
 *     callHandler:   refs++   handler(conn)   refs--   closed meanwhile? then now is the time: connClose
 *
 * A handler may close the very connection that it was called for. While `refs` is above zero connClose() only schedules the
 * close, so that whoever called the handler still finds a connection.
 *
 * Who calls in: connection.ts. Whom it calls: the handlers (readQueryFromClient, sendReplyToClient, ...).
 * What differs from C: memory is collected here, but the order of events, and who may see a closed connection, is C's.
 */
import {
  CONN_FLAG_CLOSE_SCHEDULED,
  connClose,
  type ConnectionCallbackFunc,
  type connection,
} from './connection.ts';

/**
 * One more user of the connection: connClose() will wait for it.
 *
 * @c connhelpers.h:52
 * @cstatic
 */
export function connIncrRefs(conn: connection): void {
  conn.refs++;
}

/**
 * One user less. Does not close by itself: that is callHandler()'s business, or the caller's.
 *
 * @c connhelpers.h:64
 * @cstatic
 */
export function connDecrRefs(conn: connection): void {
  conn.refs--;
}

/**
 * Whether somebody still uses the connection.
 *
 * @c connhelpers.h:68
 * @cstatic
 */
export function connHasRefs(conn: connection): boolean {
  return conn.refs !== 0;
}

/**
 * Calls a handler (null: none). 1 when the connection is still there afterwards, 0 when the handler closed it.
 *
 * @c connhelpers.h:77
 * @cstatic
 */
export function callHandler(conn: connection, handler: ConnectionCallbackFunc | null): number {
  connIncrRefs(conn);
  if (handler !== null) handler(conn);
  connDecrRefs(conn);
  if (conn.flags & CONN_FLAG_CLOSE_SCHEDULED) {
    if (!connHasRefs(conn)) connClose(conn);
    return 0;
  }
  return 1;
}
