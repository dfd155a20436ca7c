/**
 * connection.c and connection.h: a connection as the server sees it, whatever carries it.
 *
 *     client ──► connection ──► ConnectionType CT_Socket ──► anet, ae, posix
 *                {type, state, fd, handlers, private_data}
 *
 *     readable event: aeProcessEvents ─► connSocketEventHandler ─► callHandler ─► read_handler (readQueryFromClient)
 *
 * A connection may exist before its socket does. Its users set logical read and write handlers; which events of the loop stand behind
 * them is the type's business. The functions of connection.h, which only call through the type's table, come first.
 *
 * States: NONE ─► CONNECTING ─► CONNECTED ─► CLOSED (the peer left) or ERROR; an accepted one starts with ACCEPTING.
 *
 * Who calls in: networking.ts and everybody who talks to another server. Whom it calls: anet.ts, syncio.ts, the event loop.
 *
 * What differs from C: buffers are passed as (buffer, offset, length); texts come back as strings; there is one type of connection.
 */
import {
  AE_ERR,
  AE_READABLE,
  AE_WRITABLE,
  aeCreateFileEvent,
  aeDeleteFileEvent,
  aeWait,
  type aeEventLoop,
  type aeFileProc,
} from '../ae/ae.ts';
import { zcalloc, zfree } from '../object/zmalloc.ts';
import {
  EAGAIN,
  EINTR,
  ETIMEDOUT,
  SO_ERROR,
  SOL_SOCKET,
  posix,
  strerror,
  type iovec,
} from '../posix/posix.ts';
import { C_ERR, C_OK, server } from '../server/server.h.ts';
import {
  FD_TO_PEER_NAME,
  FD_TO_SOCK_NAME,
  anetBlock,
  anetDisableTcpNoDelay,
  anetEnableTcpNoDelay,
  anetFdToString,
  anetFormatFdAddr,
  anetKeepAlive,
  anetNonBlock,
  anetRecvTimeout,
  anetSendTimeout,
  anetTcpNonBlockBestEffortBindConnect,
  anetTcpNonBlockConnect,
  type ipPort,
} from './anet.ts';
import { callHandler, connDecrRefs, connHasRefs, connIncrRefs } from './connhelpers.ts';
import { syncRead, syncReadLine, syncWrite } from './syncio.ts';

export const CONN_INFO_LEN = 32;

/* ConnectionState */
export const CONN_STATE_NONE = 0;
export const CONN_STATE_CONNECTING = 1;
export const CONN_STATE_ACCEPTING = 2;
export const CONN_STATE_CONNECTED = 3;
export const CONN_STATE_CLOSED = 4;
export const CONN_STATE_ERROR = 5;

/** Closed from within a handler; the close happens when the handler returns. */
export const CONN_FLAG_CLOSE_SCHEDULED = 1 << 0;
/** Never write after reading in one iteration of the loop. */
export const CONN_FLAG_WRITE_BARRIER = 1 << 1;

export const CONN_TYPE_SOCKET = 1;
export const CONN_TYPE_TLS = 2;

/** sizeof(connection) in C, for the account. */
const SIZEOF_CONNECTION = 64;

/** What connections call: conn_handler, read_handler, write_handler, accept handlers. */
export type ConnectionCallbackFunc = (conn: connection) => void;

/** The operations of one kind of connection. See the functions of the same names below for what they do. */
export interface ConnectionType {
  readonly ae_handler: aeFileProc;
  readonly connect: (
    conn: connection,
    addr: string,
    port: number,
    src_addr: string | null,
    connect_handler: ConnectionCallbackFunc,
  ) => number;
  readonly write: (conn: connection, data: Uint8Array, off: number, data_len: number) => number;
  readonly writev: (conn: connection, iov: iovec[], iovcnt: number) => number;
  readonly read: (conn: connection, buf: Uint8Array, off: number, buf_len: number) => number;
  readonly close: (conn: connection) => void;
  readonly accept: (conn: connection, accept_handler: ConnectionCallbackFunc) => number;
  readonly set_write_handler: (
    conn: connection,
    handler: ConnectionCallbackFunc | null,
    barrier: number,
  ) => number;
  readonly set_read_handler: (conn: connection, handler: ConnectionCallbackFunc | null) => number;
  readonly get_last_error: (conn: connection) => string;
  readonly blocking_connect: (
    conn: connection,
    addr: string,
    port: number,
    timeout: number,
  ) => number;
  readonly sync_write: (
    conn: connection,
    ptr: Uint8Array,
    off: number,
    size: number,
    timeout: number,
  ) => number;
  readonly sync_read: (
    conn: connection,
    ptr: Uint8Array,
    off: number,
    size: number,
    timeout: number,
  ) => number;
  readonly sync_readline: (conn: connection, size: number, timeout: number) => string | null;
  readonly get_type: (conn: connection) => number;
}

/** One connection. */
export class connection {
  type: ConnectionType;
  /** CONN_STATE_* */
  state = CONN_STATE_NONE;
  /** CONN_FLAG_* */
  flags = 0;
  /** How many handlers are running on it. */
  refs = 0;
  /** errno of the last operation that failed for good. */
  last_errno = 0;
  /** The client (or link) that this connection serves. */
  private_data: unknown = null;
  conn_handler: ConnectionCallbackFunc | null = null;
  write_handler: ConnectionCallbackFunc | null = null;
  read_handler: ConnectionCallbackFunc | null = null;
  fd = -1;
  constructor(type: ConnectionType) {
    this.type = type;
  }
}

/* ------ connection.h: calls through the type ------ */

/**
 * Takes up a connection that was accepted. `accept_handler` may be called at once, or later when there is a handshake to do first.
 * C_ERR when the handler closed the connection, or it was not waiting to be accepted: the caller then closes it.
 *
 * @c connection.h:108
 * @cstatic
 */
export function connAccept(conn: connection, accept_handler: ConnectionCallbackFunc): number {
  return conn.type.accept(conn, accept_handler);
}

/**
 * Starts to connect, from `src_addr` if given; `connect_handler` is called when that succeeded or failed. C_ERR: it failed at once, and
 * the handler will not be called.
 *
 * @c connection.h:121
 * @cstatic
 */
export function connConnect(
  conn: connection,
  addr: string,
  port: number,
  src_addr: string | null,
  connect_handler: ConnectionCallbackFunc,
): number {
  return conn.type.connect(conn, addr, port, src_addr, connect_handler);
}

/**
 * Connects, waiting at most `timeout` milliseconds. C_OK or C_ERR.
 *
 * @c connection.h:132
 * @cstatic
 */
export function connBlockingConnect(
  conn: connection,
  addr: string,
  port: number,
  timeout: number,
): number {
  return conn.type.blocking_connect(conn, addr, port, timeout);
}

/**
 * Writes up to `data_len` bytes of `data` from `off`, as write(2) does: the count, which may be short, or -1. Do not look at errno: a
 * connection that is still CONN_STATE_CONNECTED after -1 only has no room now.
 *
 * @c connection.h:143
 * @cstatic
 */
export function connWrite(
  conn: connection,
  data: Uint8Array,
  off: number,
  data_len: number,
): number {
  return conn.type.write(conn, data, off, data_len);
}

/**
 * Writes the first `iovcnt` pieces of `iov` as one. Results as connWrite.
 *
 * @c connection.h:155
 * @cstatic
 */
export function connWritev(conn: connection, iov: iovec[], iovcnt: number): number {
  return conn.type.writev(conn, iov, iovcnt);
}

/**
 * Reads up to `buf_len` bytes into `buf` at `off`, as read(2) does: the count, 0 when the peer closed, -1 on failure (still
 * CONN_STATE_CONNECTED: nothing to read now).
 *
 * @c connection.h:167
 * @cstatic
 */
export function connRead(conn: connection, buf: Uint8Array, off: number, buf_len: number): number {
  return conn.type.read(conn, buf, off, buf_len);
}

/**
 * Sets what is called when the connection can be written; null: nothing any more. C_OK or C_ERR.
 *
 * @c connection.h:175
 * @cstatic
 */
export function connSetWriteHandler(conn: connection, func: ConnectionCallbackFunc | null): number {
  return conn.type.set_write_handler(conn, func, 0);
}

/**
 * Sets what is called when the connection can be read; null: nothing any more. C_OK or C_ERR.
 *
 * @c connection.h:182
 * @cstatic
 */
export function connSetReadHandler(conn: connection, func: ConnectionCallbackFunc | null): number {
  return conn.type.set_read_handler(conn, func);
}

/**
 * As connSetWriteHandler; with `barrier` 1 the write handler never runs after the read handler of the same iteration, so that what was
 * read can be made durable before the reply goes out.
 *
 * @c connection.h:191
 * @cstatic
 */
export function connSetWriteHandlerWithBarrier(
  conn: connection,
  func: ConnectionCallbackFunc | null,
  barrier: number,
): number {
  return conn.type.set_write_handler(conn, func, barrier);
}

/**
 * Closes the connection; from within one of its handlers, as soon as that returns.
 *
 * @c connection.h:195
 * @cstatic
 */
export function connClose(conn: connection): void {
  conn.type.close(conn);
}

/**
 * The text of the last error.
 *
 * @c connection.h:202
 * @cstatic
 */
export function connGetLastError(conn: connection): string {
  return conn.type.get_last_error(conn);
}

/**
 * Writes all of `size` bytes within `timeout` milliseconds: `size`, or -1.
 *
 * @c connection.h:206
 * @cstatic
 */
export function connSyncWrite(
  conn: connection,
  ptr: Uint8Array,
  off: number,
  size: number,
  timeout: number,
): number {
  return conn.type.sync_write(conn, ptr, off, size, timeout);
}

/**
 * Reads exactly `size` bytes within `timeout` milliseconds: `size`, or -1.
 *
 * @c connection.h:210
 * @cstatic
 */
export function connSyncRead(
  conn: connection,
  ptr: Uint8Array,
  off: number,
  size: number,
  timeout: number,
): number {
  return conn.type.sync_read(conn, ptr, off, size, timeout);
}

/**
 * Reads a line of fewer than `size` bytes, each within `timeout` milliseconds: the line without its end, or null.
 *
 * @c connection.h:214
 * @cstatic
 */
export function connSyncReadLine(conn: connection, size: number, timeout: number): string | null {
  return conn.type.sync_readline(conn, size, timeout);
}

/**
 * CONN_TYPE_* of the connection.
 *
 * @c connection.h:219
 * @cstatic
 */
export function connGetType(conn: connection): number {
  return conn.type.get_type(conn);
}

/**
 * Whether the last error was a mere interruption.
 *
 * @c connection.h:223
 * @cstatic
 */
export function connLastErrorRetryable(conn: connection): boolean {
  return conn.last_errno === EINTR;
}

/* ------ connection.c ------ */

/**
 * A socket connection without a socket yet.
 *
 * @c connection.c:77
 */
export function connCreateSocket(): connection {
  zcalloc(SIZEOF_CONNECTION);
  return new connection(CT_Socket);
}

/**
 * A socket connection over a descriptor that was accepted. It serves I/O once connAccept() has been called.
 *
 * @c connection.c:95
 */
export function connCreateAcceptedSocket(fd: number): connection {
  const conn = connCreateSocket();
  conn.fd = fd;
  conn.state = CONN_STATE_ACCEPTING;
  return conn;
}

/**
 * connConnect() of a socket.
 *
 * @c connection.c:102
 * @cstatic
 */
export function connSocketConnect(
  conn: connection,
  addr: string,
  port: number,
  src_addr: string | null,
  connect_handler: ConnectionCallbackFunc,
): number {
  const fd = anetTcpNonBlockBestEffortBindConnect(null, addr, port, src_addr);
  if (fd === -1) {
    conn.state = CONN_STATE_ERROR;
    conn.last_errno = posix.errno;
    return C_ERR;
  }

  conn.fd = fd;
  conn.state = CONN_STATE_CONNECTING;

  conn.conn_handler = connect_handler;
  aeCreateFileEvent(server.el, conn.fd, AE_WRITABLE, conn.type.ae_handler, conn);

  return C_OK;
}

/**
 * Whether a write handler is set.
 *
 * @c connection.c:122
 */
export function connHasWriteHandler(conn: connection): boolean {
  return conn.write_handler !== null;
}

/**
 * Whether a read handler is set.
 *
 * @c connection.c:127
 */
export function connHasReadHandler(conn: connection): boolean {
  return conn.read_handler !== null;
}

/**
 * Ties the connection to whom it serves.
 *
 * @c connection.c:132
 */
export function connSetPrivateData(conn: connection, data: unknown): void {
  conn.private_data = data;
}

/**
 * Whom the connection serves; the caller knows the type.
 *
 * @c connection.c:137
 */
export function connGetPrivateData(conn: connection): unknown {
  return conn.private_data;
}

/**
 * connClose() of a socket: the descriptor goes at once, the connection when no handler runs on it any more.
 *
 * @c connection.c:148
 * @cstatic
 */
export function connSocketClose(conn: connection): void {
  if (conn.fd !== -1) {
    aeDeleteFileEvent(server.el, conn.fd, AE_READABLE | AE_WRITABLE);
    posix.close(conn.fd);
    conn.fd = -1;
  }

  if (connHasRefs(conn)) {
    conn.flags |= CONN_FLAG_CLOSE_SCHEDULED;
    return;
  }

  zfree(SIZEOF_CONNECTION);
}

/**
 * connWrite() of a socket.
 *
 * @c connection.c:166
 * @cstatic
 */
export function connSocketWrite(
  conn: connection,
  data: Uint8Array,
  off: number,
  data_len: number,
): number {
  const ret = posix.write(conn.fd, data, off, data_len);
  if (ret < 0 && posix.errno !== EAGAIN) {
    conn.last_errno = posix.errno;

    // A connection that is not up yet keeps its state: the event handler still has to act on it.
    if (posix.errno !== EINTR && conn.state === CONN_STATE_CONNECTED) conn.state = CONN_STATE_ERROR;
  }

  return ret;
}

/**
 * connWritev() of a socket.
 *
 * @c connection.c:181
 * @cstatic
 */
export function connSocketWritev(conn: connection, iov: iovec[], iovcnt: number): number {
  const ret = posix.writev(conn.fd, iov, iovcnt);
  if (ret < 0 && posix.errno !== EAGAIN) {
    conn.last_errno = posix.errno;

    if (posix.errno !== EINTR && conn.state === CONN_STATE_CONNECTED) conn.state = CONN_STATE_ERROR;
  }

  return ret;
}

/**
 * connRead() of a socket.
 *
 * @c connection.c:196
 * @cstatic
 */
export function connSocketRead(
  conn: connection,
  buf: Uint8Array,
  off: number,
  buf_len: number,
): number {
  const ret = posix.read(conn.fd, buf, off, buf_len);
  if (ret === 0) {
    conn.state = CONN_STATE_CLOSED;
  } else if (ret < 0 && posix.errno !== EAGAIN) {
    conn.last_errno = posix.errno;

    if (posix.errno !== EINTR && conn.state === CONN_STATE_CONNECTED) conn.state = CONN_STATE_ERROR;
  }

  return ret;
}

/**
 * connAccept() of a socket: there is no handshake, so the handler is called now.
 *
 * @c connection.c:213
 * @cstatic
 */
export function connSocketAccept(conn: connection, accept_handler: ConnectionCallbackFunc): number {
  let ret = C_OK;

  if (conn.state !== CONN_STATE_ACCEPTING) return C_ERR;
  conn.state = CONN_STATE_CONNECTED;

  // The second reference keeps callHandler() from closing for good: the caller does that when it sees C_ERR.
  connIncrRefs(conn);
  if (!callHandler(conn, accept_handler)) ret = C_ERR;
  connDecrRefs(conn);

  return ret;
}

/**
 * connSetWriteHandlerWithBarrier() of a socket: the handler stands for a writable event of the loop.
 *
 * @c connection.c:234
 * @cstatic
 */
export function connSocketSetWriteHandler(
  conn: connection,
  func: ConnectionCallbackFunc | null,
  barrier: number,
): number {
  if (func === conn.write_handler) return C_OK;

  conn.write_handler = func;
  if (barrier) conn.flags |= CONN_FLAG_WRITE_BARRIER;
  else conn.flags &= ~CONN_FLAG_WRITE_BARRIER;
  if (conn.write_handler === null) aeDeleteFileEvent(server.el, conn.fd, AE_WRITABLE);
  else if (
    aeCreateFileEvent(server.el, conn.fd, AE_WRITABLE, conn.type.ae_handler, conn) === AE_ERR
  )
    return C_ERR;
  return C_OK;
}

/**
 * connSetReadHandler() of a socket: the handler stands for a readable event of the loop.
 *
 * @c connection.c:253
 * @cstatic
 */
export function connSocketSetReadHandler(
  conn: connection,
  func: ConnectionCallbackFunc | null,
): number {
  if (func === conn.read_handler) return C_OK;

  conn.read_handler = func;
  if (conn.read_handler === null) aeDeleteFileEvent(server.el, conn.fd, AE_READABLE);
  else if (
    aeCreateFileEvent(server.el, conn.fd, AE_READABLE, conn.type.ae_handler, conn) === AE_ERR
  )
    return C_ERR;
  return C_OK;
}

/**
 * connGetLastError() of a socket: the text of errno.
 *
 * @c connection.c:265
 * @cstatic
 */
export function connSocketGetLastError(conn: connection): string {
  return strerror(conn.last_errno);
}

/**
 * What the event loop calls for a socket: finishes a connect, then calls the read and the write handler, in this order unless there is a
 * write barrier. Each of them may close the connection, which ends the matter.
 *
 * @c connection.c:269
 * @cstatic
 */
export function connSocketEventHandler(
  _el: aeEventLoop,
  _fd: number,
  clientData: unknown,
  mask: number,
): void {
  const conn = clientData as connection;

  if (
    conn.state === CONN_STATE_CONNECTING &&
    (mask & AE_WRITABLE) !== 0 &&
    conn.conn_handler !== null
  ) {
    const conn_error = connGetSocketError(conn);
    if (conn_error) {
      conn.last_errno = conn_error;
      conn.state = CONN_STATE_ERROR;
    } else {
      conn.state = CONN_STATE_CONNECTED;
    }

    if (conn.write_handler === null) aeDeleteFileEvent(server.el, conn.fd, AE_WRITABLE);

    if (!callHandler(conn, conn.conn_handler)) return;
    conn.conn_handler = null;
  }

  // Reading first lets the reply to what was just read leave in the same iteration. With a barrier it is the other way
  // round: between reading and replying lies a beforeSleep(), which makes the writes durable.
  const invert = (conn.flags & CONN_FLAG_WRITE_BARRIER) !== 0;

  const call_write = (mask & AE_WRITABLE) !== 0 && conn.write_handler !== null;
  const call_read = (mask & AE_READABLE) !== 0 && conn.read_handler !== null;

  if (!invert && call_read) {
    if (!callHandler(conn, conn.read_handler)) return;
  }
  if (call_write) {
    if (!callHandler(conn, conn.write_handler)) return;
  }
  if (invert && call_read) {
    if (!callHandler(conn, conn.read_handler)) return;
  }
}

/**
 * connBlockingConnect() of a socket. As in C a time-out leaves its mark in last_errno, but the state says CONNECTED and the result is C_OK:
 * the first write or read then fails.
 *
 * @c connection.c:323
 * @cstatic
 */
export function connSocketBlockingConnect(
  conn: connection,
  addr: string,
  port: number,
  timeout: number,
): number {
  const fd = anetTcpNonBlockConnect(null, addr, port);
  if (fd === -1) {
    conn.state = CONN_STATE_ERROR;
    conn.last_errno = posix.errno;
    return C_ERR;
  }

  if ((aeWait(fd, AE_WRITABLE, timeout) & AE_WRITABLE) === 0) {
    conn.state = CONN_STATE_ERROR;
    conn.last_errno = ETIMEDOUT;
  }

  conn.fd = fd;
  conn.state = CONN_STATE_CONNECTED;
  return C_OK;
}

/**
 * connSyncWrite() of a socket.
 *
 * @c connection.c:345
 * @cstatic
 */
export function connSocketSyncWrite(
  conn: connection,
  ptr: Uint8Array,
  off: number,
  size: number,
  timeout: number,
): number {
  return syncWrite(conn.fd, ptr, off, size, timeout);
}

/**
 * connSyncRead() of a socket.
 *
 * @c connection.c:349
 * @cstatic
 */
export function connSocketSyncRead(
  conn: connection,
  ptr: Uint8Array,
  off: number,
  size: number,
  timeout: number,
): number {
  return syncRead(conn.fd, ptr, off, size, timeout);
}

/**
 * connSyncReadLine() of a socket.
 *
 * @c connection.c:353
 * @cstatic
 */
export function connSocketSyncReadLine(
  conn: connection,
  size: number,
  timeout: number,
): string | null {
  return syncReadLine(conn.fd, size, timeout);
}

/**
 * connGetType() of a socket.
 *
 * @c connection.c:357
 * @cstatic
 */
export function connSocketGetType(_conn: connection): number {
  return CONN_TYPE_SOCKET;
}

/** The plain TCP or Unix socket. */
export const CT_Socket: ConnectionType = {
  ae_handler: connSocketEventHandler,
  close: connSocketClose,
  write: connSocketWrite,
  writev: connSocketWritev,
  read: connSocketRead,
  accept: connSocketAccept,
  connect: connSocketConnect,
  set_write_handler: connSocketSetWriteHandler,
  set_read_handler: connSocketSetReadHandler,
  get_last_error: connSocketGetLastError,
  blocking_connect: connSocketBlockingConnect,
  sync_write: connSocketSyncWrite,
  sync_read: connSocketSyncRead,
  sync_readline: connSocketSyncReadLine,
  get_type: connSocketGetType,
};

/**
 * The error that is pending on the socket, an errno; 0 for none.
 *
 * @c connection.c:382
 */
export function connGetSocketError(conn: connection): number {
  const sockerr = posix.getsockopt(conn.fd, SOL_SOCKET, SO_ERROR);
  return sockerr === -1 ? posix.errno : sockerr;
}

/**
 * Fills `addr` with the peer's address. C_OK, or C_ERR with "?" and 0 in it.
 *
 * @c connection.c:391
 */
export function connPeerToString(conn: connection | null, addr: ipPort): number {
  if (anetFdToString(conn ? conn.fd : -1, addr, FD_TO_PEER_NAME) === -1) {
    if (conn) conn.last_errno = posix.errno;
    return C_ERR;
  }
  return C_OK;
}

/**
 * Fills `addr` with our side's address. 0, or -1 with "?" and 0 in it.
 *
 * @c connection.c:399
 */
export function connSockName(conn: connection, addr: ipPort): number {
  return anetFdToString(conn.fd, addr, FD_TO_SOCK_NAME);
}

/**
 * The peer's address or ours as text; "?:0" without a connection.
 *
 * @c connection.c:403
 */
export function connFormatFdAddr(conn: connection | null, fd_to_str_type: number): string {
  return anetFormatFdAddr(conn ? conn.fd : -1, fd_to_str_type);
}

/**
 * Makes the socket blocking. C_OK, or C_ERR (also without a socket).
 *
 * @c connection.c:407
 */
export function connBlock(conn: connection): number {
  if (conn.fd === -1) return C_ERR;
  return anetBlock(null, conn.fd);
}

/**
 * Makes the socket non-blocking.
 *
 * @c connection.c:412
 */
export function connNonBlock(conn: connection): number {
  if (conn.fd === -1) return C_ERR;
  return anetNonBlock(null, conn.fd);
}

/**
 * Sends small packets at once.
 *
 * @c connection.c:417
 */
export function connEnableTcpNoDelay(conn: connection): number {
  if (conn.fd === -1) return C_ERR;
  return anetEnableTcpNoDelay(null, conn.fd);
}

/**
 * Lets the kernel collect small packets.
 *
 * @c connection.c:422
 */
export function connDisableTcpNoDelay(conn: connection): number {
  if (conn.fd === -1) return C_ERR;
  return anetDisableTcpNoDelay(null, conn.fd);
}

/**
 * Probes a silent peer after `interval` seconds.
 *
 * @c connection.c:427
 */
export function connKeepAlive(conn: connection, interval: number): number {
  if (conn.fd === -1) return C_ERR;
  return anetKeepAlive(null, conn.fd, interval);
}

/**
 * Blocking writes give up after `ms` milliseconds.
 *
 * @c connection.c:432
 */
export function connSendTimeout(conn: connection, ms: number): number {
  return anetSendTimeout(null, conn.fd, ms);
}

/**
 * Blocking reads give up after `ms` milliseconds.
 *
 * @c connection.c:436
 */
export function connRecvTimeout(conn: connection, ms: number): number {
  return anetRecvTimeout(null, conn.fd, ms);
}

/**
 * CONN_STATE_* of the connection.
 *
 * @c connection.c:440
 */
export function connGetState(conn: connection): number {
  return conn.state;
}

/**
 * What CLIENT LIST and logs say of the connection: `fd=N`, -1 without one.
 *
 * @c connection.c:449
 */
export function connGetInfo(conn: connection | null): string {
  return `fd=${conn === null ? -1 : conn.fd}`;
}
