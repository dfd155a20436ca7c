/**
 * The bridge between an event loop and the loop of the process (libuv; a simulated world has its own).
 *
 * Node's process waits in libuv, and nobody else can wait for it: its timers, signals, workers, children and the
 * inspector live there. So libuv owns the long sleep, and ae owns readiness and borrows turns:
 *
 *     libuv sleeps ── the loop's epoll descriptor is readable ──┐
 *        ^       └─── the timer of the nearest time event ──────┤
 *        │                                                      v
 *     arm the timer <── aeMain: iterations until nothing is left (setImmediate)
 *
 *   - An epoll descriptor is itself readable while one of its members is ready: one uv_poll_t watches them all.
 *   - The watcher's callback only asks for a turn in the next setImmediate: what is thrown straight out of a native
 *     callback is lost, what is thrown out of a turn is an uncaughtException, as it should be.
 *   - A poll inside a busy turn may sleep itself, for `linger` microseconds at most: when all clients
 *     are waiting for replies just sent, the next query comes within some hundred microseconds, and going through libuv
 *     to get it costs a good part of that. Nothing of libuv waits longer than that, and an idle loop lingers once a wake-up.
 *   - select has no descriptor that stands for the set. Its loop is polled by the timer: at once while there is work,
 *     then after 1, 2, 4, ... {@link AE_PUMP_MAX_US} microseconds of rest.
 *
 * Who calls in: `main`. Whom it calls: aeMain, and the host loop of the kernel.
 *
 * In C there is no such file: aeMain sleeps in its own poll.
 */

import { type HostHandle, type HostLoop, type HostTimer, posix } from '../posix/posix.ts';
import { aeMain, type aeEventLoop, usUntilEarliestTimer } from './ae.ts';

/** First and longest pause between two polls of a backend without a descriptor, in microseconds. */
export const AE_PUMP_MIN_US = 1000;
export const AE_PUMP_MAX_US = 16000;

/** The part of V8's console.createTask that is used here: `run` makes its creator the async parent of a stack. */
export interface ConsoleTask {
  run(f: () => void): void;
}

/** An event loop that is being run. */
export class aeRunner {
  readonly eventLoop: aeEventLoop;
  private readonly host: HostLoop;
  private readonly timer: HostTimer;
  private readonly watch: HostHandle | null;
  private readonly task: ConsoleTask | null;
  private readonly onStop: (() => void) | null;
  /** A turn has been asked for and has not begun. */
  private scheduled = false;
  private released = false;
  /** The moment (monotonic) for which the timer is armed, Infinity for none. */
  private armed = Infinity;
  /** The pause before the next poll of a backend without a descriptor. */
  private pause = AE_PUMP_MIN_US;

  private readonly turnProc = (): void => this.turn();
  private readonly makeTurnProc = (): void => this.makeTurn();

  constructor(eventLoop: aeEventLoop, onStop: (() => void) | null) {
    const create = (console as { createTask?: (name: string) => ConsoleTask }).createTask;
    this.eventLoop = eventLoop;
    this.host = posix.host;
    this.onStop = onStop;
    // The stack of this very moment becomes the async parent: `main`, in the terms of a debugger.
    this.task = create === undefined ? null : create.call(console, 'main');
    this.timer = this.host.timer(() => {
      this.armed = Infinity;
      this.schedule();
    });
    const fd = eventLoop.api.aeApiFd(eventLoop);
    this.watch = fd === -1 ? null : this.host.watchReadable(fd, () => this.schedule());
  }

  /** Asks for a turn, once. @own bridge to libuv */
  schedule(): void {
    if (this.scheduled || this.released) return;
    this.scheduled = true;
    this.host.defer(this.turnProc);
  }

  /** What the host calls: one turn, with `main` as its async parent. @own bridge to libuv */
  private turn(): void {
    this.scheduled = false;
    if (this.released) return;
    if (this.task === null) this.makeTurn();
    else this.task.run(this.makeTurnProc);
  }

  /** The turn itself. What an event throws goes on to the host, but the loop is kept going. @own bridge to libuv */
  private makeTurn(): void {
    const eventLoop = this.eventLoop;
    const makeCurrent = eventLoop.makeCurrent;
    if (makeCurrent !== null) makeCurrent();
    let idle = false;
    try {
      idle = aeMain(eventLoop);
    } finally {
      this.rest(idle);
    }
  }

  /** After a turn: lets go of a stopped loop, goes on with a busy one, puts an idle one to sleep. @own bridge to libuv */
  private rest(idle: boolean): void {
    const eventLoop = this.eventLoop;
    if (eventLoop.stop) {
      this.release();
      return;
    }
    if (!idle) {
      this.pause = AE_PUMP_MIN_US;
      this.schedule();
      return;
    }
    let us = usUntilEarliestTimer(eventLoop);
    if (this.watch === null) {
      if (us === -1 || us > this.pause) us = this.pause;
      if (this.pause < AE_PUMP_MAX_US) this.pause *= 2;
    }
    if (us === -1) return;
    if (us === 0) {
      this.schedule();
      return;
    }
    // Mostly the timer is armed for that moment or an earlier one already: then it just wakes us a little early.
    const when = posix.clock_monotonic() + us;
    if (this.armed <= when) return;
    this.armed = when;
    this.timer.start(us);
  }

  /** Gives everything back to the host, so that nothing of this loop keeps the process alive. @own bridge to libuv */
  release(): void {
    if (this.released) return;
    this.released = true;
    this.timer.close();
    if (this.watch !== null) this.watch.close();
    if (this.onStop !== null) this.onStop();
  }
}

/**
 * Runs the loop from now on: what `aeMain(server.el)` at the end of C's main does, but it returns at once, and turns
 * follow from the loop of the process until `aeStop`. Then `onStop` is called, once. The caller's function becomes the
 * async parent of every turn. `linger` is how long (microseconds) a busy turn may sleep in its own poll; only a process that
 * serves nothing but this loop should give more than 0.
 * @own libuv owns the wait
 */
export function aeRun(
  eventLoop: aeEventLoop,
  linger: number = 0,
  onStop: (() => void) | null = null,
): aeRunner {
  eventLoop.stop = 0;
  eventLoop.maxsleep = linger;
  const runner = new aeRunner(eventLoop, onStop);
  runner.schedule();
  return runner;
}
