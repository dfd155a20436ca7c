/**
 * A simulated machine whose TCP sockets are real ones: what a scenario sends goes through the loopback interface of the machine that
 * records, and its kernel tells which sockets are ready. Everything else stays the simulated machine's: clock, random bytes, files,
 * signals, Unix sockets, the numbers of descriptors, and the addresses that programs see.
 *
 *     program               this file                     the real kernel
 *     socket()  = 8         LoopbackSocket                socket()  = 21
 *     bind(8, *:6379)       the address is noted
 *     listen(8)                                           bind(21, 127.0.0.1:0), listen(21)
 *     connect(7, ..:6379)                                 connect(22, the port that 21 got)
 *     accept4(8) = 9        from 127.0.0.1:50312          accept4(21) = 24
 *     write(9), read(9)     bytes are counted             write(24), read(24)
 *     epoll_wait(5)         in the machine's order        epoll_wait(20)
 *
 * Recordings are the same each time, since nothing that a program notices depends on the real kernel's mood:
 *
 *   - both ends are here, so it is known how many bytes are on their way, and whoever reads or polls waits (poll(2), in real
 *     time, while the virtual clock stands still) until they have come;
 *   - a stream takes as many bytes as the simulated one, {@link SIM_SOCKET_BUFFER}; what the real one has no room for is put aside
 *     at its other end;
 *   - what the real kernel says is checked against what must hold, and what does not fit is an error, not a different recording.
 *
 * Without epoll (elsewhere than on Linux) the simulated one is used, over the same sockets.
 *
 * Who calls in: play.ts. Whom it calls: the kernels of posix/.
 */
import {
  AF_INET,
  AF_UNIX,
  EAGAIN,
  ECONNRESET,
  EINPROGRESS,
  EPOLL_CLOEXEC,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  IPPROTO_TCP,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_KEEPALIVE,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_SNDBUF,
  TCP_NODELAY,
  epoll_events,
  sockaddr,
  strerror,
} from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import {
  SIM_SOCKET_BUFFER,
  SimEpoll,
  SimKernel,
  SimSocket,
  type SimInterest,
} from '../../posix/posix_sim.ts';

/** How long something may take that the real kernel does at once, in milliseconds. */
const PATIENCE_MS = 10000;

/** What poll tells without being asked, or that there is something to be read. */
const NEWS = POLLIN | POLLERR | POLLHUP;

/** The kernel of the machine that records. */
const libc = new LibcKernel();

/** Where real sockets listen and connect to. */
function loopback(port: number): sockaddr {
  const address = new sockaddr();
  address.sa_family = AF_INET;
  address.address = '127.0.0.1';
  address.port = port;
  return address;
}

/** The result of a real call; throws when it failed. */
function must(result: number, what: string): number {
  if (result === -1) throw new Error(`${what}: ${strerror(libc.errno)}`);
  return result;
}

/** Opens a real socket as all are here. */
function openSocket(bufferBytes: number): number {
  const fd = must(libc.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 'socket');
  libc.setsockopt(fd, SOL_SOCKET, SO_SNDBUF, bufferBytes);
  libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, bufferBytes);
  // Without this a small piece would wait for the acknowledgement of the one before.
  libc.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  return fd;
}

/** Waits until a real socket shows all these bits. */
function waitFor(fd: number, bits: number): void {
  const wanted = { fd, events: bits, revents: 0 };
  const began = libc.clock_monotonic();
  for (;;) {
    const n = must(libc.poll([wanted], 1, PATIENCE_MS), 'poll');
    if ((wanted.revents & bits) === bits) return;
    if (n === 0 || libc.clock_monotonic() - began > PATIENCE_MS * 1000) {
      throw new Error(`a real socket shows ${wanted.revents} and not ${bits}`);
    }
  }
}

/** A TCP socket of the machine, and the real one that carries its bytes. `flying` are the bytes that the peer has not read. */
class LoopbackSocket extends SimSocket {
  declare readonly kernel: LoopbackKernel;
  /** The real descriptor; -1 before a connection is accepted, and after it was closed. */
  real: number;
  /** The real port, once it has one. */
  port = 0;
  /** The real one is listening or connected: what is ready is asked of it. */
  wired = false;
  /** Bytes that came before the real socket could take more. */
  private aside = new Uint8Array(0);

  constructor(kernel: LoopbackKernel, family: number, real: number) {
    super(kernel, family);
    this.real = real;
  }

  override offspring(): LoopbackSocket {
    return new LoopbackSocket(this.kernel, this.family, -1);
  }

  override unread(): number {
    return this.peer === null ? 0 : this.peer.flying;
  }

  /** The bits of poll that must come, if they have not yet. */
  expected(): number {
    if (this.real === -1 || !this.wired) return 0;
    const bits = this.ready() & NEWS;
    return this.aside.length > 0 ? bits & ~POLLIN : bits;
  }

  override notify(): void {
    if (this.interests.length > 0) this.kernel.unsettled.add(this);
    super.notify();
  }

  override read(buf: Uint8Array, off: number, len: number): number {
    if (!this.wired) return super.read(buf, off, len);
    const { peer } = this;
    const wanted = Math.min(len, this.unread());
    if (wanted > 0 && peer !== null) {
      this.receive(buf, off, wanted);
      peer.flying -= wanted;
      peer.notify();
      return wanted;
    }
    if (this.expected() !== 0) waitFor(this.real, this.expected());
    const n = libc.read(this.real, buf, off, len);
    if (n > 0) throw new Error(`${n} bytes came that nobody has sent`);
    return n === -1 ? this.failed() : 0;
  }

  /** Reads that many bytes, all of which have been sent. */
  private receive(buf: Uint8Array, off: number, len: number): void {
    const { aside } = this;
    let done = Math.min(len, aside.length);
    buf.set(aside.subarray(0, done), off);
    this.aside = aside.subarray(done);
    while (done < len) {
      const n = libc.read(this.real, buf, off + done, len - done);
      if (n > 0) done += n;
      else if (n === -1 && libc.errno === EAGAIN) waitFor(this.real, POLLIN);
      else
        throw new Error(`${len - done} bytes are lost: ${n === 0 ? 'end' : strerror(libc.errno)}`);
    }
  }

  /** Puts aside what has come, so that more can come. */
  private relieve(): void {
    if (this.real === -1) throw new Error('too many bytes before the connection was accepted');
    waitFor(this.real, POLLIN);
    const more = new Uint8Array(new ArrayBuffer(65536));
    const n = must(libc.read(this.real, more, 0, more.length), 'read');
    this.aside = Buffer.concat([this.aside, more.subarray(0, n)]);
  }

  /** After a real call failed: its errno. A stream that broke stays at its end. */
  private failed(): -1 {
    if (libc.errno !== EAGAIN) {
      this.error = 0;
      this.eof = true;
      this.shut = true;
    }
    return this.kernel.error(libc.errno);
  }

  override write(buf: Uint8Array, off: number, len: number): number {
    const { peer } = this;
    if (!this.wired || peer === null) return super.write(buf, off, len);
    if (this.error !== 0) waitFor(this.real, this.expected());
    if (this.error !== 0 || this.shut) {
      if (libc.write(this.real, buf, off, len) !== -1)
        throw new Error('a broken stream took bytes');
      return this.failed();
    }
    const n = Math.min(len, this.space());
    if (n <= 0 && len > 0) return this.kernel.error(EAGAIN);
    for (let done = 0; done < n;) {
      const k = libc.write(this.real, buf, off + done, n - done);
      if (k !== -1) done += k;
      else if (libc.errno === EAGAIN && peer instanceof LoopbackSocket) peer.relieve();
      else must(k, 'write');
    }
    if (peer.state === 'connected') {
      this.flying += n;
      peer.notify();
    } else {
      // Nobody knows the stream there: the answer is a reset.
      this.error = ECONNRESET;
      this.notify();
    }
    return n;
  }

  /** The end of the stream; pieces are sent by `write`. */
  override send(_piece: null): void {
    const { peer } = this;
    if (peer === null || peer.state !== 'connected') return;
    peer.eof = true;
    peer.notify();
  }

  override released(): void {
    const { peer } = this;
    if (this.state === 'listening') super.released();
    else if (this.state === 'connected' && peer !== null) {
      if (this.unread() === 0 && this.real !== -1) {
        if (!this.shut) this.send(null);
      } else if (peer.state === 'connected') {
        // Closing with unread data resets the connection, and so does whoever listened and did not accept it.
        peer.error = ECONNRESET;
        peer.notify();
      }
    }
    this.state = 'closed';
    this.wired = false;
    if (this.real !== -1) libc.close(this.real);
    this.real = -1;
  }
}

/** An epoll instance of the machine over a real one, which knows the real sockets among the members. */
class LoopbackEpoll extends SimEpoll {
  declare readonly kernel: LoopbackKernel;
  private readonly real: number;
  /** Members by their real descriptors. */
  private readonly watched = new Map<number, SimInterest>();
  private events = new epoll_events(16);
  /** What the last wait told, by real descriptor. */
  private readonly found = new Map<number, number>();

  constructor(kernel: LoopbackKernel, real: number) {
    super(kernel);
    this.real = real;
  }

  /** The same interest as in the machine's instance. */
  watch(fd: number, file: LoopbackSocket): void {
    const interest = this.members.get(fd);
    if (interest === undefined || !file.wired) return;
    const op = this.watched.has(file.real) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    this.watched.set(file.real, interest);
    must(libc.epoll_ctl(this.real, op, file.real, interest.events), 'epoll_ctl');
  }

  override forget(i: SimInterest): void {
    super.forget(i);
    if (!(i.file instanceof LoopbackSocket) || !this.watched.delete(i.file.real)) return;
    must(libc.epoll_ctl(this.real, EPOLL_CTL_DEL, i.file.real, 0), 'epoll_ctl');
  }

  /** Asks the real kernel which members are ready. */
  private ask(): void {
    this.kernel.settle();
    const { events, found, watched } = this;
    found.clear();
    if (watched.size > events.fd.length) this.events = new epoll_events(watched.size * 2);
    const n = must(libc.epoll_wait(this.real, this.events, this.events.fd.length, 0), 'epoll_wait');
    for (let j = 0; j < n; j++) {
      const fd = this.events.fd[j];
      const interest = watched.get(fd);
      if (interest === undefined) throw new Error(`nobody asked for descriptor ${fd}`);
      found.set(fd, this.events.events[j]);
      // The machine has seen it become ready, or it must not be.
      if (!this.candidates.has(interest)) this.eventsOf(interest);
    }
  }

  override eventsOf(i: SimInterest): number {
    const { file } = i;
    const wanted = super.eventsOf(i);
    if (!(file instanceof LoopbackSocket) || this.watched.get(file.real) !== i) return wanted;
    // How much fits into a stream is for the machine to say, and bytes that were put aside have come.
    const own = POLLOUT | (wanted & ~file.expected() & POLLIN);
    const bits = ((this.found.get(file.real) ?? 0) & ~own) | (wanted & own);
    if (bits !== wanted) {
      throw new Error(`descriptor ${i.fd}: the real kernel says ${bits}, it must be ${wanted}`);
    }
    return bits;
  }

  override ready(): number {
    this.ask();
    return super.ready();
  }

  override collect(evs: epoll_events, maxevents: number): number {
    this.ask();
    return super.collect(evs, maxevents);
  }

  override released(): void {
    super.released();
    libc.close(this.real);
  }
}

/** The machine. */
export class LoopbackKernel extends SimKernel {
  /** Room that is asked of the real kernel for each direction of a stream. */
  bufferBytes = 2 * SIM_SOCKET_BUFFER;
  /** Real connections that were accepted here. */
  accepted = 0;
  /** Watched sockets to which something has happened that the real kernel may not show yet. */
  readonly unsettled = new Set<LoopbackSocket>();

  /** Whether this process can have real sockets that talk to each other. */
  static works(): boolean {
    const fds: number[] = [];
    const open = (): number => {
      const fd = openSocket(4096);
      fds.push(fd);
      return fd;
    };
    try {
      const port = listenOn(open(), 1);
      connectTo(open(), port);
      return true;
    } catch {
      return false;
    } finally {
      for (const fd of fds) libc.close(fd);
    }
  }

  /** Waits until the real kernel shows what has happened. */
  settle(): void {
    for (const socket of this.unsettled) {
      const bits = socket.expected();
      if (bits !== 0) waitFor(socket.real, bits);
    }
    this.unsettled.clear();
  }

  protected override newSocket(family: number): SimSocket {
    if (family === AF_UNIX) return super.newSocket(family);
    // Whatever the family, the real one is of IPv4, which every machine has.
    return new LoopbackSocket(this, family, openSocket(this.bufferBytes));
  }

  protected override newEpoll(): SimEpoll {
    const fd = libc.epoll_create1(EPOLL_CLOEXEC);
    return fd === -1 ? super.newEpoll() : new LoopbackEpoll(this, fd);
  }

  override listen(fd: number, backlog: number): number {
    const r = super.listen(fd, backlog);
    const socket = this.fds[fd];
    if (r === -1 || !(socket instanceof LoopbackSocket)) return r;
    socket.port = listenOn(socket.real, backlog);
    socket.wired = true;
    return r;
  }

  protected override establish(s: SimSocket, l: SimSocket): void {
    if (s instanceof LoopbackSocket && l instanceof LoopbackSocket) {
      connectTo(s.real, l.port);
      s.port = portOf(s.real);
      s.wired = true;
    }
    super.establish(s, l);
  }

  override accept4(fd: number, peer: sockaddr | null, flags: number): number {
    const listener = this.fds[fd];
    const accepted = super.accept4(fd, peer, flags);
    const socket = this.fds[accepted];
    if (!(listener instanceof LoopbackSocket) || !(socket instanceof LoopbackSocket)) {
      return accepted;
    }
    waitFor(listener.real, POLLIN);
    const from = new sockaddr();
    socket.real = must(libc.accept4(listener.real, from, SOCK_NONBLOCK | SOCK_CLOEXEC), 'accept4');
    libc.setsockopt(socket.real, IPPROTO_TCP, TCP_NODELAY, 1);
    socket.wired = true;
    this.accepted++;
    // Both queues are first in, first out.
    if ((socket.peer as LoopbackSocket).port !== from.port) {
      throw new Error(`port ${from.port} was accepted for another`);
    }
    return accepted;
  }

  override setsockopt(fd: number, level: number, optname: number, value: number): number {
    const r = super.setsockopt(fd, level, optname, value);
    const socket = this.fds[fd];
    if (r === -1 || !(socket instanceof LoopbackSocket)) return r;
    const isPlain = level === SOL_SOCKET && [SO_KEEPALIVE, SO_REUSEADDR].includes(optname);
    // Bytes must not wait for each other, whatever the program wants.
    const isOfTcp = level === IPPROTO_TCP && optname !== TCP_NODELAY;
    if (isPlain || isOfTcp) must(libc.setsockopt(socket.real, level, optname, value), 'setsockopt');
    return r;
  }

  override shutdown(fd: number, how: number): number {
    const r = super.shutdown(fd, how);
    const socket = this.fds[fd];
    if (r !== -1 && socket instanceof LoopbackSocket) libc.shutdown(socket.real, how);
    return r;
  }

  override epoll_ctl(epfd: number, op: number, fd: number, events: number): number {
    const r = super.epoll_ctl(epfd, op, fd, events);
    const [ep, file] = [this.fds[epfd], this.fds[fd]];
    if (r !== -1 && ep instanceof LoopbackEpoll && file instanceof LoopbackSocket) {
      ep.watch(fd, file);
    }
    return r;
  }
}

/** Lets a real socket listen on a free port. The port. */
function listenOn(fd: number, backlog: number): number {
  must(libc.bind(fd, loopback(0)), 'bind');
  must(libc.listen(fd, backlog), 'listen');
  return portOf(fd);
}

/** Connects a real socket to a port, and waits until it is connected. */
function connectTo(fd: number, port: number): void {
  const r = libc.connect(fd, loopback(port));
  if (r === -1 && libc.errno !== EINPROGRESS) must(r, 'connect');
  waitFor(fd, POLLOUT);
  if (libc.getpeername(fd, new sockaddr()) === -1) must(-1, 'connect');
}

/** The port of a real socket. */
function portOf(fd: number): number {
  const address = new sockaddr();
  must(libc.getsockname(fd, address), 'getsockname');
  return address.port;
}
