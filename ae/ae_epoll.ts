/**
 * The epoll backend of the event loop (Linux, and the simulated kernel).
 *
 * The kernel holds the interest list; `state.events` is the array that epoll_wait fills, one entry a ready descriptor.
 * Called by ae.ts through {@link aeApiEpoll}; calls the kernel.
 *
 * What differs from C: the array grows with the highest descriptor in use and not at once to `setsize`; the time-out is in
 * microseconds.
 */

import {
  EINTR,
  EPOLLERR,
  EPOLLHUP,
  EPOLLIN,
  EPOLLOUT,
  EPOLL_CLOEXEC,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLL_CTL_MOD,
  epoll_events,
  posix,
  strerror,
} from '../posix/posix.ts';
import { AE_NONE, AE_READABLE, AE_WRITABLE, type aeApi, type aeEventLoop } from './ae.ts';

/** What the backend keeps for a loop; C calls it aeApiState. */
export class aeEpollState {
  epfd: number;
  events: epoll_events;

  constructor(epfd: number) {
    this.epfd = epfd;
    this.events = new epoll_events(64);
  }
}

/**
 * Opens an epoll instance for the loop. -1 with errno when the kernel refuses.
 * @c ae_epoll.c:39
 * @cstatic
 */
export function aeApiCreate(eventLoop: aeEventLoop): number {
  const epfd = posix.epoll_create1(EPOLL_CLOEXEC);
  if (epfd === -1) return -1;
  eventLoop.apidata = new aeEpollState(epfd);
  return 0;
}

/**
 * Nothing to do: the array grows by need in aeApiAddEvent. Always 0.
 * @c ae_epoll.c:59
 * @cstatic
 */
export function aeApiResize(_eventLoop: aeEventLoop, _setsize: number): number {
  return 0;
}

/**
 * Closes the epoll instance.
 * @c ae_epoll.c:66
 * @cstatic
 */
export function aeApiFree(eventLoop: aeEventLoop): void {
  const state = eventLoop.apidata as aeEpollState;
  posix.close(state.epfd);
}

/**
 * Adds `mask` to the interest in `fd`. -1 with errno when the kernel refuses the descriptor (a plain file: EPERM).
 * @c ae_epoll.c:74
 * @cstatic
 */
export function aeApiAddEvent(eventLoop: aeEventLoop, fd: number, mask: number): number {
  const state = eventLoop.apidata as aeEpollState;
  const old = eventLoop.events[fd].mask;
  const op = old === AE_NONE ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  let events = 0;

  if (state.events.fd.length < eventLoop.events.length) {
    state.events = new epoll_events(eventLoop.events.length * 2);
  }
  mask |= old;
  if (mask & AE_READABLE) events |= EPOLLIN;
  if (mask & AE_WRITABLE) events |= EPOLLOUT;
  return posix.epoll_ctl(state.epfd, op, fd, events);
}

/**
 * Takes `delmask` away from the interest in `fd`, and the descriptor out of the set when nothing is left. Failures are
 * ignored: the descriptor may be closed already.
 * @c ae_epoll.c:91
 * @cstatic
 */
export function aeApiDelEvent(eventLoop: aeEventLoop, fd: number, delmask: number): void {
  const state = eventLoop.apidata as aeEpollState;
  const mask = eventLoop.events[fd].mask & ~delmask;
  let events = 0;

  if (mask & AE_READABLE) events |= EPOLLIN;
  if (mask & AE_WRITABLE) events |= EPOLLOUT;
  posix.epoll_ctl(state.epfd, mask !== AE_NONE ? EPOLL_CTL_MOD : EPOLL_CTL_DEL, fd, events);
}

/**
 * Waits up to `timeout_us` microseconds (rounded up to milliseconds, so that a timer is never early; -1 for ever) and
 * fills `fired`. How many are ready. An error or hang-up is reported as both readable and writable, so that whoever
 * listens gets to see it from read or write. A failure other than EINTR throws: the loop could not go on.
 * @c ae_epoll.c:109
 * @cstatic
 */
export function aeApiPoll(eventLoop: aeEventLoop, timeout_us: number): number {
  const state = eventLoop.apidata as aeEpollState;
  const evs = state.events;
  const size = evs.fd.length;
  const retval = posix.epoll_wait(
    state.epfd,
    evs,
    size < eventLoop.setsize ? size : eventLoop.setsize,
    timeout_us <= 0 ? timeout_us : Math.ceil(timeout_us / 1000),
  );
  if (retval > 0) {
    for (let j = 0; j < retval; j++) {
      const e = evs.events[j];
      let mask = 0;
      if (e & EPOLLIN) mask |= AE_READABLE;
      if (e & EPOLLOUT) mask |= AE_WRITABLE;
      if (e & EPOLLERR) mask |= AE_WRITABLE | AE_READABLE;
      if (e & EPOLLHUP) mask |= AE_WRITABLE | AE_READABLE;
      const fired = eventLoop.fired[j];
      fired.fd = evs.fd[j];
      fired.mask = mask;
    }
    return retval;
  }
  if (retval === -1 && posix.errno !== EINTR) {
    throw new Error(`aeApiPoll: epoll_wait, ${strerror(posix.errno)}`);
  }
  return 0;
}

/**
 * The name of the backend.
 * @c ae_epoll.c:137
 * @cstatic
 */
export function aeApiName(): string {
  return 'epoll';
}

/**
 * The epoll descriptor itself: readable while any of its members is ready.
 * @own what libuv watches
 */
export function aeApiFd(eventLoop: aeEventLoop): number {
  return (eventLoop.apidata as aeEpollState).epfd;
}

/** The backend as ae.ts sees it. */
export const aeApiEpoll: aeApi = {
  aeApiCreate,
  aeApiResize,
  aeApiFree,
  aeApiAddEvent,
  aeApiDelEvent,
  aeApiPoll,
  aeApiName,
  aeApiFd,
};
