/**
 * The event loop: file events (a descriptor became readable or writable) and time events (a moment has come).
 *
 *     aeEventLoop
 *       events[fd]   what is wanted of a descriptor, and whom to call: mask, rfileProc, wfileProc, clientData
 *       fired[j]     what the last poll found: fd, mask (filled by the backend, valid up to numevents)
 *       timeEventHead -> te -> te -> ...   unsorted, newest first
 *       apidata      the backend's own state (ae_epoll.ts, ae_kqueue.ts, ae_select.ts)
 *
 * One iteration of `aeProcessEvents` is: beforesleep, poll, aftersleep, the file events (readable before writable,
 * unless AE_BARRIER turns that round), the time events.
 *
 * Who calls in: networking (file events), server (time events, the sleep hooks, start and stop), the command line programs.
 * Whom it calls: one backend, and the procs it was given. It knows nothing of servers or clients.
 *
 * What differs from C: the process's wait belongs to libuv, so `aeMain` is one turn that returns when no more events are
 * there, and the bridge in ae_uv.ts starts the next; a loop makes its own server current through `makeCurrent`; the
 * backend is chosen when the loop is created and not when the program is compiled; the records of `events` and `fired` are made
 * when a descriptor is first used, and then kept, so that a thousand simulated servers fit into one process.
 */

import { ERANGE, POLLERR, POLLHUP, POLLIN, POLLOUT, posix, type pollfd } from '../posix/posix.ts';
import { aeApiEpoll, type aeEpollState } from './ae_epoll.ts';
import { aeApiKqueue, type aeKqueueState } from './ae_kqueue.ts';
import { aeApiSelect, type aeSelectState } from './ae_select.ts';
import { getMonotonicUs, monotonicInit, type monotime } from './monotonic.ts';

export const AE_OK = 0;
export const AE_ERR = -1;

/** Nothing is registered. */
export const AE_NONE = 0;
/** Fire when the descriptor can be read. */
export const AE_READABLE = 1;
/** Fire when the descriptor can be written. */
export const AE_WRITABLE = 2;
/**
 * Together with AE_WRITABLE: the writable event comes before the readable one of the same iteration, never after. For
 * those who read, do something before the next sleep (an fsync), and only then may reply.
 */
export const AE_BARRIER = 4;

export const AE_FILE_EVENTS = 1;
export const AE_TIME_EVENTS = 2;
export const AE_ALL_EVENTS = 3;
/** Do not sleep in the poll. */
export const AE_DONT_WAIT = 4;
export const AE_CALL_BEFORE_SLEEP = 8;
export const AE_CALL_AFTER_SLEEP = 16;

/** What a time proc returns to be called no more. */
export const AE_NOMORE = -1;
/** The id of a time event that waits to be unlinked. */
export const AE_DELETED_EVENT_ID = -1;

/**
 * How many iterations one turn of `aeMain` makes at most while there is always something to do, before libuv (signals,
 * inspector, children, timers) gets a look-in.
 */
export const AE_TURN_ITERATIONS = 32;

/** Called when `fd` is ready for what `mask` says. */
export type aeFileProc = (
  eventLoop: aeEventLoop,
  fd: number,
  clientData: unknown,
  mask: number,
) => void;
/** Called when its moment has come; returns milliseconds until the next call, or AE_NOMORE. */
export type aeTimeProc = (eventLoop: aeEventLoop, id: number, clientData: unknown) => number;
/** Called when a deleted time event is unlinked. */
export type aeEventFinalizerProc = (eventLoop: aeEventLoop, clientData: unknown) => void;
/** The hooks around the sleep. */
export type aeBeforeSleepProc = (eventLoop: aeEventLoop) => void;

/** What is wanted of one descriptor. */
export class aeFileEvent {
  /** AE_READABLE, AE_WRITABLE, AE_BARRIER or'ed; AE_NONE for an unused slot. */
  mask: number = AE_NONE;
  rfileProc: aeFileProc | null = null;
  wfileProc: aeFileProc | null = null;
  clientData: unknown = null;
}

/** One timer, a node of a doubly linked list. */
export class aeTimeEvent {
  /** Identifier, or AE_DELETED_EVENT_ID. */
  id: number;
  /** The moment to fire, on the monotonic clock. */
  when: monotime;
  timeProc: aeTimeProc;
  finalizerProc: aeEventFinalizerProc | null;
  clientData: unknown;
  prev: aeTimeEvent | null = null;
  next: aeTimeEvent | null = null;
  /** Above 0 while the proc runs: a nested iteration must not unlink the event. */
  refcount = 0;

  constructor(
    id: number,
    when: monotime,
    timeProc: aeTimeProc,
    finalizerProc: aeEventFinalizerProc | null,
    clientData: unknown,
  ) {
    this.id = id;
    this.when = when;
    this.timeProc = timeProc;
    this.finalizerProc = finalizerProc;
    this.clientData = clientData;
  }
}

/** One find of a poll. */
export class aeFiredEvent {
  fd = 0;
  mask = 0;
}

/**
 * A multiplexing backend: the functions that ae_epoll.c and its sisters define under the same names, one of which C
 * compiles in.
 */
export interface aeApi {
  aeApiCreate(eventLoop: aeEventLoop): number;
  aeApiResize(eventLoop: aeEventLoop, setsize: number): number;
  aeApiFree(eventLoop: aeEventLoop): void;
  aeApiAddEvent(eventLoop: aeEventLoop, fd: number, mask: number): number;
  aeApiDelEvent(eventLoop: aeEventLoop, fd: number, mask: number): void;
  /** Waits `timeout_us` (-1: for ever), fills `fired`, returns how many. */
  aeApiPoll(eventLoop: aeEventLoop, timeout_us: number): number;
  aeApiName(): string;
  /** The descriptor that is readable while events wait, for the bridge to libuv; -1 when the backend has none. */
  aeApiFd(eventLoop: aeEventLoop): number;
}

/** The state of an event loop. */
export class aeEventLoop {
  /** Highest descriptor registered now, -1 for none. */
  maxfd = -1;
  /** Descriptors below this may be registered. */
  setsize: number;
  timeEventNextId = 0;
  /** Indexed by descriptor; as long as the highest descriptor ever used, never shorter. */
  events: aeFileEvent[] = [];
  /** As long as `events`. */
  fired: aeFiredEvent[] = [];
  timeEventHead: aeTimeEvent | null = null;
  stop = 0;
  apidata: aeEpollState | aeKqueueState | aeSelectState | null = null;
  beforesleep: aeBeforeSleepProc | null = null;
  aftersleep: aeBeforeSleepProc | null = null;
  flags = 0;

  /** The backend. Not in C: there it is compiled in. */
  api: aeApi;
  /** Called by the bridge before every turn, to make the owner's server (and kernel) the current one. Not in C. */
  makeCurrent: (() => void) | null = null;
  /** Whose loop this is, for whoever needs to know. Not in C. */
  privdata: unknown = null;
  /**
   * The longest sleep in one poll, in microseconds, -1 for C's behaviour. Inside `aeMain` libuv owns the long sleeps, so the
   * bridge keeps this short or 0. Not in C.
   */
  maxsleep = -1;

  constructor(setsize: number, api: aeApi) {
    this.setsize = setsize;
    this.api = api;
  }
}

/**
 * A new loop for descriptors below `setsize`, or null (errno set) when the backend cannot start. `api` picks a backend, by
 * default the best one that the system has.
 * @c ae.c:67
 */
export function aeCreateEventLoop(
  setsize: number,
  api: aeApi = aeDefaultApi(),
): aeEventLoop | null {
  monotonicInit();
  const eventLoop = new aeEventLoop(setsize, api);
  if (eventLoop.api.aeApiCreate(eventLoop) === -1) return null;
  return eventLoop;
}

/**
 * The backend that C's config.h would have compiled in on this system.
 * @own the #ifdef ladder at the top of ae.c
 */
export function aeDefaultApi(): aeApi {
  switch (posix.platform) {
    case 'linux':
    case 'sim':
      return aeApiEpoll;
    case 'darwin':
    case 'freebsd':
    case 'openbsd':
    case 'netbsd':
      return aeApiKqueue;
    default:
      return aeApiSelect;
  }
}

/**
 * The number of descriptors that the loop can track.
 * @c ae.c:102
 */
export function aeGetSetSize(eventLoop: aeEventLoop): number {
  return eventLoop.setsize;
}

/**
 * With `noWait`, polls do not sleep until it is taken back. For owners that hold data which no descriptor announces (TLS).
 * @c ae.c:107
 */
export function aeSetDontWait(eventLoop: aeEventLoop, noWait: boolean): void {
  if (noWait) eventLoop.flags |= AE_DONT_WAIT;
  else eventLoop.flags &= ~AE_DONT_WAIT;
}

/**
 * Changes how many descriptors can be tracked. AE_ERR, and nothing changes, when a descriptor in use would fall outside
 * or the backend cannot hold so many.
 * @c ae.c:121
 */
export function aeResizeSetSize(eventLoop: aeEventLoop, setsize: number): number {
  if (setsize === eventLoop.setsize) return AE_OK;
  if (eventLoop.maxfd >= setsize) return AE_ERR;
  if (eventLoop.api.aeApiResize(eventLoop, setsize) === -1) return AE_ERR;
  eventLoop.setsize = setsize;
  return AE_OK;
}

/**
 * Frees the backend and drops all timers, without calling their finalizers.
 * @c ae.c:139
 */
export function aeDeleteEventLoop(eventLoop: aeEventLoop): void {
  eventLoop.api.aeApiFree(eventLoop);
  eventLoop.events.length = 0;
  eventLoop.fired.length = 0;
  eventLoop.maxfd = -1;
  eventLoop.timeEventHead = null;
}

/**
 * Makes aeMain end after the present iteration; the bridge then lets go of the loop.
 * @c ae.c:154
 */
export function aeStop(eventLoop: aeEventLoop): void {
  eventLoop.stop = 1;
}

/**
 * Calls `proc` whenever `fd` is ready for `mask`, in addition to what is registered; `clientData` is shared by both
 * directions. AE_ERR with ERANGE when the descriptor is too high, or with the errno of the backend.
 * @c ae.c:158
 */
export function aeCreateFileEvent(
  eventLoop: aeEventLoop,
  fd: number,
  mask: number,
  proc: aeFileProc,
  clientData: unknown,
): number {
  if (fd >= eventLoop.setsize) {
    posix.errno = ERANGE;
    return AE_ERR;
  }
  while (eventLoop.events.length <= fd) {
    eventLoop.events.push(new aeFileEvent());
    eventLoop.fired.push(new aeFiredEvent());
  }
  const fe = eventLoop.events[fd];

  if (eventLoop.api.aeApiAddEvent(eventLoop, fd, mask) === -1) return AE_ERR;
  fe.mask |= mask;
  if (mask & AE_READABLE) fe.rfileProc = proc;
  if (mask & AE_WRITABLE) fe.wfileProc = proc;
  fe.clientData = clientData;
  if (fd > eventLoop.maxfd) eventLoop.maxfd = fd;
  return AE_OK;
}

/**
 * Takes `mask` away from what is wanted of `fd`; without AE_WRITABLE a barrier makes no sense, so it goes with it.
 * @c ae.c:178
 */
export function aeDeleteFileEvent(eventLoop: aeEventLoop, fd: number, mask: number): void {
  if (fd >= eventLoop.events.length) return;
  const fe = eventLoop.events[fd];
  if (fe.mask === AE_NONE) return;

  if (mask & AE_WRITABLE) mask |= AE_BARRIER;

  eventLoop.api.aeApiDelEvent(eventLoop, fd, mask);
  fe.mask &= ~mask;
  // The record outlives the client: nothing of it may be kept alive here.
  if (fe.mask === AE_NONE) fe.clientData = null;
  if (fd === eventLoop.maxfd && fe.mask === AE_NONE) {
    let j = eventLoop.maxfd - 1;
    while (j >= 0 && eventLoop.events[j].mask === AE_NONE) j--;
    eventLoop.maxfd = j;
  }
}

/**
 * The client data registered for `fd`, or null.
 * @c ae.c:200
 */
export function aeGetFileClientData(eventLoop: aeEventLoop, fd: number): unknown {
  if (fd >= eventLoop.events.length) return null;
  const fe = eventLoop.events[fd];
  if (fe.mask === AE_NONE) return null;
  return fe.clientData;
}

/**
 * The mask registered for `fd`, AE_NONE for none.
 * @c ae.c:208
 */
export function aeGetFileEvents(eventLoop: aeEventLoop, fd: number): number {
  if (fd >= eventLoop.events.length) return AE_NONE;
  return eventLoop.events[fd].mask;
}

/**
 * Calls `proc` once `milliseconds` have passed; what it returns says when again. The id of the new event.
 * @c ae.c:215
 */
export function aeCreateTimeEvent(
  eventLoop: aeEventLoop,
  milliseconds: number,
  proc: aeTimeProc,
  clientData: unknown,
  finalizerProc: aeEventFinalizerProc | null,
): number {
  const id = eventLoop.timeEventNextId++;
  const when = getMonotonicUs() + milliseconds * 1000;
  const te = new aeTimeEvent(id, when, proc, finalizerProc, clientData);
  te.next = eventLoop.timeEventHead;
  if (te.next) te.next.prev = te;
  eventLoop.timeEventHead = te;
  return id;
}

/**
 * Marks the time event `id` as deleted; the next pass over the timers unlinks it and calls its finalizer. AE_ERR when
 * there is no such event.
 * @c ae.c:238
 */
export function aeDeleteTimeEvent(eventLoop: aeEventLoop, id: number): number {
  let te = eventLoop.timeEventHead;
  while (te) {
    if (te.id === id) {
      te.id = AE_DELETED_EVENT_ID;
      return AE_OK;
    }
    te = te.next;
  }
  return AE_ERR;
}

/**
 * Microseconds until the first timer is due, 0 when one is late, -1 when there is none. Walks the whole list: there
 * are few. Deleted events count, since they too wait for a pass.
 * @c ae.c:260
 * @cstatic
 */
export function usUntilEarliestTimer(eventLoop: aeEventLoop): number {
  let te = eventLoop.timeEventHead;
  if (te === null) return -1;

  let earliest = te;
  while (te) {
    if (te.when < earliest.when) earliest = te;
    te = te.next;
  }

  const now = getMonotonicUs();
  return now >= earliest.when ? 0 : earliest.when - now;
}

/**
 * Fires the timers that are due and unlinks the deleted ones. How many were fired. A proc may create and delete timers, or
 * process events itself.
 * @c ae.c:276
 * @cstatic
 */
export function processTimeEvents(eventLoop: aeEventLoop): number {
  let processed = 0;
  let te = eventLoop.timeEventHead;
  // Nothing is due and no clock need be read when there is no timer at all.
  if (te === null) return 0;
  const maxId = eventLoop.timeEventNextId - 1;
  let now = getMonotonicUs();
  while (te) {
    if (te.id === AE_DELETED_EVENT_ID) {
      const next: aeTimeEvent | null = te.next;
      // Its proc is running further up the stack and will come back to the record.
      if (te.refcount) {
        te = next;
        continue;
      }
      if (te.prev) te.prev.next = te.next;
      else eventLoop.timeEventHead = te.next;
      if (te.next) te.next.prev = te.prev;
      if (te.finalizerProc) {
        const finalizerProc = te.finalizerProc;
        finalizerProc(eventLoop, te.clientData);
        now = getMonotonicUs();
      }
      te = next;
      continue;
    }

    // Events made by this very pass wait for the next one. New ones go to the head, so this never skips anything.
    if (te.id > maxId) {
      te = te.next;
      continue;
    }

    if (te.when <= now) {
      const id = te.id;
      te.refcount++;
      const timeProc = te.timeProc;
      const retval = timeProc(eventLoop, id, te.clientData);
      te.refcount--;
      processed++;
      now = getMonotonicUs();
      if (retval !== AE_NOMORE) {
        te.when = now + retval * 1000;
      } else {
        te.id = AE_DELETED_EVENT_ID;
      }
    }
    te = te.next;
  }
  return processed;
}

/**
 * One iteration: sleeps until something happens (unless told otherwise), then processes what is there.
 *
 * `flags`: AE_FILE_EVENTS and AE_TIME_EVENTS say what to process, AE_DONT_WAIT not to sleep, AE_CALL_BEFORE_SLEEP and
 * AE_CALL_AFTER_SLEEP to call the hooks. Returns how many events were processed. May be called from inside an event.
 * @c ae.c:357
 */
export function aeProcessEvents(eventLoop: aeEventLoop, flags: number): number {
  let processed = 0;

  if (!(flags & AE_TIME_EVENTS) && !(flags & AE_FILE_EVENTS)) return 0;

  // Without any descriptor the poll is still what sleeps until the next timer.
  if (eventLoop.maxfd !== -1 || (flags & AE_TIME_EVENTS && !(flags & AE_DONT_WAIT))) {
    // C's timeval pointer: -1 is "for ever".
    let timeout = -1;
    if (flags & AE_DONT_WAIT || eventLoop.flags & AE_DONT_WAIT || eventLoop.maxsleep === 0) {
      timeout = 0;
    } else {
      if (flags & AE_TIME_EVENTS) timeout = usUntilEarliestTimer(eventLoop);
      if (eventLoop.maxsleep > 0 && (timeout === -1 || timeout > eventLoop.maxsleep)) {
        timeout = eventLoop.maxsleep;
      }
    }

    const beforesleep = eventLoop.beforesleep;
    if (beforesleep !== null && flags & AE_CALL_BEFORE_SLEEP) beforesleep(eventLoop);

    const numevents = eventLoop.api.aeApiPoll(eventLoop, timeout);

    const aftersleep = eventLoop.aftersleep;
    if (aftersleep !== null && flags & AE_CALL_AFTER_SLEEP) aftersleep(eventLoop);

    for (let j = 0; j < numevents; j++) {
      const fd = eventLoop.fired[j].fd;
      const fe = eventLoop.events[fd];
      const mask = eventLoop.fired[j].mask;
      let fired = 0;

      // Readable first: often the reply can be sent right after the query was processed. A barrier asks for the
      // reverse, so that what was read now is answered after the next beforesleep at the earliest.
      const invert = fe.mask & AE_BARRIER;

      // `fe.mask & mask`: an event processed before this one may have removed the registration.
      if (!invert && fe.mask & mask & AE_READABLE) {
        // Called as a plain function, so that a stack shows its name alone.
        const rfileProc = fe.rfileProc!;
        rfileProc(eventLoop, fd, fe.clientData, mask);
        fired++;
      }

      if (fe.mask & mask & AE_WRITABLE) {
        // One proc for both directions is called once.
        if (!fired || fe.wfileProc !== fe.rfileProc) {
          const wfileProc = fe.wfileProc!;
          wfileProc(eventLoop, fd, fe.clientData, mask);
          fired++;
        }
      }

      if (invert) {
        if (fe.mask & mask & AE_READABLE && (!fired || fe.wfileProc !== fe.rfileProc)) {
          const rfileProc = fe.rfileProc!;
          rfileProc(eventLoop, fd, fe.clientData, mask);
          fired++;
        }
      }

      processed++;
    }
  }
  if (flags & AE_TIME_EVENTS) processed += processTimeEvents(eventLoop);

  return processed;
}

/**
 * Blocks until `fd` is readable or writable as `mask` asks, at most `milliseconds` (-1: for ever). The mask of what is
 * possible (an error or hang-up counts as writable), 0 on timeout, -1 on failure.
 * @c ae.c:473
 */
export function aeWait(fd: number, mask: number, milliseconds: number): number {
  const pfd: pollfd = { fd, events: 0, revents: 0 };
  let retmask = 0;
  if (mask & AE_READABLE) pfd.events |= POLLIN;
  if (mask & AE_WRITABLE) pfd.events |= POLLOUT;

  const retval = posix.poll([pfd], 1, milliseconds);
  if (retval === 1) {
    if (pfd.revents & POLLIN) retmask |= AE_READABLE;
    if (pfd.revents & POLLOUT) retmask |= AE_WRITABLE;
    if (pfd.revents & POLLERR) retmask |= AE_WRITABLE;
    if (pfd.revents & POLLHUP) retmask |= AE_WRITABLE;
    return retmask;
  }
  return retval;
}

/**
 * One turn: iterations until one finds nothing to do, the loop is stopped, or libuv has waited long enough. The bridge
 * (`aeRun` in ae_uv.ts) calls it again and again. Returns true when it ended with nothing left to do, so that the next turn can wait for
 * an event; false when it ought to go on soon.
 * @c ae.c:493
 */
export function aeMain(eventLoop: aeEventLoop): boolean {
  for (let i = 0; i < AE_TURN_ITERATIONS; i++) {
    if (eventLoop.stop) return true;
    const processed = aeProcessEvents(
      eventLoop,
      AE_ALL_EVENTS | AE_CALL_BEFORE_SLEEP | AE_CALL_AFTER_SLEEP,
    );
    if (processed === 0) return (eventLoop.flags & AE_DONT_WAIT) === 0;
  }
  return false;
}

/**
 * The name of the backend, as INFO shows it.
 * @c ae.c:502
 */
export function aeGetApiName(): string {
  return aeDefaultApi().aeApiName();
}

/**
 * Sets the hook that runs before every poll.
 * @c ae.c:506
 */
export function aeSetBeforeSleepProc(
  eventLoop: aeEventLoop,
  beforesleep: aeBeforeSleepProc | null,
): void {
  eventLoop.beforesleep = beforesleep;
}

/**
 * Sets the hook that runs after every poll.
 * @c ae.c:510
 */
export function aeSetAfterSleepProc(
  eventLoop: aeEventLoop,
  aftersleep: aeBeforeSleepProc | null,
): void {
  eventLoop.aftersleep = aftersleep;
}
