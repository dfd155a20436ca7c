/**
 * anet.c: the small change of BSD sockets. Listening, connecting, accepting, socket options, addresses as text.
 *
 *     anetTcpServer ──► _anetTcpServer ──► getaddrinfo, socket, setsockopt, anetListen ──► bind, listen
 *     anetTcpNonBlockConnect ──► anetTcpGenericConnect ──► getaddrinfo, socket, [bind], connect
 *     anetTcpAccept ──► anetGenericAccept ──► accept4
 *
 * Who calls in: connection.ts, server.ts (listening), networking.ts (accepting), the client programs.
 * Whom it calls: posix, nothing else: it knows neither the server nor its event loop.
 *
 * What differs from C: C's `char *err` is a buffer of ANET_ERR_LEN bytes, `server.neterr` for most callers; here it is the
 * struct that owns the text (`server` itself, or any object with a `neterr`), or null when nobody wants to know. Addresses come
 * back as strings, or in a small struct where C fills two pointers.
 */
import {
  AF_INET,
  AF_INET6,
  AF_LOCAL,
  AF_UNIX,
  AF_UNSPEC,
  AI_NUMERICHOST,
  AI_PASSIVE,
  EINPROGRESS,
  EINTR,
  EINVAL,
  ENOSYS,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_V6ONLY,
  O_CLOEXEC,
  O_NONBLOCK,
  SO_KEEPALIVE,
  SO_MARK,
  SO_RCVTIMEO,
  SO_REUSEADDR,
  SO_SNDTIMEO,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_KEEPCNT,
  TCP_KEEPIDLE,
  TCP_KEEPINTVL,
  TCP_NODELAY,
  gai_strerror,
  posix,
  sockaddr,
  strerror,
  type addrinfoHints,
} from '../posix/posix.ts';

export const ANET_OK = 0;
export const ANET_ERR = -1;
export const ANET_ERR_LEN = 256;

/** Flags of several functions; ANET_IP_ONLY: resolve numeric addresses only. */
export const ANET_NONE = 0;
export const ANET_IP_ONLY = 1 << 0;

export const FD_TO_PEER_NAME = 0;
export const FD_TO_SOCK_NAME = 1;

export const ANET_CONNECT_NONE = 0;
export const ANET_CONNECT_NONBLOCK = 1;
/** Bind to the source address if that can be done, connect without otherwise. */
export const ANET_CONNECT_BE_BINDING = 2;

/** sizeof(sockaddr_un.sun_path) on Linux. */
const SUN_PATH_SIZE = 108;

/** Whoever keeps the text of the last network error: C's buffer `neterr`. */
export interface anetErr {
  neterr: string;
}

/** An address in two parts, filled by the functions that report one. */
export class ipPort {
  ip = '';
  port = 0;
}

/**
 * Notes why a call failed, cut to the size of C's buffer. Does nothing without an owner for the text.
 *
 * @c anet.c:54
 * @cstatic
 */
export function anetSetError(err: anetErr | null, msg: string): void {
  if (!err) return;
  err.neterr = msg.length < ANET_ERR_LEN ? msg : msg.slice(0, ANET_ERR_LEN - 1);
}

/**
 * Makes a descriptor blocking (`non_block` 0) or non-blocking; leaves it alone when it already is. ANET_OK or ANET_ERR.
 *
 * @c anet.c:64
 */
export function anetSetBlock(err: anetErr | null, fd: number, non_block: number): number {
  let flags = posix.fcntl(fd, F_GETFL, 0);
  if (flags === -1) {
    anetSetError(err, `fcntl(F_GETFL): ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  if (((flags & O_NONBLOCK) !== 0) === (non_block !== 0)) return ANET_OK;

  if (non_block) flags |= O_NONBLOCK;
  else flags &= ~O_NONBLOCK;

  if (posix.fcntl(fd, F_SETFL, flags) === -1) {
    anetSetError(err, `fcntl(F_SETFL,O_NONBLOCK): ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  return ANET_OK;
}

/**
 * Makes a descriptor non-blocking.
 *
 * @c anet.c:92
 */
export function anetNonBlock(err: anetErr | null, fd: number): number {
  return anetSetBlock(err, fd, 1);
}

/**
 * Makes a descriptor blocking.
 *
 * @c anet.c:96
 */
export function anetBlock(err: anetErr | null, fd: number): number {
  return anetSetBlock(err, fd, 0);
}

/**
 * Marks a descriptor so that programs we start do not inherit it. The new flags' fcntl result, or -1.
 *
 * @c anet.c:103
 */
export function anetCloexec(fd: number): number {
  let r: number;
  do {
    r = posix.fcntl(fd, F_GETFD, 0);
  } while (r === -1 && posix.errno === EINTR);

  if (r === -1 || r & FD_CLOEXEC) return r;

  const flags = r | FD_CLOEXEC;
  do {
    r = posix.fcntl(fd, F_SETFD, flags);
  } while (r === -1 && posix.errno === EINTR);
  return r;
}

/**
 * Lets the kernel probe a silent peer: first after `interval` seconds, then three times at a third of that.
 *
 * @c anet.c:126
 */
export function anetKeepAlive(err: anetErr | null, fd: number, interval: number): number {
  if (posix.setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, 1) === -1) {
    anetSetError(err, `setsockopt SO_KEEPALIVE: ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  // The system's own first probe comes after two hours: of no use to a server that must notice dead clients.
  if (posix.setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, interval) < 0) {
    anetSetError(err, `setsockopt TCP_KEEPIDLE: ${strerror(posix.errno)}\n`);
    return ANET_ERR;
  }
  let val = Math.trunc(interval / 3);
  if (val === 0) val = 1;
  if (posix.setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, val) < 0) {
    anetSetError(err, `setsockopt TCP_KEEPINTVL: ${strerror(posix.errno)}\n`);
    return ANET_ERR;
  }
  if (posix.setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, 3) < 0) {
    anetSetError(err, `setsockopt TCP_KEEPCNT: ${strerror(posix.errno)}\n`);
    return ANET_ERR;
  }
  return ANET_OK;
}

/**
 * Switches Nagle's algorithm off (`val` 1) or on (0).
 *
 * @c anet.c:179
 * @cstatic
 */
export function anetSetTcpNoDelay(err: anetErr | null, fd: number, val: number): number {
  if (posix.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, val) === -1) {
    anetSetError(err, `setsockopt TCP_NODELAY: ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  return ANET_OK;
}

/**
 * Sends small packets at once.
 *
 * @c anet.c:189
 */
export function anetEnableTcpNoDelay(err: anetErr | null, fd: number): number {
  return anetSetTcpNoDelay(err, fd, 1);
}

/**
 * Lets the kernel collect small packets.
 *
 * @c anet.c:194
 */
export function anetDisableTcpNoDelay(err: anetErr | null, fd: number): number {
  return anetSetTcpNoDelay(err, fd, 0);
}

/**
 * A blocking write on `fd` gives up after `ms` milliseconds; 0: never.
 *
 * @c anet.c:201
 */
export function anetSendTimeout(err: anetErr | null, fd: number, ms: number): number {
  if (posix.setsockopt_timeval_ms(fd, SOL_SOCKET, SO_SNDTIMEO, ms) === -1) {
    anetSetError(err, `setsockopt SO_SNDTIMEO: ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  return ANET_OK;
}

/**
 * A blocking read on `fd` gives up after `ms` milliseconds; 0: never.
 *
 * @c anet.c:215
 */
export function anetRecvTimeout(err: anetErr | null, fd: number, ms: number): number {
  if (posix.setsockopt_timeval_ms(fd, SOL_SOCKET, SO_RCVTIMEO, ms) === -1) {
    anetSetError(err, `setsockopt SO_RCVTIMEO: ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  return ANET_OK;
}

/**
 * The numeric address of `host`, or null with the reason in `err`. With ANET_IP_ONLY only numeric addresses are understood, so
 * the call checks and normalizes one. Blocks while a name is resolved.
 *
 * @c anet.c:233
 */
export function anetResolve(err: anetErr | null, host: string, flags: number): string | null {
  const info = posix.getaddrinfo(host, null, {
    ai_family: AF_UNSPEC,
    ai_socktype: SOCK_STREAM,
    ai_flags: flags & ANET_IP_ONLY ? AI_NUMERICHOST : 0,
  });
  if (typeof info === 'number') {
    anetSetError(err, gai_strerror(info));
    return null;
  }
  return info[0].ai_addr.address;
}

/**
 * Allows to listen on a port whose former connections still linger.
 *
 * @c anet.c:260
 * @cstatic
 */
export function anetSetReuseAddr(err: anetErr | null, fd: number): number {
  if (posix.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1) === -1) {
    anetSetError(err, `setsockopt SO_REUSEADDR: ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  return ANET_OK;
}

/**
 * A new stream socket of the family, with SO_REUSEADDR. Its descriptor or ANET_ERR.
 *
 * @c anet.c:271
 * @cstatic
 */
export function anetCreateSocket(err: anetErr | null, domain: number): number {
  const s = posix.socket(domain, SOCK_STREAM, 0);
  if (s === -1) {
    anetSetError(err, `creating socket: ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  if (anetSetReuseAddr(err, s) === ANET_ERR) {
    posix.close(s);
    return ANET_ERR;
  }
  return s;
}

/**
 * Connects to `addr`:`port`, trying each address that the name resolves to, from `source_addr` if given. `flags` are
 * ANET_CONNECT_*: a non-blocking socket comes back while it still connects; with best effort binding a source address that cannot
 * be used is dropped. The descriptor, or ANET_ERR with the reason in `err` and errno.
 *
 * @c anet.c:290
 * @cstatic
 */
export function anetTcpGenericConnect(
  err: anetErr | null,
  addr: string,
  port: number,
  source_addr: string | null,
  flags: number,
): number {
  const hints: addrinfoHints = { ai_family: AF_UNSPEC, ai_socktype: SOCK_STREAM, ai_flags: 0 };
  const servinfo = posix.getaddrinfo(addr, String(port), hints);
  if (typeof servinfo === 'number') {
    anetSetError(err, gai_strerror(servinfo));
    return ANET_ERR;
  }
  let s = ANET_ERR;
  let exhausted = true;
  for (const p of servinfo) {
    s = posix.socket(p.ai_family, p.ai_socktype, p.ai_protocol);
    if (s === -1) continue;
    // From here on a failure is either worth a try with the next address (connect), or final (all else).
    exhausted = false;
    if (anetSetReuseAddr(err, s) === ANET_ERR) break;
    if (flags & ANET_CONNECT_NONBLOCK && anetNonBlock(err, s) !== ANET_OK) break;
    if (source_addr !== null) {
      let bound = false;
      const bservinfo = posix.getaddrinfo(source_addr, null, hints);
      if (typeof bservinfo === 'number') {
        anetSetError(err, gai_strerror(bservinfo));
        break;
      }
      for (const b of bservinfo) {
        if (posix.bind(s, b.ai_addr) !== -1) {
          bound = true;
          break;
        }
      }
      if (!bound) {
        anetSetError(err, `bind: ${strerror(posix.errno)}`);
        break;
      }
    }
    if (posix.connect(s, p.ai_addr) === -1) {
      if (posix.errno === EINPROGRESS && flags & ANET_CONNECT_NONBLOCK) return s;
      closeKeepingErrno(s);
      s = ANET_ERR;
      exhausted = true;
      continue;
    }
    return s;
  }
  if (exhausted) anetSetError(err, `creating socket: ${strerror(posix.errno)}`);
  if (s !== ANET_ERR) {
    closeKeepingErrno(s);
    s = ANET_ERR;
  }
  if (source_addr !== null && flags & ANET_CONNECT_BE_BINDING) {
    return anetTcpGenericConnect(err, addr, port, null, flags);
  }
  return s;
}

/**
 * Closes a descriptor of a failed attempt. The caller's caller looks at errno, which must still tell why the attempt failed.
 *
 * @own in C a close() that succeeds leaves errno alone; a kernel of ours may be less careful
 */
export function closeKeepingErrno(fd: number): void {
  const saved = posix.errno;
  posix.close(fd);
  posix.errno = saved;
}

/**
 * Starts to connect; the descriptor becomes writable when that is done. ANET_ERR on failure.
 *
 * @c anet.c:370
 */
export function anetTcpNonBlockConnect(err: anetErr | null, addr: string, port: number): number {
  return anetTcpGenericConnect(err, addr, port, null, ANET_CONNECT_NONBLOCK);
}

/**
 * Starts to connect, from `source_addr` where that is possible.
 *
 * @c anet.c:375
 */
export function anetTcpNonBlockBestEffortBindConnect(
  err: anetErr | null,
  addr: string,
  port: number,
  source_addr: string | null,
): number {
  return anetTcpGenericConnect(
    err,
    addr,
    port,
    source_addr,
    ANET_CONNECT_NONBLOCK | ANET_CONNECT_BE_BINDING,
  );
}

/**
 * Connects to a Unix socket. The descriptor, or ANET_ERR.
 *
 * @c anet.c:382
 */
export function anetUnixGenericConnect(err: anetErr | null, path: string, flags: number): number {
  const s = anetCreateSocket(err, AF_LOCAL);
  if (s === ANET_ERR) return ANET_ERR;

  const sa = new sockaddr();
  sa.sa_family = AF_LOCAL;
  sa.address = path.slice(0, SUN_PATH_SIZE - 1);
  if (flags & ANET_CONNECT_NONBLOCK) {
    if (anetNonBlock(err, s) !== ANET_OK) {
      posix.close(s);
      return ANET_ERR;
    }
  }
  if (posix.connect(s, sa) === -1) {
    if (posix.errno === EINPROGRESS && flags & ANET_CONNECT_NONBLOCK) return s;
    anetSetError(err, `connect: ${strerror(posix.errno)}`);
    closeKeepingErrno(s);
    return ANET_ERR;
  }
  return s;
}

/**
 * Binds the socket and listens; closes it on failure.
 *
 * @c anet.c:410
 * @cstatic
 */
export function anetListen(err: anetErr | null, s: number, sa: sockaddr, backlog: number): number {
  if (posix.bind(s, sa) === -1) {
    anetSetError(err, `bind: ${strerror(posix.errno)}`);
    closeKeepingErrno(s);
    return ANET_ERR;
  }
  if (posix.listen(s, backlog) === -1) {
    anetSetError(err, `listen: ${strerror(posix.errno)}`);
    closeKeepingErrno(s);
    return ANET_ERR;
  }
  return ANET_OK;
}

/**
 * Keeps an IPv6 socket away from IPv4 traffic, so that both families can listen on one port.
 *
 * @c anet.c:425
 * @cstatic
 */
export function anetV6Only(err: anetErr | null, s: number): number {
  if (posix.setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, 1) === -1) {
    anetSetError(err, `setsockopt: ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  return ANET_OK;
}

/**
 * Listens on `port` of `bindaddr` ("*", "::*" or null: all) in the family `af`. The descriptor, or ANET_ERR; errno then tells a family
 * that the machine does not have (EAFNOSUPPORT, EADDRNOTAVAIL, ...) from a port that is taken.
 *
 * @c anet.c:434
 * @cstatic
 */
export function _anetTcpServer(
  err: anetErr | null,
  port: number,
  bindaddr: string | null,
  af: number,
  backlog: number,
): number {
  if (bindaddr === '*') bindaddr = null;
  if (af === AF_INET6 && bindaddr === '::*') bindaddr = null;

  const servinfo = posix.getaddrinfo(bindaddr, String(port), {
    ai_family: af,
    ai_socktype: SOCK_STREAM,
    ai_flags: AI_PASSIVE,
  });
  if (typeof servinfo === 'number') {
    anetSetError(err, gai_strerror(servinfo));
    return ANET_ERR;
  }
  for (const p of servinfo) {
    const s = posix.socket(p.ai_family, p.ai_socktype, p.ai_protocol);
    if (s === -1) continue;

    if (
      (af === AF_INET6 && anetV6Only(err, s) === ANET_ERR) ||
      anetSetReuseAddr(err, s) === ANET_ERR
    ) {
      closeKeepingErrno(s);
      return ANET_ERR;
    }
    // As in C the first socket that can be made decides; anetListen has closed it when it fails.
    return anetListen(err, s, p.ai_addr, backlog) === ANET_ERR ? ANET_ERR : s;
  }
  anetSetError(err, `unable to bind socket, errno: ${posix.errno}`);
  return ANET_ERR;
}

/**
 * Listens on an IPv4 address.
 *
 * @c anet.c:476
 */
export function anetTcpServer(
  err: anetErr | null,
  port: number,
  bindaddr: string | null,
  backlog: number,
): number {
  return _anetTcpServer(err, port, bindaddr, AF_INET, backlog);
}

/**
 * Listens on an IPv6 address.
 *
 * @c anet.c:481
 */
export function anetTcp6Server(
  err: anetErr | null,
  port: number,
  bindaddr: string | null,
  backlog: number,
): number {
  return _anetTcpServer(err, port, bindaddr, AF_INET6, backlog);
}

/**
 * Listens on a Unix socket at `path`, with the file mode `perm` unless that is 0. The descriptor, or ANET_ERR.
 *
 * @c anet.c:486
 */
export function anetUnixServer(
  err: anetErr | null,
  path: string,
  perm: number,
  backlog: number,
): number {
  if (path.length > SUN_PATH_SIZE - 1) {
    anetSetError(err, `unix socket path too long (${path.length}), must be under ${SUN_PATH_SIZE}`);
    return ANET_ERR;
  }
  const s = anetCreateSocket(err, AF_LOCAL);
  if (s === ANET_ERR) return ANET_ERR;

  const sa = new sockaddr();
  sa.sa_family = AF_LOCAL;
  sa.address = path;
  if (anetListen(err, s, sa, backlog) === ANET_ERR) return ANET_ERR;
  if (perm) posix.chmod(path, perm);
  return s;
}

/**
 * Takes one waiting connection: a descriptor that does not block and is not inherited. `sa` is filled with the peer. ANET_ERR with errno
 * EAGAIN when none waits.
 *
 * @c anet.c:510
 * @cstatic
 */
export function anetGenericAccept(err: anetErr | null, s: number, sa: sockaddr): number {
  let fd: number;
  do {
    fd = posix.accept4(s, sa, SOCK_NONBLOCK | SOCK_CLOEXEC);
  } while (fd === -1 && posix.errno === EINTR);
  if (fd === -1) {
    anetSetError(err, `accept: ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  return fd;
}

/**
 * Takes one TCP connection; `peer`, if given, receives its address. The descriptor, or ANET_ERR.
 *
 * @c anet.c:541
 */
export function anetTcpAccept(
  err: anetErr | null,
  serversock: number,
  peer: ipPort | null,
): number {
  const sa = new sockaddr();
  const fd = anetGenericAccept(err, serversock, sa);
  if (fd === ANET_ERR) return ANET_ERR;
  if (peer) {
    peer.ip = sa.address;
    peer.port = sa.port;
  }
  return fd;
}

/**
 * Takes one connection of a Unix socket. The descriptor, or ANET_ERR.
 *
 * @c anet.c:562
 */
export function anetUnixAccept(err: anetErr | null, s: number): number {
  const sa = new sockaddr();
  return anetGenericAccept(err, s, sa);
}

/**
 * Fills `addr` with the address of the other side (FD_TO_PEER_NAME) or of ours (FD_TO_SOCK_NAME). 0, or -1 with "?" and 0 in it. A Unix
 * socket is "/unixsocket".
 *
 * @c anet.c:572
 */
export function anetFdToString(fd: number, addr: ipPort, fd_to_str_type: number): number {
  const sa = new sockaddr();
  const ret =
    fd_to_str_type === FD_TO_PEER_NAME ? posix.getpeername(fd, sa) : posix.getsockname(fd, sa);

  if (ret !== -1) {
    if (sa.sa_family === AF_INET || sa.sa_family === AF_INET6) {
      addr.ip = sa.address;
      addr.port = sa.port;
      return 0;
    }
    if (sa.sa_family === AF_UNIX) {
      addr.ip = '/unixsocket';
      addr.port = 0;
      return 0;
    }
  }
  addr.ip = '?';
  addr.port = 0;
  return -1;
}

/**
 * `ip:port`, the way Redis shows addresses everywhere; an IPv6 address stands in brackets.
 *
 * @c anet.c:623
 */
export function anetFormatAddr(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/**
 * The address of a descriptor's peer or own side as text, "?:0" when there is none.
 *
 * @c anet.c:629
 */
export function anetFormatFdAddr(fd: number, fd_to_str_type: number): string {
  const addr = new ipPort();
  anetFdToString(fd, addr, fd_to_str_type);
  return anetFormatAddr(addr.ip, addr.port);
}

/**
 * Makes a pipe: fds[0] to read from, with `read_flags`, and fds[1] to write to, with `write_flags` (O_CLOEXEC, O_NONBLOCK). 0 or -1.
 *
 * @c anet.c:640
 */
export function anetPipe(fds: number[], read_flags: number, write_flags: number): number {
  let pipe_flags = O_CLOEXEC | (read_flags & write_flags);
  if (posix.pipe2(fds, pipe_flags)) {
    if (posix.errno !== ENOSYS && posix.errno !== EINVAL) return -1;
    pipe_flags = 0;
  } else {
    if ((O_CLOEXEC | read_flags) === (O_CLOEXEC | write_flags)) return 0;
    // What both ends share is set already.
    read_flags &= ~pipe_flags;
    write_flags &= ~pipe_flags;
  }

  if (pipe_flags === 0 && posix.pipe2(fds, 0)) return -1;

  const rfl = read_flags & ~O_CLOEXEC;
  const wfl = write_flags & ~O_CLOEXEC;
  if (
    (read_flags & O_CLOEXEC && posix.fcntl(fds[0], F_SETFD, FD_CLOEXEC)) ||
    (write_flags & O_CLOEXEC && posix.fcntl(fds[1], F_SETFD, FD_CLOEXEC)) ||
    (rfl && posix.fcntl(fds[0], F_SETFL, rfl)) ||
    (wfl && posix.fcntl(fds[1], F_SETFL, wfl))
  ) {
    closeKeepingErrno(fds[0]);
    closeKeepingErrno(fds[1]);
    return -1;
  }
  return 0;
}

/**
 * Marks the packets of a socket for the packet filter (needs privileges). ANET_OK or ANET_ERR.
 *
 * @c anet.c:693
 */
export function anetSetSockMarkId(err: anetErr | null, fd: number, id: number): number {
  if (posix.setsockopt(fd, SOL_SOCKET, SO_MARK, id) === -1) {
    anetSetError(err, `setsockopt: ${strerror(posix.errno)}`);
    return ANET_ERR;
  }
  return ANET_OK;
}
