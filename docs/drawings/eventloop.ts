/**
 * An event loop with a listening socket and clients: what `events` holds for each descriptor, and the timers.
 *
 *     {@drawing eventloop 0}      as initServer leaves it
 *     {@drawing eventloop 2}      with two clients
 *     {@drawing eventloop 2 full} and the socket of the second is full: its write handler waits
 *
 * Who calls in: the site's build, tests. Whom it calls: ae.ts, on a simulated kernel.
 */
import {
  AE_READABLE,
  AE_WRITABLE,
  aeCreateEventLoop,
  aeCreateFileEvent,
  aeCreateTimeEvent,
  aeDeleteEventLoop,
  type aeEventLoop,
  type aeFileProc,
} from '../../ae/ae.ts';
import { aeApiEpoll } from '../../ae/ae_epoll.ts';
import { connSocketEventHandler } from '../../networking/connection.ts';
import { acceptTcpHandler } from '../../networking/networking.ts';
import { AF_INET, SOCK_STREAM, posix, sockaddr, usePosix } from '../../posix/posix.ts';
import { SimWorld } from '../../posix/posix_sim.ts';
import { serverCron } from '../../server/server.ts';
import { ACCENT, SECOND, arrow, box, label, svg } from './lib/svg.ts';

/** A socket of the simulated kernel, bound to a port, so that an epoll instance takes it. */
function listener(port: number): number {
  const fd = posix.socket(AF_INET, SOCK_STREAM, 0);
  const sa = new sockaddr();
  sa.sa_family = AF_INET;
  sa.address = '0.0.0.0';
  sa.port = port;
  posix.bind(fd, sa);
  posix.listen(fd, 16);
  return fd;
}

/** Builds the loop; the descriptors are the kernel's own choice. */
function build(clients: number, full: boolean): aeEventLoop {
  const el = aeCreateEventLoop(10128, aeApiEpoll);
  if (el === null) throw new Error('eventloop: aeCreateEventLoop');
  aeCreateFileEvent(el, listener(6379), AE_READABLE, acceptTcpHandler, null);
  for (let i = 0; i < clients; i++) {
    const fd = listener(7000 + i);
    aeCreateFileEvent(el, fd, AE_READABLE, connSocketEventHandler, 'connection');
    if (full && i === clients - 1) {
      aeCreateFileEvent(el, fd, AE_WRITABLE, connSocketEventHandler, 'connection');
    }
  }
  aeCreateTimeEvent(el, 1, serverCron, null, null);
  return el;
}

const COLUMNS = [60, 90, 210, 210];
const ROW = 26;

function procName(proc: aeFileProc | null): string {
  return proc === null ? '-' : proc.name;
}

/** The drawing of one loop. */
export default function draw(args: string[]): string {
  const [clients = '0', full = ''] = args;
  const before = posix;
  usePosix(new SimWorld(1).host('10.0.0.1'));
  try {
    const el = build(Number(clients), full === 'full');
    const parts: string[] = [
      label(10, 14, `aeEventLoop: setsize ${el.setsize}, maxfd ${el.maxfd}`, { align: 'start' }),
    ];
    const row = (y: number, cells: string[], fill: string | undefined, dashed: boolean): void => {
      let x = 10;
      cells.forEach((text, i) => {
        parts.push(
          box(x, y, COLUMNS[i], ROW, text, { dashed, size: 12, ...(fill ? { fill } : {}) }),
        );
        x += COLUMNS[i];
      });
    };
    let y = 28;
    row(y, ['events', 'mask', 'rfileProc', 'wfileProc'], 'currentColor', false);
    el.events.forEach((fe, fd) => {
      y += ROW;
      const mask = ['-', 'READABLE', 'WRITABLE', 'R | W'][fe.mask & 3];
      const isUsed = fe.mask !== 0;
      row(
        y,
        [`[${fd}]`, mask, procName(fe.rfileProc), procName(fe.wfileProc)],
        isUsed ? (fe.mask & AE_WRITABLE ? ACCENT : SECOND) : undefined,
        !isUsed,
      );
    });
    y += ROW + 16;
    parts.push(label(10, y + 13, 'timeEventHead', { align: 'start', size: 12 }));
    parts.push(arrow(112, y + 13, 140, y + 13));
    let x = 142;
    for (let te = el.timeEventHead; te !== null; te = te.next) {
      parts.push(box(x, y, 150, ROW, `id ${te.id}: ${te.timeProc.name}`, { size: 12 }));
      x += 170;
    }
    aeDeleteEventLoop(el);
    return svg(590, y + ROW + 10, `An event loop with ${clients} clients`, parts);
  } finally {
    usePosix(before);
  }
}
