/**
 * A whole server on a simulated machine, without a socket in between: what a command replies, and what it left behind,
 * at a time that stands still until the test moves it.
 *
 *     const ks = new Keyspace();
 *     ks.run('SET', 'foo', 'bar')     '+OK\r\n'
 *     ks.wait(1500);                  a second and a half pass; the server's own cron does not run
 *     ks.turn();                      one turn of its time events
 */
import { SimWorld, type SimKernel } from '../../posix/posix_sim.ts';
import { AE_DONT_WAIT, AE_TIME_EVENTS, aeProcessEvents } from '../../ae/ae.ts';
import { commandProcessed, createClient } from '../../networking/networking.ts';
import { listEmpty } from '../../object/adlist.ts';
import { createRawStringObject, createStringObject, objPtrString } from '../../object/object.ts';
import { dictFetchValue } from '../../object/dict.ts';
import { ACLInit } from '../../server/acl.ts';
import {
  InitServerLast,
  beforeSleep,
  initServer,
  initServerConfig,
  processCommand,
  updateCachedTime,
} from '../../server/server.ts';
import {
  CLIENT_MODULE,
  redisServer,
  useServer,
  type client,
  type robj,
} from '../../server/server.h.ts';

export class Keyspace {
  readonly world = new SimWorld(7);
  readonly kernel: SimKernel;
  readonly server: redisServer;
  readonly client: client;

  constructor() {
    // The machine has been up for a while: 0 is no time at which something can have happened.
    this.world.now = 1000000;
    this.kernel = this.world.host('10.0.0.1');
    this.server = new redisServer();
    this.server.posix = this.kernel;
    useServer(this.server);
    initServerConfig();
    ACLInit();
    // Nothing is said about what happens, and nobody connects.
    this.server.verbosity = 3;
    this.server.logfile = '/dev/null';
    initServer();
    InitServerLast();
    this.client = this.newClient();
  }

  /** A client whose replies stay in its buffers. */
  newClient(): client {
    const c = createClient(null);
    c.authenticated = 1;
    c.flags |= CLIENT_MODULE;
    return c;
  }

  /** Runs one command the way a client's does, and returns the bytes of its reply. */
  run(...args: (string | number | Uint8Array)[]): string {
    return this.runAs(this.client, ...args);
  }

  runAs(c: client, ...args: (string | number | Uint8Array)[]): string {
    useServer(this.server);
    updateCachedTime(0);
    c.argv = args.map((arg) =>
      arg instanceof Uint8Array ? createRawStringObject(arg) : createStringObject(String(arg)),
    );
    c.argc = c.argv.length;
    this.server.current_client = c;
    processCommand(c);
    this.server.current_client = null;
    return this.taken(c);
  }

  /** The command line as it was left by the last command: what replicas and AOF would get. */
  rewritten: string[] = [];

  /** Empties the client, and returns the bytes that were in its buffers. */
  taken(c: client): string {
    let reply = c.buf.latin1Slice(0, c.bufpos);
    for (let node = c.reply.head; node !== null; node = node.next) {
      if (node.value !== null) reply += node.value.buf.latin1Slice(0, node.value.used);
    }
    c.bufpos = 0;
    listEmpty(c.reply);
    c.reply_bytes = 0;
    this.rewritten = c.argv.slice(0, c.argc).map(objPtrString);
    commandProcessed(c);
    return reply;
  }

  /** The object that a key holds, as it is. */
  value(key: string, db: number = 0): robj {
    const o = dictFetchValue(this.server.db[db].dict, key);
    if (o === null) throw new Error(`no key ${key}`);
    return o;
  }

  /** Lets `ms` milliseconds pass. */
  wait(ms: number): void {
    this.world.now += ms * 1000;
    useServer(this.server);
    updateCachedTime(0);
  }

  /** What is done before the event loop sleeps: deadlines of blocked clients, clients that were unblocked. */
  sleep(): void {
    useServer(this.server);
    beforeSleep(this.server.el);
  }

  /** The time events that are due. */
  turn(): void {
    useServer(this.server);
    aeProcessEvents(this.server.el, AE_TIME_EVENTS | AE_DONT_WAIT);
  }
}
