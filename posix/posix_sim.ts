/**
 * Machines in memory: a world with one virtual clock and one seed, hosts with their own descriptors, files and kernel
 * calls, and a network between them that can delay, cut and lose. It runs wherever JavaScript runs: nothing of Node is used.
 *
 *     SimWorld ── clock, seed, queue of things to come (time, order, what)
 *       ├── SimKernel 10.0.0.1   descriptors ─> SimSocket, SimPipe, SimOpenFile, SimEpoll, SimKqueue; inodes by path
 *       ├── SimKernel 10.0.0.2
 *       └── SimNetwork           latency, jitter, loss, partitions, segment size
 *
 * Time stands still while code runs, unless `readingCost` says otherwise; it jumps to the next thing in the queue when the world is
 * stepped. The same seed and
 * the same program give the same run. An event loop started with `aeRun` on a kernel gets its turns from the world:
 *
 *     const world = new SimWorld(42);
 *     usePosix(world.host('10.0.0.1'));  ... start a server ...
 *     usePosix(world.host('10.0.0.2'));  ... start another ...
 *     world.advance(5_000_000);          // five seconds of both
 *
 * A call that blocks (poll, connect, a read of a blocking socket, usleep) lets the rest of the world go on until it is done;
 * only callbacks of the blocked host wait. (Two hosts that block at the same time come back in reverse order.)
 *
 * The disk: what was written is seen at once, but `crash()` goes back to what was fsynced, contents and names alike. A name
 * becomes durable when its file or its directory is fsynced.
 *
 * The network: a stream keeps its order and loses nothing, as TCP does; a lost segment only comes late. A cut link holds what
 * is sent until it is healed. A connection to a machine that was crashed or closed is reset when it is next written to.
 *
 * Who calls in: tests, simulations, the site's browser bundle. Whom it calls: nobody.
 */

import * as P from './posix.ts';
import type {
  HostHandle,
  HostLoop,
  HostTimer,
  Posix,
  addrinfo,
  addrinfoHints,
  epoll_events,
  fd_set,
  iovec,
  kevent_t,
  pollfd,
  rlimit,
  rusage,
  sighandler,
  sockaddr,
  spawnOptions,
  stat_t,
  tm,
  utsname,
  waitResult,
} from './posix.ts';

/** Microseconds after which an unanswered segment or SYN is sent again. */
export const SIM_RTO_US = 200000;
/** Microseconds after which an unanswered connect gives up, as with Linux's six SYN retries. */
export const SIM_CONNECT_TIMEOUT_US = 127000000;
/** Bytes that a stream holds between write and read before the writer must wait. */
export const SIM_SOCKET_BUFFER = 212992;

/** Thrown by `exit` to leave the program; the world catches it. */
export class SimExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit(${code})`);
    this.code = code;
  }
}

/** Something that will happen. */
interface SimEvent {
  at: number;
  seq: number;
  /** The host whose code it runs; null for the world's own work (deliveries). */
  kernel: SimKernel | null;
  /** The life of that host to which it belongs; a crash begins a new one. */
  life: number;
  cancelled: boolean;
  run: () => void;
}

/** How the network behaves. Change the fields at any time. */
export class SimNetwork {
  /** One way, between two hosts, in microseconds. */
  latency = 100;
  /** Added at random, up to that many microseconds a segment. */
  jitter = 0;
  /** Within one host. */
  loopback = 10;
  /** Chance 0-1 that a segment must be sent again. */
  loss = 0;
  /** Largest piece that is delivered at once: small ones make partial reads. */
  segment = Infinity;
  private readonly cuts = new Set<string>();

  /** Nothing passes between the two hosts any more, in either direction. @own simulation */
  partition(a: string, b: string): void {
    this.cuts.add(`${a} ${b}`);
    this.cuts.add(`${b} ${a}`);
  }

  /** Nothing passes from `a` to `b` any more; the other direction works. @own simulation */
  cut(a: string, b: string): void {
    this.cuts.add(`${a} ${b}`);
  }

  /** Undoes cuts between the two hosts, or all cuts. @own simulation */
  heal(a?: string, b?: string): void {
    if (a === undefined || b === undefined) {
      this.cuts.clear();
      return;
    }
    this.cuts.delete(`${a} ${b}`);
    this.cuts.delete(`${b} ${a}`);
  }

  /** Whether a segment from `a` reaches `b`. @own simulation */
  passes(a: string, b: string): boolean {
    return this.cuts.size === 0 || !this.cuts.has(`${a} ${b}`);
  }
}

/** Everything that exists. */
export class SimWorld {
  /** Virtual microseconds since the beginning. */
  now = 0;
  /** The wall clock at the beginning: microseconds since 1970. */
  epoch = 1600000000000000;
  /** What a turn of an event loop costs, so that time passes even in a busy world. */
  turnCost = 1;
  /** What reading a clock costs: with 1, code that waits in a loop for a clock to move comes to its end. */
  readingCost = 0;
  readonly network = new SimNetwork();
  readonly hosts = new Map<string, SimKernel>();
  /** Exceptions thrown by programs; `step` throws the first one when nobody collects them. */
  onError: ((e: unknown, kernel: SimKernel) => void) | null = null;
  private readonly queue: SimEvent[] = [];
  private seq = 0;
  private seed: number;

  constructor(seed: number = 1) {
    this.seed = seed >>> 0;
  }

  /** The machine with that address; it is switched on when first asked for. @own simulation */
  host(ip: string): SimKernel {
    let k = this.hosts.get(ip);
    if (k === undefined) {
      k = new SimKernel(this, ip);
      this.hosts.set(ip, k);
    }
    return k;
  }

  /** The next random number, 0 <= n < 1 (mulberry32). @own simulation */
  random(): number {
    this.seed = (this.seed + 0x6d2b79f5) >>> 0;
    let t = this.seed;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Lets `run` happen `us` microseconds from now. Binary heap, ordered by time, then by asking. @own simulation */
  at(us: number, kernel: SimKernel | null, run: () => void): SimEvent {
    const e: SimEvent = {
      at: this.now + us,
      seq: this.seq++,
      kernel,
      life: kernel === null ? 0 : kernel.life,
      cancelled: false,
      run,
    };
    this.push(e);
    return e;
  }

  /** Puts an event into the heap. @own simulation */
  private push(e: SimEvent): void {
    const q = this.queue;
    let i = q.length;
    q.push(e);
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!before(e, q[up])) break;
      q[i] = q[up];
      i = up;
    }
    q[i] = e;
  }

  /** Takes the next event out of the heap. @own simulation */
  private pop(): SimEvent | undefined {
    const q = this.queue;
    const top = q[0];
    const e = q.pop();
    if (e === undefined || q.length === 0) return top;
    let i = 0;
    for (;;) {
      let c = 2 * i + 1;
      if (c >= q.length) break;
      if (c + 1 < q.length && before(q[c + 1], q[c])) c++;
      if (!before(q[c], e)) break;
      q[i] = q[c];
      i = c;
    }
    q[i] = e;
    return top;
  }

  /** Makes the next thing happen, and time go to it. False when nothing will ever happen again. @own simulation */
  step(): boolean {
    for (;;) {
      const e = this.pop();
      if (e === undefined) return false;
      if (e.cancelled || (e.kernel !== null && e.kernel.life !== e.life)) continue;
      if (e.kernel !== null && e.kernel.blocked > 0) {
        e.kernel.postponed.push(e);
        continue;
      }
      if (e.at > this.now) this.now = e.at;
      this.perform(e);
      return true;
    }
  }

  /** Runs an event with its host as the current kernel. @own simulation */
  private perform(e: SimEvent): void {
    if (e.kernel === null) {
      e.run();
      return;
    }
    const kernel = e.kernel;
    const previous = P.posix;
    P.usePosix(kernel);
    try {
      e.run();
    } catch (error) {
      if (error instanceof SimExit) kernel.shutdownProcess(error.code);
      else if (this.onError !== null) this.onError(error, kernel);
      else throw error;
    } finally {
      if (previous !== undefined) P.usePosix(previous);
    }
  }

  /** The time of the next thing, Infinity for none. @own simulation */
  next(): number {
    while (this.queue.length > 0 && this.queue[0].cancelled) this.pop();
    return this.queue.length > 0 ? this.queue[0].at : Infinity;
  }

  /** Lets `us` microseconds pass, with all that happens in them. @own simulation */
  advance(us: number): void {
    const end = this.now + us;
    while (this.next() <= end) this.step();
    if (this.now < end) this.now = end;
  }

  /** Steps until `done` holds, at most `us` microseconds. Whether it holds. @own simulation */
  runUntil(done: () => boolean, us: number): boolean {
    const end = this.now + us;
    while (!done()) {
      if (this.next() > end) {
        this.now = Math.max(this.now, end);
        return done();
      }
      this.step();
    }
    return true;
  }

  /** Blocks `kernel` until `done` holds or the moment `end` has come. Whether it holds. @own simulation */
  block(kernel: SimKernel, done: () => boolean, end: number): boolean {
    if (done()) return true;
    const life = kernel.life;
    kernel.blocked++;
    let ok = false;
    while (kernel.life === life) {
      if (done()) {
        ok = true;
        break;
      }
      const next = this.next();
      if (next > end || next === Infinity) {
        if (end === Infinity)
          throw new Error(`${kernel.ip} waits for something that never happens`);
        if (this.now < end) this.now = end;
        break;
      }
      this.step();
    }
    kernel.blocked--;
    if (kernel.blocked === 0) {
      for (const e of kernel.postponed) this.push(e);
      kernel.postponed.length = 0;
    }
    if (kernel.onResume !== null) kernel.onResume();
    return ok;
  }
}

/** The order of the heap. @own simulation */
function before(a: SimEvent, b: SimEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}

/** What an epoll instance, a watcher or a kqueue wants to know of one descriptor. */
export class SimInterest {
  readonly ep: SimEpoll;
  readonly fd: number;
  readonly file: SimFile;
  events: number;

  constructor(ep: SimEpoll, fd: number, file: SimFile, events: number) {
    this.ep = ep;
    this.fd = fd;
    this.file = file;
    this.events = events;
  }
}

/** Anything that a descriptor can name. */
export abstract class SimFile {
  flags = 0;
  /** Descriptors that name it. */
  refs = 0;
  readonly interests: SimInterest[] = [];
  readonly kernel: SimKernel;

  constructor(kernel: SimKernel) {
    this.kernel = kernel;
  }

  /** The POLL bits that hold now. */
  abstract ready(): number;
  /** Bytes read into buf, 0 at the end, -1 with errno; EAGAIN when there is nothing yet. */
  abstract read(buf: Uint8Array, off: number, len: number): number;
  abstract write(buf: Uint8Array, off: number, len: number): number;
  /** The last descriptor is gone. */
  abstract released(): void;

  /** Tells everybody who waits that something may have changed. */
  notify(): void {
    for (const i of this.interests) {
      i.ep.candidates.add(i);
      i.ep.notify();
    }
    this.kernel.wake();
  }
}

/** epoll: `candidates` are the members that may be ready; a wait checks them and drops those that are not. */
export class SimEpoll extends SimFile {
  readonly members = new Map<number, SimInterest>();
  readonly candidates = new Set<SimInterest>();

  ready(): number {
    for (const i of this.candidates) {
      if (this.eventsOf(i) !== 0) return P.POLLIN;
      this.candidates.delete(i);
    }
    return 0;
  }

  /** What of that interest holds now. */
  eventsOf(i: SimInterest): number {
    return i.file.ready() & (i.events | P.POLLERR | P.POLLHUP);
  }

  /** Fills up to `maxevents` entries of `evs` with the members that are ready. How many. */
  collect(evs: epoll_events, maxevents: number): number {
    let n = 0;
    for (const i of this.candidates) {
      const r = this.eventsOf(i);
      if (r === 0) {
        this.candidates.delete(i);
      } else if (n < maxevents) {
        evs.events[n] = r;
        evs.fd[n++] = i.fd;
      }
    }
    return n;
  }

  read(): number {
    return this.kernel.error(P.EINVAL);
  }

  write(): number {
    return this.kernel.error(P.EINVAL);
  }

  forget(i: SimInterest): void {
    this.members.delete(i.fd);
    this.candidates.delete(i);
    const at = i.file.interests.indexOf(i);
    if (at !== -1) i.file.interests.splice(at, 1);
  }

  released(): void {
    for (const i of [...this.members.values()]) this.forget(i);
  }
}

/** kqueue: filters by descriptor, looked through at every wait. */
class SimKqueue extends SimFile {
  readonly filters = new Map<number, { read: boolean; write: boolean }>();

  ready(): number {
    for (const [fd, f] of this.filters) {
      const file = this.kernel.fds[fd];
      if (file === null || file === undefined) continue;
      const r = file.ready();
      if (f.read && r & (P.POLLIN | P.POLLHUP | P.POLLERR)) return P.POLLIN;
      if (f.write && r & (P.POLLOUT | P.POLLHUP | P.POLLERR)) return P.POLLIN;
    }
    return 0;
  }

  read(): number {
    return this.kernel.error(P.EINVAL);
  }

  write(): number {
    return this.kernel.error(P.EINVAL);
  }

  released(): void {
    this.filters.clear();
  }
}

/** A queue of bytes. */
class SimBytes {
  private readonly chunks: Uint8Array[] = [];
  private start = 0;
  length = 0;

  push(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  take(buf: Uint8Array, off: number, len: number): number {
    let n = 0;
    while (n < len && this.chunks.length > 0) {
      const c = this.chunks[0];
      const k = Math.min(len - n, c.length - this.start);
      buf.set(c.subarray(this.start, this.start + k), off + n);
      n += k;
      this.start += k;
      if (this.start === c.length) {
        this.chunks.shift();
        this.start = 0;
      }
    }
    this.length -= n;
    return n;
  }
}

/** A pipe; both ends share one object, told apart by the descriptor's wrapper. */
class SimPipe {
  readonly bytes = new SimBytes();
  reader: SimPipeEnd | null = null;
  writer: SimPipeEnd | null = null;
}

/** One end of a pipe. */
class SimPipeEnd extends SimFile {
  readonly pipe: SimPipe;
  readonly isReader: boolean;

  constructor(kernel: SimKernel, pipe: SimPipe, isReader: boolean) {
    super(kernel);
    this.pipe = pipe;
    this.isReader = isReader;
  }

  ready(): number {
    const p = this.pipe;
    if (this.isReader) {
      return (p.bytes.length > 0 ? P.POLLIN : 0) | (p.writer === null ? P.POLLHUP : 0);
    }
    return (p.bytes.length < 65536 ? P.POLLOUT : 0) | (p.reader === null ? P.POLLERR : 0);
  }

  read(buf: Uint8Array, off: number, len: number): number {
    if (!this.isReader) return this.kernel.error(P.EBADF);
    const p = this.pipe;
    if (p.bytes.length === 0) return p.writer === null ? 0 : this.kernel.error(P.EAGAIN);
    const n = p.bytes.take(buf, off, len);
    if (p.writer !== null) p.writer.notify();
    return n;
  }

  write(buf: Uint8Array, off: number, len: number): number {
    if (this.isReader) return this.kernel.error(P.EBADF);
    const p = this.pipe;
    if (p.reader === null) return this.kernel.error(P.EPIPE);
    const n = Math.min(len, 65536 - p.bytes.length);
    if (n === 0 && len > 0) return this.kernel.error(P.EAGAIN);
    p.bytes.push(buf.slice(off, off + n));
    p.reader.notify();
    return n;
  }

  released(): void {
    const p = this.pipe;
    if (this.isReader) p.reader = null;
    else p.writer = null;
    const other = this.isReader ? p.writer : p.reader;
    if (other !== null) other.notify();
  }
}

/** A stream socket, TCP or Unix. */
export class SimSocket extends SimFile {
  readonly family: number;
  local = new P.sockaddr();
  remote = new P.sockaddr();
  state: 'new' | 'listening' | 'connecting' | 'connected' | 'closed' = 'new';
  peer: SimSocket | null = null;
  backlog = 0;
  readonly waiting: SimSocket[] = [];
  readonly received = new SimBytes();
  /** Bytes sent by us that the peer has not been given yet. */
  flying = 0;
  /** The moment of the last delivery that is under way, which later ones must not overtake. */
  lastDelivery = 0;
  /** What is under way, in order, with the moments of arrival. */
  readonly outbox: { at: number; piece: Uint8Array | null }[] = [];
  /** The first piece could not be delivered and waits for its next attempt. */
  stalled = false;
  /** The peer sends no more. */
  eof = false;
  /** We send no more. */
  shut = false;
  error = 0;
  bound = false;
  rcvtimeo = 0;
  sndtimeo = 0;
  readonly options = new Map<number, number>();

  constructor(kernel: SimKernel, family: number) {
    super(kernel);
    this.family = family;
  }

  /** Bytes that can be written now. */
  space(): number {
    if (this.peer === null) return SIM_SOCKET_BUFFER;
    return SIM_SOCKET_BUFFER - this.flying - this.peer.received.length;
  }

  /** Bytes that can be read now. */
  unread(): number {
    return this.received.length;
  }

  /** The other end of a connection to this listening socket. */
  offspring(): SimSocket {
    return new SimSocket(this.kernel, this.family);
  }

  ready(): number {
    if (this.state === 'listening') return this.waiting.length > 0 ? P.POLLIN : 0;
    if (this.error !== 0) return P.POLLIN | P.POLLOUT | P.POLLERR | P.POLLHUP;
    if (this.state === 'new') return P.POLLOUT | P.POLLHUP;
    if (this.state === 'connecting') return 0;
    let r = 0;
    if (this.unread() > 0 || this.eof) r |= P.POLLIN;
    if (this.eof && this.shut) r |= P.POLLHUP;
    if (this.shut || this.space() > 0) r |= P.POLLOUT;
    return r;
  }

  read(buf: Uint8Array, off: number, len: number): number {
    if (this.received.length > 0) {
      const n = this.received.take(buf, off, len);
      if (this.peer !== null) this.peer.notify();
      return n;
    }
    if (this.error !== 0) return this.takeError();
    if (this.eof) return 0;
    if (this.state !== 'connected') return this.kernel.error(P.ENOTCONN);
    return this.kernel.error(P.EAGAIN);
  }

  /** Reports the pending error once. */
  takeError(): number {
    const e = this.error;
    this.error = 0;
    // A stream that was reset stays at its end.
    this.eof = true;
    this.shut = true;
    return this.kernel.error(e);
  }

  write(buf: Uint8Array, off: number, len: number): number {
    if (this.error !== 0) return this.takeError();
    if (this.state === 'connecting') return this.kernel.error(P.EAGAIN);
    if (this.shut) return this.kernel.error(P.EPIPE);
    if (this.state !== 'connected') return this.kernel.error(P.ENOTCONN);
    const n = Math.min(len, this.space());
    if (n <= 0 && len > 0) return this.kernel.error(P.EAGAIN);
    const segment = this.kernel.world.network.segment;
    for (let done = 0; done < n;) {
      const k = Math.min(n - done, segment);
      this.send(buf.slice(off + done, off + done + k));
      done += k;
    }
    return n;
  }

  /** Sends a piece, or the end of the stream (null), in order. */
  send(piece: Uint8Array | null): void {
    const world = this.kernel.world;
    const peer = this.peer;
    if (peer === null) return;
    if (piece !== null) this.flying += piece.length;
    const at = Math.max(world.now + this.delay(), this.lastDelivery);
    this.lastDelivery = at;
    this.outbox.push({ at, piece });
    world.at(at - world.now, null, () => this.pump(peer));
  }

  /** Microseconds from here to the peer, this time. */
  delay(): number {
    return this.kernel.delayTo(this.remoteKernel());
  }

  remoteKernel(): SimKernel {
    return this.peer === null ? this.kernel : this.peer.kernel;
  }

  /** Delivers, in order, the pieces whose time has come; when the link is cut they are tried again later, all behind the first. */
  pump(peer: SimSocket): void {
    const world = this.kernel.world;
    while (!this.stalled && this.outbox.length > 0 && this.outbox[0].at <= world.now) {
      if (!peer.kernel.powered || !world.network.passes(this.kernel.ip, peer.kernel.ip)) {
        this.stalled = true;
        world.at(SIM_RTO_US, null, () => {
          this.stalled = false;
          this.pump(peer);
        });
        return;
      }
      this.deliver(peer, this.outbox.shift()!.piece);
    }
  }

  /** A piece, or the end of the stream, arrives. */
  deliver(peer: SimSocket, piece: Uint8Array | null): void {
    if (piece !== null) this.flying -= piece.length;
    if (peer.state !== 'connected') {
      // Nobody knows the stream there: the answer is a reset.
      if (piece !== null && this.state === 'connected') {
        this.error = P.ECONNRESET;
        this.notify();
      }
      return;
    }
    if (piece === null) peer.eof = true;
    else peer.received.push(piece);
    peer.notify();
  }

  /** The machine lost its power: the stream is forgotten, and what was under way with it. */
  vanish(): void {
    this.state = 'closed';
    this.peer = null;
    this.outbox.length = 0;
  }

  released(): void {
    const kernel = this.kernel;
    if (this.state === 'listening') {
      kernel.listeners.delete(addressKey(this.local));
      for (const s of this.waiting) s.released();
      this.waiting.length = 0;
    } else if (this.state === 'connected' && this.peer !== null) {
      const peer = this.peer;
      if (this.received.length > 0) {
        // Closing with unread data resets the connection.
        kernel.world.at(this.delay(), null, () => {
          if (peer.state === 'connected') {
            peer.error = P.ECONNRESET;
            peer.notify();
          }
        });
      } else if (!this.shut) {
        this.send(null);
      }
    }
    this.state = 'closed';
  }
}

/** A file's contents, or a directory. */
class SimInode {
  readonly ino: number;
  mode: number;
  data = new Uint8Array(0);
  size = 0;
  mtime: number;
  /** What a crash leaves: the contents at the last fsync; null when never synced. */
  durable: Uint8Array | null = null;
  lock: { holders: Set<SimOpenFile>; exclusive: boolean } = {
    holders: new Set(),
    exclusive: false,
  };

  constructor(ino: number, mode: number, mtime: number) {
    this.ino = ino;
    this.mode = mode;
    this.mtime = mtime;
  }

  get isDir(): boolean {
    return (this.mode & P.S_IFMT) === P.S_IFDIR;
  }

  resize(size: number): void {
    if (size > this.data.length) {
      const grown = new Uint8Array(Math.max(size, this.data.length * 2, 256));
      grown.set(this.data.subarray(0, this.size));
      this.data = grown;
    }
    if (size < this.size) this.data.fill(0, size, this.size);
    this.size = size;
  }
}

/** An open file with its offset. */
class SimOpenFile extends SimFile {
  readonly inode: SimInode;
  offset = 0;

  constructor(kernel: SimKernel, inode: SimInode) {
    super(kernel);
    this.inode = inode;
  }

  ready(): number {
    return P.POLLIN | P.POLLOUT;
  }

  read(buf: Uint8Array, off: number, len: number): number {
    if ((this.flags & P.O_ACCMODE) === P.O_WRONLY) return this.kernel.error(P.EBADF);
    if (this.inode.isDir) return this.kernel.error(P.EISDIR);
    const n = Math.max(0, Math.min(len, this.inode.size - this.offset));
    buf.set(this.inode.data.subarray(this.offset, this.offset + n), off);
    this.offset += n;
    return n;
  }

  write(buf: Uint8Array, off: number, len: number): number {
    if ((this.flags & P.O_ACCMODE) === P.O_RDONLY) return this.kernel.error(P.EBADF);
    const k = this.kernel;
    const fault = k.disk.errno;
    if (fault !== 0) return k.error(fault);
    const inode = this.inode;
    if (this.flags & P.O_APPEND) this.offset = inode.size;
    const n = Math.min(len, Math.max(0, k.disk.capacity - this.offset));
    if (n === 0 && len > 0) return k.error(P.ENOSPC);
    if (this.offset + n > inode.size) inode.resize(this.offset + n);
    inode.data.set(buf.subarray(off, off + n), this.offset);
    this.offset += n;
    inode.mtime = k.gettimeofday();
    return n;
  }

  released(): void {
    this.inode.lock.holders.delete(this);
  }
}

/** Standard output and error: collected as text. */
class SimConsole extends SimFile {
  ready(): number {
    return P.POLLOUT;
  }

  read(): number {
    return 0;
  }

  write(buf: Uint8Array, off: number, len: number): number {
    let s = '';
    for (let i = 0; i < len; i++) s += String.fromCharCode(buf[off + i]);
    this.kernel.output += s;
    return len;
  }

  released(): void {
    return;
  }
}

/** The key under which a listener is found. @own simulation */
function addressKey(a: sockaddr): string {
  return a.sa_family === P.AF_UNIX ? `unix:${a.address}` : `${a.address}:${a.port}`;
}

/** Copies an address. @own simulation */
function copyAddress(from: sockaddr, to: sockaddr): void {
  to.sa_family = from.sa_family;
  to.address = from.address;
  to.port = from.port;
  to.scope_id = from.scope_id;
}

/** How the disk of a host behaves. Change the fields at any time. */
export class SimDisk {
  /** When not 0, writes and fsyncs fail with it (EIO, ENOSPC). */
  errno = 0;
  /** No file grows beyond that many bytes. */
  capacity = Infinity;
  /** After a crash, a random part of what was appended since the last fsync is there all the same. */
  torn = false;
  /** What an fsync takes, in microseconds. */
  fsyncTime = 0;
}

/** The loop that lends turns to the programs of one host. */
class SimHostLoop implements HostLoop {
  private readonly kernel: SimKernel;
  readonly watches = new Set<{ fd: number; cb: () => void }>();

  constructor(kernel: SimKernel) {
    this.kernel = kernel;
  }

  watchReadable(fd: number, cb: () => void): HostHandle | null {
    const w = { fd, cb };
    this.watches.add(w);
    this.kernel.wake();
    return {
      close: () => {
        this.watches.delete(w);
      },
    };
  }

  defer(cb: () => void): void {
    const kernel = this.kernel;
    kernel.world.at(kernel.world.turnCost, kernel, () => {
      cb();
      kernel.wake();
    });
  }

  timer(cb: () => void): HostTimer {
    const kernel = this.kernel;
    let armed: SimEvent | null = null;
    const stop = (): void => {
      if (armed !== null) armed.cancelled = true;
      armed = null;
    };
    return {
      start: (us) => {
        stop();
        armed = kernel.world.at(Math.max(us, 1), kernel, cb);
      },
      stop,
      close: stop,
    };
  }
}

/** One machine, with one program running on it. */
export class SimKernel implements Posix {
  errno = 0;
  readonly platform = 'sim';
  readonly world: SimWorld;
  readonly ip: string;
  readonly disk = new SimDisk();
  host: SimHostLoop;
  /** Microseconds that the wall clock of this host is ahead of the world's. */
  clockSkew = 0;
  /** What was written to standard output and error. */
  output = '';
  /** The code with which the program left; null while it runs. */
  exitCode: number | null = null;
  environment = new Map<string, string>();
  /** Called when a blocking call returns, since other hosts ran meanwhile: makes this host's server the current one. */
  onResume: (() => void) | null = null;
  /** Starts another program, and returns its pid; null: there are no others. */
  onSpawn: ((argv: string[], options: spawnOptions) => number) | null = null;

  /* For the world; not for programs. */
  life = 0;
  powered = true;
  blocked = 0;
  readonly postponed: SimEvent[] = [];
  fds: (SimFile | null)[] = [];
  readonly listeners = new Map<string, SimSocket>();

  private fdflags: number[] = [];
  private files = new Map<string, SimInode>();
  private durable = new Map<string, SimInode>();
  private nextIno = 2;
  private cwd = '/';
  private mask = 0o022;
  private waking = false;
  private ephemeral = 32768;
  private readonly pid: number;
  private readonly handlers = new Map<number, sighandler>();
  private limits = new Map<number, rlimit>();

  constructor(world: SimWorld, ip: string) {
    this.world = world;
    this.ip = ip;
    this.pid = 1000 + world.hosts.size;
    this.host = new SimHostLoop(this);
    for (const dir of ['/', '/tmp', '/dev']) this.mkdirDurable(dir);
    this.openConsole();
  }

  /** Fails with `e`. @own errno */
  error(e: number): -1 {
    this.errno = e;
    return -1;
  }

  /** Standard input, output and error. @own simulation */
  private openConsole(): void {
    const c = new SimConsole(this);
    c.refs = 3;
    this.fds = [c, c, c];
    this.fdflags = [0, 0, 0];
  }

  /** A directory that survives. @own simulation */
  private mkdirDurable(path: string): void {
    const inode = new SimInode(this.nextIno++, P.S_IFDIR | 0o755, this.gettimeofday());
    this.files.set(path, inode);
    this.durable.set(path, inode);
  }

  /** Something on this host changed: its watchers are looked at soon. @own simulation */
  wake(): void {
    if (this.waking || this.host.watches.size === 0) return;
    this.waking = true;
    this.world.at(0, this, () => {
      this.waking = false;
      for (const w of this.host.watches) {
        const f = this.fds[w.fd];
        if (f && f.ready() & P.POLLIN) w.cb();
      }
    });
  }

  /** Ends the program as `exit` does: descriptors are closed, callbacks forgotten. @own simulation */
  shutdownProcess(code: number): void {
    this.exitCode = code;
    for (let fd = 0; fd < this.fds.length; fd++) if (this.fds[fd]) this.close(fd);
    this.newLife();
  }

  /** Power failure: what was not fsynced is gone, and connections with it, without a farewell. @own simulation */
  crash(): void {
    this.powered = false;
    for (const f of this.fds) {
      if (!(f instanceof SimSocket)) continue;
      for (const c of f.waiting) c.vanish();
      f.vanish();
    }
    this.listeners.clear();
    this.newLife();
    this.files = new Map(this.durable);
    for (const inode of new Set(this.files.values())) {
      if (inode.isDir) continue;
      const kept = inode.durable ?? new Uint8Array(0);
      let data = kept;
      if (this.disk.torn && inode.size > kept.length) {
        const extra = Math.floor(this.world.random() * (inode.size - kept.length + 1));
        data = inode.data.slice(0, kept.length + extra);
        data.set(kept);
      }
      inode.data = data.slice();
      inode.size = data.length;
      inode.lock = { holders: new Set(), exclusive: false };
    }
  }

  /** Switches the machine on again after `crash`, or clears the way for a new program after `exit`. @own simulation */
  boot(): void {
    this.powered = true;
    this.exitCode = null;
    this.openConsole();
  }

  /** Forgets everything that the program had asked for. @own simulation */
  private newLife(): void {
    this.life++;
    this.waking = false;
    this.blocked = 0;
    this.postponed.length = 0;
    this.host = new SimHostLoop(this);
    this.handlers.clear();
    this.fds = [];
    this.fdflags = [];
  }

  /** Microseconds from here to `to`, this time. @own simulation */
  delayTo(to: SimKernel): number {
    const n = this.world.network;
    if (to === this) return n.loopback;
    let us = n.latency;
    if (n.jitter > 0) us += Math.floor(this.world.random() * n.jitter);
    if (n.loss > 0) while (this.world.random() < n.loss) us += SIM_RTO_US;
    return us;
  }

  /** The lowest free descriptor for `file`. @own simulation */
  private install(file: SimFile, cloexec: boolean, from: number = 0): number {
    let fd = from;
    while (this.fds[fd]) fd++;
    while (this.fds.length <= fd) {
      this.fds.push(null);
      this.fdflags.push(0);
    }
    this.fds[fd] = file;
    this.fdflags[fd] = cloexec ? P.FD_CLOEXEC : 0;
    file.refs++;
    return fd;
  }

  /** What `fd` names, or null with EBADF. @own simulation */
  private get(fd: number): SimFile | null {
    const f = this.fds[fd];
    if (f) return f;
    this.errno = P.EBADF;
    return null;
  }

  /** The socket that `fd` names, or null with EBADF or ENOTSOCK. @own simulation */
  private getSocket(fd: number): SimSocket | null {
    const f = this.get(fd);
    if (f instanceof SimSocket) return f;
    if (f !== null) this.errno = P.ENOTSOCK;
    return null;
  }

  /* ---- sockets ---- */

  /** A socket of that family, which no descriptor names yet. @own simulation */
  protected newSocket(family: number): SimSocket {
    return new SimSocket(this, family);
  }

  socket(domain: number, type: number, _protocol: number): number {
    if (domain !== P.AF_INET && domain !== P.AF_INET6 && domain !== P.AF_UNIX) {
      return this.error(P.EAFNOSUPPORT);
    }
    const s = this.newSocket(domain);
    s.local.sa_family = domain;
    if (domain === P.AF_INET) s.local.address = '0.0.0.0';
    if (domain === P.AF_INET6) s.local.address = '::';
    if (type & P.SOCK_NONBLOCK) s.flags |= P.O_NONBLOCK;
    return this.install(s, (type & P.SOCK_CLOEXEC) !== 0);
  }

  bind(fd: number, addr: sockaddr): number {
    const s = this.getSocket(fd);
    if (s === null) return -1;
    if (s.family === P.AF_UNIX) {
      const path = this.resolve(addr.address);
      if (this.files.has(path)) return this.error(P.EADDRINUSE);
      if (!this.parentExists(path)) return this.error(P.ENOENT);
      const inode = new SimInode(this.nextIno++, P.S_IFSOCK | 0o755, this.gettimeofday());
      this.files.set(path, inode);
    } else {
      const a = addr.address;
      const wild = a === '0.0.0.0' || a === '::' || a === '';
      if (!wild && a !== this.ip && !a.startsWith('127.') && a !== '::1') {
        return this.error(P.EADDRNOTAVAIL);
      }
      if (addr.port !== 0 && this.findListener(a, addr.port, s.family) !== null) {
        return this.error(P.EADDRINUSE);
      }
    }
    copyAddress(addr, s.local);
    s.local.sa_family = s.family;
    if (s.family !== P.AF_UNIX && s.local.port === 0) s.local.port = this.ephemeral++;
    s.bound = true;
    return 0;
  }

  /** Who listens on that address here, or null. @own simulation */
  private findListener(ip: string, port: number, family: number): SimSocket | null {
    if (family === P.AF_UNIX) return this.listeners.get(`unix:${ip}`) ?? null;
    const wild = family === P.AF_INET6 ? '::' : '0.0.0.0';
    return this.listeners.get(`${ip}:${port}`) ?? this.listeners.get(`${wild}:${port}`) ?? null;
  }

  listen(fd: number, backlog: number): number {
    const s = this.getSocket(fd);
    if (s === null) return -1;
    if (!s.bound && s.family !== P.AF_UNIX) s.local.port = this.ephemeral++;
    const key = addressKey(s.local);
    const other = this.listeners.get(key);
    if (other !== undefined && other !== s) return this.error(P.EADDRINUSE);
    s.state = 'listening';
    s.backlog = Math.max(1, backlog);
    this.listeners.set(key, s);
    return 0;
  }

  accept4(fd: number, peer: sockaddr | null, flags: number): number {
    const s = this.getSocket(fd);
    if (s === null) return -1;
    if (s.state !== 'listening') return this.error(P.EINVAL);
    if (s.waiting.length === 0 && !(s.flags & P.O_NONBLOCK)) {
      this.world.block(this, () => s.waiting.length > 0, Infinity);
    }
    const c = s.waiting.shift();
    if (c === undefined) return this.error(P.EAGAIN);
    if (flags & P.SOCK_NONBLOCK) c.flags |= P.O_NONBLOCK;
    if (peer !== null) copyAddress(c.remote, peer);
    return this.install(c, (flags & P.SOCK_CLOEXEC) !== 0);
  }

  connect(fd: number, addr: sockaddr): number {
    const s = this.getSocket(fd);
    if (s === null) return -1;
    if (s.state === 'connected') return this.error(P.EISCONN);
    if (s.state === 'connecting') return this.error(P.EALREADY);
    const dest = new P.sockaddr();
    copyAddress(addr, dest);
    dest.sa_family = s.family;
    let target: SimKernel | undefined;
    if (s.family === P.AF_UNIX) {
      dest.address = addr.address;
      const path = this.resolve(addr.address);
      if (!this.files.has(path)) return this.error(P.ENOENT);
      const l = this.findListener(addr.address, 0, P.AF_UNIX);
      if (l === null) return this.error(P.ECONNREFUSED);
      // A Unix socket connects at once.
      this.establish(s, l);
      return 0;
    }
    const ip = dest.address;
    target = this.world.hosts.get(ip);
    if (target === undefined && (ip.startsWith('127.') || ip === '::1')) {
      target = this.world.host(this.ip);
    }
    if (!s.bound) {
      s.local.address = target === this ? ip : this.ip;
      s.local.port = this.ephemeral++;
      s.bound = true;
    } else if (s.local.address === '0.0.0.0' || s.local.address === '::') {
      s.local.address = target === this ? ip : this.ip;
    }
    copyAddress(dest, s.remote);
    s.state = 'connecting';
    const give_up = this.world.now + SIM_CONNECT_TIMEOUT_US;
    this.sendSyn(s, target, give_up);
    if (s.flags & P.O_NONBLOCK) return this.error(P.EINPROGRESS);
    this.world.block(this, () => s.state !== 'connecting', Infinity);
    if (s.error !== 0) {
      const e = s.error;
      s.error = 0;
      return this.error(e);
    }
    return 0;
  }

  /** One attempt to connect; repeats itself while nothing answers. @own simulation */
  private sendSyn(s: SimSocket, target: SimKernel | undefined, give_up: number): void {
    const world = this.world;
    const life = this.life;
    const fail = (e: number): void => {
      if (s.state !== 'connecting' || this.life !== life) return;
      s.state = 'new';
      s.error = e;
      s.notify();
    };
    if (target === undefined) {
      world.at(world.network.latency * 2, null, () => fail(P.EHOSTUNREACH));
      return;
    }
    const to = target;
    world.at(this.delayTo(to), null, () => {
      if (s.state !== 'connecting' || this.life !== life) return;
      const net = world.network;
      const l = to.findListener(s.remote.address, s.remote.port, s.family);
      const lost =
        !to.powered ||
        !net.passes(this.ip, to.ip) ||
        !net.passes(to.ip, this.ip) ||
        (l !== null && l.waiting.length > l.backlog);
      if (lost) {
        if (world.now >= give_up) fail(P.ETIMEDOUT);
        else world.at(SIM_RTO_US * 5, null, () => this.sendSyn(s, target, give_up));
        return;
      }
      if (l === null) {
        world.at(to.delayTo(this), null, () => fail(P.ECONNREFUSED));
        return;
      }
      const back = to.delayTo(this);
      world.at(back, null, () => {
        if (s.state !== 'connecting' || this.life !== life) return;
        if (l.state !== 'listening') fail(P.ECONNREFUSED);
        else this.establish(s, l);
      });
    });
  }

  /** Joins a connecting socket with a new one in the listener's queue. @own simulation */
  protected establish(s: SimSocket, l: SimSocket): void {
    const c = l.offspring();
    copyAddress(l.local, c.local);
    if (s.family !== P.AF_UNIX) copyAddress(s.remote, c.local);
    else copyAddress(l.local, s.remote);
    copyAddress(s.local, c.remote);
    c.bound = true;
    c.state = 'connected';
    c.peer = s;
    s.peer = c;
    s.state = 'connected';
    l.waiting.push(c);
    l.notify();
    s.notify();
  }

  getsockname(fd: number, addr: sockaddr): number {
    const s = this.getSocket(fd);
    if (s === null) return -1;
    copyAddress(s.local, addr);
    return 0;
  }

  getpeername(fd: number, addr: sockaddr): number {
    const s = this.getSocket(fd);
    if (s === null) return -1;
    if (s.state !== 'connected') return this.error(P.ENOTCONN);
    copyAddress(s.remote, addr);
    return 0;
  }

  setsockopt(fd: number, level: number, optname: number, value: number): number {
    const s = this.getSocket(fd);
    if (s === null) return -1;
    s.options.set(level * 65536 + optname, value);
    return 0;
  }

  setsockopt_timeval_ms(fd: number, _level: number, optname: number, ms: number): number {
    const s = this.getSocket(fd);
    if (s === null) return -1;
    if (optname === P.SO_RCVTIMEO) s.rcvtimeo = ms * 1000;
    else s.sndtimeo = ms * 1000;
    return 0;
  }

  getsockopt(fd: number, level: number, optname: number): number {
    const s = this.getSocket(fd);
    if (s === null) return -1;
    if (level === P.SOL_SOCKET && optname === P.SO_ERROR) {
      const e = s.error;
      s.error = 0;
      return e;
    }
    return s.options.get(level * 65536 + optname) ?? 0;
  }

  shutdown(fd: number, how: number): number {
    const s = this.getSocket(fd);
    if (s === null) return -1;
    if (s.state !== 'connected') return this.error(P.ENOTCONN);
    if (how !== P.SHUT_RD && !s.shut) {
      s.shut = true;
      s.send(null);
    }
    if (how !== P.SHUT_WR) s.eof = true;
    s.notify();
    return 0;
  }

  getaddrinfo(
    node: string | null,
    service: string | null,
    hints: addrinfoHints,
  ): addrinfo[] | number {
    const passive = (hints.ai_flags & P.AI_PASSIVE) !== 0;
    const v6 = hints.ai_family === P.AF_INET6;
    let ip = node;
    if (ip === null) ip = passive ? (v6 ? '::' : '0.0.0.0') : v6 ? '::1' : '127.0.0.1';
    if (ip === 'localhost') ip = v6 ? '::1' : '127.0.0.1';
    const family = ip.includes(':') ? P.AF_INET6 : P.AF_INET;
    if (this.inet_pton(family, ip) === null) return P.EAI_NONAME;
    if (hints.ai_family !== P.AF_UNSPEC && hints.ai_family !== family) return P.EAI_ADDRFAMILY;
    const addr = new P.sockaddr();
    addr.sa_family = family;
    addr.address = ip;
    addr.port = service === null ? 0 : Number(service);
    return [{ ai_family: family, ai_socktype: P.SOCK_STREAM, ai_protocol: 6, ai_addr: addr }];
  }

  inet_pton(family: number, ip: string): string | null {
    if (family === P.AF_INET6) return /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/.test(ip) ? ip : null;
    const parts = ip.split('.');
    if (parts.length !== 4) return null;
    for (const p of parts) if (!/^\d{1,3}$/.test(p) || Number(p) > 255) return null;
    return parts.map(Number).join('.');
  }

  /* ---- descriptors ---- */

  read(fd: number, buf: Uint8Array, off: number, len: number): number {
    const f = this.get(fd);
    if (f === null) return -1;
    let n = f.read(buf, off, len);
    if (n === -1 && this.errno === P.EAGAIN && !(f.flags & P.O_NONBLOCK)) {
      const limit =
        f instanceof SimSocket && f.rcvtimeo > 0 ? this.world.now + f.rcvtimeo : Infinity;
      const wanted = P.POLLIN | P.POLLHUP | P.POLLERR;
      if (!this.world.block(this, () => (f.ready() & wanted) !== 0, limit)) {
        return this.error(P.EAGAIN);
      }
      n = f.read(buf, off, len);
    }
    return n;
  }

  write(fd: number, buf: Uint8Array, off: number, len: number): number {
    const f = this.get(fd);
    if (f === null) return -1;
    let n = f.write(buf, off, len);
    if (f.flags & P.O_NONBLOCK) return n;
    // A blocking write comes back when all is written.
    let done = Math.max(n, 0);
    while ((n === -1 && this.errno === P.EAGAIN) || (n >= 0 && done < len && n > 0)) {
      const limit =
        f instanceof SimSocket && f.sndtimeo > 0 ? this.world.now + f.sndtimeo : Infinity;
      const wanted = P.POLLOUT | P.POLLHUP | P.POLLERR;
      if (!this.world.block(this, () => (f.ready() & wanted) !== 0, limit)) {
        return done > 0 ? done : this.error(P.EAGAIN);
      }
      n = f.write(buf, off + done, len - done);
      if (n > 0) done += n;
    }
    return n === -1 && done === 0 ? -1 : done;
  }

  writev(fd: number, iov: iovec[], cnt: number): number {
    let total = 0;
    for (let i = 0; i < cnt; i++) {
      if (iov[i].len === 0) continue;
      const n = this.write(fd, iov[i].buf, iov[i].off, iov[i].len);
      if (n === -1) return total > 0 ? total : -1;
      total += n;
      if (n < iov[i].len) break;
    }
    return total;
  }

  close(fd: number): number {
    const f = this.get(fd);
    if (f === null) return -1;
    this.fds[fd] = null;
    if (--f.refs === 0) {
      for (const i of [...f.interests]) i.ep.forget(i);
      f.released();
    }
    return 0;
  }

  fcntl(fd: number, cmd: number, arg: number): number {
    const f = this.get(fd);
    if (f === null) return -1;
    switch (cmd) {
      case P.F_GETFL:
        return f.flags;
      case P.F_SETFL: {
        const settable = P.O_NONBLOCK | P.O_APPEND;
        f.flags = (f.flags & ~settable) | (arg & settable);
        return 0;
      }
      case P.F_GETFD:
        return this.fdflags[fd];
      case P.F_SETFD:
        this.fdflags[fd] = arg;
        return 0;
      default:
        return this.error(P.EINVAL);
    }
  }

  flock(fd: number, operation: number): number {
    const f = this.get(fd);
    if (f === null) return -1;
    if (!(f instanceof SimOpenFile)) return this.error(P.EINVAL);
    const lock = f.inode.lock;
    lock.holders.delete(f);
    if (operation & P.LOCK_UN) return 0;
    const exclusive = (operation & P.LOCK_EX) !== 0;
    if (lock.holders.size > 0 && (exclusive || lock.exclusive)) return this.error(P.EWOULDBLOCK);
    lock.holders.add(f);
    lock.exclusive = exclusive;
    return 0;
  }

  dup(fd: number): number {
    const f = this.get(fd);
    return f === null ? -1 : this.install(f, false);
  }

  dup2(oldfd: number, newfd: number): number {
    const f = this.get(oldfd);
    if (f === null) return -1;
    if (oldfd === newfd) return newfd;
    if (this.fds[newfd]) this.close(newfd);
    return this.install(f, false, newfd);
  }

  pipe2(fds: number[], flags: number): number {
    const pipe = new SimPipe();
    pipe.reader = new SimPipeEnd(this, pipe, true);
    pipe.writer = new SimPipeEnd(this, pipe, false);
    pipe.reader.flags = flags & P.O_NONBLOCK;
    pipe.writer.flags = flags & P.O_NONBLOCK;
    fds[0] = this.install(pipe.reader, (flags & P.O_CLOEXEC) !== 0);
    fds[1] = this.install(pipe.writer, (flags & P.O_CLOEXEC) !== 0);
    return 0;
  }

  /* ---- readiness ---- */

  /** Waits until `look` finds something, at most `us` (-1: for ever). What it found last. @own simulation */
  private wait(look: () => number, us: number): number {
    let n = look();
    if (n !== 0 || us === 0) return n;
    const end = us === -1 ? Infinity : this.world.now + us;
    this.world.block(this, () => (n = look()) !== 0, end);
    return n;
  }

  poll(fds: pollfd[], nfds: number, timeout_ms: number): number {
    const look = (): number => {
      let n = 0;
      for (let i = 0; i < nfds; i++) {
        const f = this.fds[fds[i].fd];
        const always = P.POLLERR | P.POLLHUP;
        fds[i].revents = f ? f.ready() & (fds[i].events | always) : P.POLLNVAL;
        if (fds[i].fd < 0) fds[i].revents = 0;
        if (fds[i].revents !== 0) n++;
      }
      return n;
    };
    return this.wait(look, timeout_ms < 0 ? -1 : timeout_ms * 1000);
  }

  select(nfds: number, readfds: fd_set, writefds: fd_set, timeout_us: number): number {
    const wantRead = new P.fd_set();
    const wantWrite = new P.fd_set();
    P.FD_COPY(readfds, wantRead);
    P.FD_COPY(writefds, wantWrite);
    for (let fd = 0; fd < nfds; fd++) {
      if ((P.FD_ISSET(fd, wantRead) || P.FD_ISSET(fd, wantWrite)) && !this.fds[fd]) {
        return this.error(P.EBADF);
      }
    }
    const look = (): number => {
      let n = 0;
      P.FD_ZERO(readfds);
      P.FD_ZERO(writefds);
      for (let fd = 0; fd < nfds; fd++) {
        const f = this.fds[fd];
        if (!f) continue;
        const r = f.ready();
        if (P.FD_ISSET(fd, wantRead) && r & (P.POLLIN | P.POLLHUP | P.POLLERR)) {
          P.FD_SET(fd, readfds);
          n++;
        }
        if (P.FD_ISSET(fd, wantWrite) && r & (P.POLLOUT | P.POLLERR)) {
          P.FD_SET(fd, writefds);
          n++;
        }
      }
      return n;
    };
    return this.wait(look, timeout_us);
  }

  /** An epoll instance, which no descriptor names yet. @own simulation */
  protected newEpoll(): SimEpoll {
    return new SimEpoll(this);
  }

  epoll_create1(flags: number): number {
    return this.install(this.newEpoll(), (flags & P.EPOLL_CLOEXEC) !== 0);
  }

  epoll_ctl(epfd: number, op: number, fd: number, events: number): number {
    const ep = this.get(epfd);
    const f = this.get(fd);
    if (ep === null || f === null) return -1;
    if (!(ep instanceof SimEpoll)) return this.error(P.EINVAL);
    if (f instanceof SimOpenFile) return this.error(P.EPERM);
    const old = ep.members.get(fd);
    if (op === P.EPOLL_CTL_DEL) {
      if (old === undefined) return this.error(P.ENOENT);
      ep.forget(old);
      return 0;
    }
    if (op === P.EPOLL_CTL_ADD) {
      if (old !== undefined) return this.error(P.EEXIST);
      const i = new SimInterest(ep, fd, f, events);
      ep.members.set(fd, i);
      f.interests.push(i);
      ep.candidates.add(i);
    } else {
      if (old === undefined) return this.error(P.ENOENT);
      old.events = events;
      ep.candidates.add(old);
    }
    this.wake();
    return 0;
  }

  epoll_wait(epfd: number, evs: epoll_events, maxevents: number, timeout_ms: number): number {
    const ep = this.get(epfd);
    if (ep === null) return -1;
    if (!(ep instanceof SimEpoll) || maxevents <= 0) return this.error(P.EINVAL);
    return this.wait(() => ep.collect(evs, maxevents), timeout_ms < 0 ? -1 : timeout_ms * 1000);
  }

  kqueue(): number {
    return this.install(new SimKqueue(this), false);
  }

  kevent(
    kq: number,
    changes: kevent_t[] | null,
    nchanges: number,
    events: kevent_t[] | null,
    nevents: number,
    timeout_us: number,
  ): number {
    const q = this.get(kq);
    if (q === null) return -1;
    if (!(q instanceof SimKqueue)) return this.error(P.EINVAL);
    for (let i = 0; i < nchanges; i++) {
      const c = changes![i];
      if (!this.fds[c.ident]) return this.error(P.EBADF);
      const f = q.filters.get(c.ident) ?? { read: false, write: false };
      const on = (c.flags & P.EV_ADD) !== 0;
      if (!on && !(c.filter === P.EVFILT_READ ? f.read : f.write)) return this.error(P.ENOENT);
      if (c.filter === P.EVFILT_READ) f.read = on;
      else f.write = on;
      if (f.read || f.write) q.filters.set(c.ident, f);
      else q.filters.delete(c.ident);
    }
    if (events === null || nevents === 0) return 0;
    const look = (): number => {
      let n = 0;
      for (const [fd, f] of q.filters) {
        const file = this.fds[fd];
        if (!file) {
          q.filters.delete(fd);
          continue;
        }
        const r = file.ready();
        if (n < nevents && f.read && r & (P.POLLIN | P.POLLHUP | P.POLLERR)) {
          events[n].ident = fd;
          events[n++].filter = P.EVFILT_READ;
        }
        if (n < nevents && f.write && r & (P.POLLOUT | P.POLLHUP | P.POLLERR)) {
          events[n].ident = fd;
          events[n++].filter = P.EVFILT_WRITE;
        }
      }
      return n;
    };
    return this.wait(look, timeout_us);
  }

  /* ---- files ---- */

  /** The absolute form of a path, without `.` and `..`. @own simulation */
  private resolve(path: string): string {
    const parts: string[] = [];
    for (const p of (path.startsWith('/') ? path : `${this.cwd}/${path}`).split('/')) {
      if (p === '' || p === '.') continue;
      if (p === '..') parts.pop();
      else parts.push(p);
    }
    return `/${parts.join('/')}`;
  }

  /** The directory part of an absolute path. @own simulation */
  private parent(path: string): string {
    return path.slice(0, path.lastIndexOf('/')) || '/';
  }

  /** Whether the directory that would hold `path` exists. @own simulation */
  private parentExists(path: string): boolean {
    return this.files.get(this.parent(path))?.isDir === true;
  }

  open(path: string, flags: number, mode: number): number {
    const p = this.resolve(path);
    let inode = this.files.get(p);
    if (inode === undefined) {
      if (!(flags & P.O_CREAT) || !this.parentExists(p)) return this.error(P.ENOENT);
      inode = new SimInode(this.nextIno++, P.S_IFREG | (mode & ~this.mask), this.gettimeofday());
      this.files.set(p, inode);
    } else {
      if (flags & P.O_CREAT && flags & P.O_EXCL) return this.error(P.EEXIST);
      if (inode.isDir && flags & P.O_ACCMODE) return this.error(P.EISDIR);
      if (flags & P.O_DIRECTORY && !inode.isDir) return this.error(P.ENOTDIR);
      if (flags & P.O_TRUNC) inode.resize(0);
    }
    const f = new SimOpenFile(this, inode);
    f.flags = flags & (P.O_ACCMODE | P.O_APPEND | P.O_NONBLOCK);
    return this.install(f, (flags & P.O_CLOEXEC) !== 0);
  }

  /** The open file that `fd` names, or null with EBADF or EINVAL. @own simulation */
  private getFile(fd: number, otherwise: number): SimOpenFile | null {
    const f = this.get(fd);
    if (f instanceof SimOpenFile) return f;
    if (f !== null) this.errno = otherwise;
    return null;
  }

  lseek(fd: number, offset: number, whence: number): number {
    const f = this.getFile(fd, P.ESPIPE);
    if (f === null) return -1;
    const base = whence === P.SEEK_SET ? 0 : whence === P.SEEK_CUR ? f.offset : f.inode.size;
    if (base + offset < 0) return this.error(P.EINVAL);
    f.offset = base + offset;
    return f.offset;
  }

  /** An inode as struct stat. @own simulation */
  private toStat(i: SimInode): stat_t {
    return {
      st_mode: i.mode,
      st_size: i.size,
      st_ino: i.ino,
      st_dev: 1,
      st_uid: 0,
      st_gid: 0,
      st_mtime: i.mtime,
    };
  }

  fstat(fd: number): stat_t | null {
    const f = this.get(fd);
    if (f === null) return null;
    if (f instanceof SimOpenFile) return this.toStat(f.inode);
    return this.toStat(new SimInode(0, f instanceof SimSocket ? P.S_IFSOCK : P.S_IFIFO, 0));
  }

  stat(path: string): stat_t | null {
    const i = this.files.get(this.resolve(path));
    if (i !== undefined) return this.toStat(i);
    this.errno = P.ENOENT;
    return null;
  }

  lstat(path: string): stat_t | null {
    return this.stat(path);
  }

  ftruncate(fd: number, length: number): number {
    const f = this.getFile(fd, P.EINVAL);
    if (f === null) return -1;
    f.inode.resize(length);
    return 0;
  }

  truncate(path: string, length: number): number {
    const i = this.files.get(this.resolve(path));
    if (i === undefined) return this.error(P.ENOENT);
    i.resize(length);
    return 0;
  }

  fsync(fd: number): number {
    const f = this.getFile(fd, P.EINVAL);
    if (f === null) return -1;
    if (this.disk.errno !== 0) return this.error(this.disk.errno);
    if (this.disk.fsyncTime > 0) this.usleep(this.disk.fsyncTime);
    const inode = f.inode;
    if (inode.isDir) {
      // The directory's names as they are now.
      const dir = [...this.files].find(([, i]) => i === inode)?.[0] ?? '/';
      for (const p of [...this.durable.keys()]) {
        if (p !== '/' && this.parent(p) === dir && !this.files.has(p)) this.durable.delete(p);
      }
      for (const [p, i] of this.files) {
        if (p !== '/' && this.parent(p) === dir) this.durable.set(p, i);
      }
      return 0;
    }
    inode.durable = inode.data.slice(0, inode.size);
    for (const [p, i] of [...this.durable]) if (i === inode) this.durable.delete(p);
    for (const [p, i] of this.files) if (i === inode) this.durable.set(p, i);
    return 0;
  }

  fdatasync(fd: number): number {
    return this.fsync(fd);
  }

  sync_file_range(fd: number, _offset: number, _nbytes: number, _flags: number): number {
    // It promises nothing about a crash.
    return this.getFile(fd, P.ESPIPE) === null ? -1 : 0;
  }

  rename(oldpath: string, newpath: string): number {
    const from = this.resolve(oldpath);
    const to = this.resolve(newpath);
    const inode = this.files.get(from);
    if (inode === undefined || !this.parentExists(to)) return this.error(P.ENOENT);
    const target = this.files.get(to);
    if (target !== undefined && target.isDir !== inode.isDir) {
      return this.error(target.isDir ? P.EISDIR : P.ENOTDIR);
    }
    if (from === to) return 0;
    this.files.delete(from);
    this.files.set(to, inode);
    if (inode.isDir) {
      for (const [p, i] of [...this.files]) {
        if (!p.startsWith(`${from}/`)) continue;
        this.files.delete(p);
        this.files.set(to + p.slice(from.length), i);
      }
    }
    return 0;
  }

  unlink(path: string): number {
    const p = this.resolve(path);
    const i = this.files.get(p);
    if (i === undefined) return this.error(P.ENOENT);
    if (i.isDir) return this.error(P.EISDIR);
    this.files.delete(p);
    return 0;
  }

  link(oldpath: string, newpath: string): number {
    const i = this.files.get(this.resolve(oldpath));
    const to = this.resolve(newpath);
    if (i === undefined || !this.parentExists(to)) return this.error(P.ENOENT);
    if (this.files.has(to)) return this.error(P.EEXIST);
    this.files.set(to, i);
    return 0;
  }

  mkdir(path: string, mode: number): number {
    const p = this.resolve(path);
    if (this.files.has(p)) return this.error(P.EEXIST);
    if (!this.parentExists(p)) return this.error(P.ENOENT);
    const inode = new SimInode(
      this.nextIno++,
      P.S_IFDIR | (mode & ~this.mask),
      this.gettimeofday(),
    );
    this.files.set(p, inode);
    this.durable.set(p, inode);
    return 0;
  }

  rmdir(path: string): number {
    const p = this.resolve(path);
    const i = this.files.get(p);
    if (i === undefined) return this.error(P.ENOENT);
    if (!i.isDir) return this.error(P.ENOTDIR);
    for (const q of this.files.keys()) if (q.startsWith(`${p}/`)) return this.error(P.ENOTEMPTY);
    this.files.delete(p);
    this.durable.delete(p);
    return 0;
  }

  readdir(path: string): string[] | null {
    const p = this.resolve(path);
    const i = this.files.get(p);
    if (i === undefined || !i.isDir) {
      this.errno = i === undefined ? P.ENOENT : P.ENOTDIR;
      return null;
    }
    const names: string[] = [];
    for (const q of this.files.keys()) {
      if (q !== '/' && this.parent(q) === p) names.push(q.slice(q.lastIndexOf('/') + 1));
    }
    return names;
  }

  chmod(path: string, mode: number): number {
    const i = this.files.get(this.resolve(path));
    if (i === undefined) return this.error(P.ENOENT);
    i.mode = (i.mode & P.S_IFMT) | (mode & 0o7777);
    return 0;
  }

  fchmod(fd: number, mode: number): number {
    const f = this.getFile(fd, P.EINVAL);
    if (f === null) return -1;
    f.inode.mode = (f.inode.mode & P.S_IFMT) | (mode & 0o7777);
    return 0;
  }

  access(path: string, _mode: number): number {
    return this.files.has(this.resolve(path)) ? 0 : this.error(P.ENOENT);
  }

  readFile(path: string): Uint8Array | null {
    const i = this.files.get(this.resolve(path));
    if (i === undefined || i.isDir) {
      this.errno = i === undefined ? P.ENOENT : P.EISDIR;
      return null;
    }
    return i.data.slice(0, i.size);
  }

  getcwd(): string {
    return this.cwd;
  }

  chdir(path: string): number {
    const p = this.resolve(path);
    const i = this.files.get(p);
    if (i === undefined) return this.error(P.ENOENT);
    if (!i.isDir) return this.error(P.ENOTDIR);
    this.cwd = p;
    return 0;
  }

  umask(mask: number): number {
    const old = this.mask;
    this.mask = mask & 0o777;
    return old;
  }

  glob(pattern: string): string[] {
    const absolute = pattern.startsWith('/');
    const full = absolute ? pattern : `${this.cwd === '/' ? '' : this.cwd}/${pattern}`;
    const source = full
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]')
      .replace(/\[!/g, '[^');
    const re = new RegExp(`^${source}$`);
    const found = [...this.files.keys()].filter((p) => re.test(p));
    const cut = absolute ? 0 : full.length - pattern.length;
    return found.map((p) => p.slice(cut)).sort();
  }

  mkstemp(template: string): { fd: number; path: string } | null {
    for (;;) {
      const n = Math.floor(this.world.random() * 36 ** 6);
      const path = template.slice(0, -6) + n.toString(36).padStart(6, '0');
      const fd = this.open(path, P.O_RDWR | P.O_CREAT | P.O_EXCL, 0o600);
      if (fd !== -1) return { fd, path };
      if (this.errno !== P.EEXIST) return null;
    }
  }

  /* ---- the process ---- */

  getpid(): number {
    return this.pid;
  }

  getppid(): number {
    return 1;
  }

  kill(pid: number, sig: number): number {
    if (pid !== this.pid) return this.error(P.ESRCH);
    if (sig === 0) return 0;
    const handler = this.handlers.get(sig) ?? P.SIG_DFL;
    if (typeof handler === 'function') {
      this.world.at(0, this, () => handler(sig));
    } else if (handler === P.SIG_DFL && sig !== P.SIGCHLD && sig !== P.SIGWINCH) {
      this.world.at(0, this, () => this.shutdownProcess(128 + sig));
    }
    return 0;
  }

  setsid(): number {
    return this.pid;
  }

  posix_spawn(_path: string, argv: string[], options: spawnOptions): number {
    return this.onSpawn === null ? this.error(P.ENOSYS) : this.onSpawn(argv, options);
  }

  execve(_path: string, _argv: string[], _envp: string[]): number {
    return this.error(P.ENOSYS);
  }

  waitpid(_pid: number, _options: number): waitResult | null {
    this.errno = P.ECHILD;
    return null;
  }

  execArgv(): string[] {
    return ['redis-server'];
  }

  exit(code: number): never {
    throw new SimExit(code);
  }

  abort(): never {
    throw new SimExit(128 + P.SIGABRT);
  }

  signal(sig: number, handler: sighandler): number {
    if (sig === P.SIGKILL || sig === P.SIGSTOP) return this.error(P.EINVAL);
    this.handlers.set(sig, handler);
    return 0;
  }

  getrlimit(resource: number): rlimit | null {
    return this.limits.get(resource) ?? { rlim_cur: 1048576, rlim_max: 1048576 };
  }

  setrlimit(resource: number, limit: rlimit): number {
    this.limits.set(resource, { rlim_cur: limit.rlim_cur, rlim_max: limit.rlim_max });
    return 0;
  }

  getrusage(_who: number): rusage | null {
    return { ru_utime: 0, ru_stime: 0, ru_maxrss: 0 };
  }

  getenv(name: string): string | undefined {
    return this.environment.get(name);
  }

  environ(): string[] {
    return [...this.environment].map(([k, v]) => `${k}=${v}`);
  }

  uname(): utsname {
    return { sysname: 'Sim', nodename: this.ip, release: '1', version: '1', machine: 'sim' };
  }

  gethostname(): string {
    return this.ip;
  }

  isatty(_fd: number): boolean {
    return false;
  }

  getpagesize(): number {
    return 4096;
  }

  physicalMemory(): number {
    return 2 ** 34;
  }

  rss(): number {
    return 0;
  }

  sched_setaffinity(_cpus: number[]): number {
    return 0;
  }

  setproctitle(_title: string): void {
    return;
  }

  openlog(_ident: string, _option: number, _facility: number): void {
    return;
  }

  syslog(_priority: number, message: string): void {
    this.output += `${message}\n`;
  }

  setRawMode(_fd: number, _raw: boolean): number {
    return this.error(P.ENOTTY);
  }

  terminalColumns(_fd: number): number {
    return this.error(P.ENOTTY);
  }

  /* ---- clocks and chance ---- */

  gettimeofday(): number {
    return this.world.epoch + this.clock_monotonic() + this.clockSkew;
  }

  clock_monotonic(): number {
    const { world } = this;
    world.now += world.readingCost;
    return world.now;
  }

  usleep(us: number): void {
    this.world.block(this, () => false, this.world.now + us);
  }

  localtime(seconds: number): tm {
    const d = new Date(seconds * 1000);
    return {
      tm_sec: d.getUTCSeconds(),
      tm_min: d.getUTCMinutes(),
      tm_hour: d.getUTCHours(),
      tm_mday: d.getUTCDate(),
      tm_mon: d.getUTCMonth(),
      tm_year: d.getUTCFullYear() - 1900,
      tm_wday: d.getUTCDay(),
      tm_yday: Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86400000),
      tm_isdst: 0,
      tm_gmtoff: 0,
    };
  }

  getrandom(buf: Uint8Array, off: number, len: number): void {
    for (let i = 0; i < len; i++) buf[off + i] = Math.floor(this.world.random() * 256);
  }
}
