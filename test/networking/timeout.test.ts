/** timeout.ts: the keys of the deadline table, and timeout arguments. */
import { expect } from 'chai';
import {
  CLIENT_ST_KEYLEN,
  addClientToTimeoutTable,
  decodeTimeoutKey,
  encodeTimeoutKey,
  getTimeoutFromObjectOrReply,
  handleBlockedClientsTimeout,
  keyToU64,
  ldSecondsToMs,
  removeClientFromTimeoutTable,
  u64ToKey,
} from '../../networking/timeout.ts';
import { strtold } from '../../object/longdouble.ts';
import { createStringObject } from '../../object/object.ts';
import { raxSize } from '../../object/rax.ts';
import { mstime } from '../../server/server.ts';
import {
  CLIENT_IN_TO_TABLE,
  UNIT_MILLISECONDS,
  UNIT_SECONDS,
  server,
} from '../../server/server.h.ts';
import { bareServer, pseudoClient, takeOutput } from './fixture.ts';

describe('timeout', () => {
  let done: () => void;
  beforeEach(() => (done = bareServer()));
  afterEach(() => done());

  it('makes keys that sort as the deadlines do', () => {
    const numbers = [
      0,
      1,
      255,
      256,
      65536,
      2 ** 31,
      2 ** 32 - 1,
      2 ** 32,
      1700000000000,
      2 ** 53 - 1,
    ];
    const keys = numbers.map(u64ToKey);
    expect(keys.map((key) => keyToU64(key, 0))).to.deep.equal(numbers);
    expect([...keys].sort()).to.deep.equal(keys);
    const c = pseudoClient();
    const key = encodeTimeoutKey(1700000000123, c);
    expect(key).to.have.length(CLIENT_ST_KEYLEN);
    expect(decodeTimeoutKey(key)).to.equal(1700000000123);
    expect(keyToU64(key, 8)).to.equal(c.id);
  });

  it('keeps a client in the table only while it has a deadline', () => {
    const c = pseudoClient();
    addClientToTimeoutTable(c);
    expect(raxSize(server.clients_timeout_table)).to.equal(0);
    c.bpop.timeout = mstime() + 100000;
    addClientToTimeoutTable(c);
    expect(raxSize(server.clients_timeout_table)).to.equal(1);
    expect(c.flags_hi & CLIENT_IN_TO_TABLE).not.to.equal(0);
    removeClientFromTimeoutTable(c);
    removeClientFromTimeoutTable(c);
    expect(raxSize(server.clients_timeout_table)).to.equal(0);
  });

  it('drops the entries that are due, and stops at the first that is not', () => {
    const past = [1000, 2000, 3000].map((timeout) => {
      const c = pseudoClient();
      c.bpop.timeout = timeout;
      addClientToTimeoutTable(c);
      return c;
    });
    const later = pseudoClient();
    later.bpop.timeout = mstime() + 100000;
    addClientToTimeoutTable(later);
    // None of them is blocked any more: the entries are leftovers, and nobody gets a reply.
    handleBlockedClientsTimeout();
    expect(past.every((c) => !(c.flags_hi & CLIENT_IN_TO_TABLE))).to.equal(true);
    expect(later.flags_hi & CLIENT_IN_TO_TABLE).not.to.equal(0);
    expect(raxSize(server.clients_timeout_table)).to.equal(1);
    expect(past.map(takeOutput).join('')).to.equal('');
  });

  it('turns seconds into milliseconds as a long double does', () => {
    const ms = (s: string): number => ldSecondsToMs(strtold(s).value);
    expect(ms('0.1')).to.equal(100);
    expect(ms('1.001')).to.equal(1001);
    expect(ms('0.0019')).to.equal(1);
    expect(ms('-0.5')).to.equal(-500);
    expect(ms('0')).to.equal(0);
    expect(ms('1700000000.123')).to.equal(1700000000123);
    expect(ms('1e30')).to.be.lessThan(0);
    expect(ms('inf')).to.be.lessThan(0);
  });

  it('reads a timeout argument as the moment at which it ends, or replies why not', () => {
    const c = pseudoClient();
    const read = (s: string, unit: number): number | null =>
      getTimeoutFromObjectOrReply(c, createStringObject(s), unit);
    expect(read('0', UNIT_MILLISECONDS)).to.equal(0);
    expect(read('0', UNIT_SECONDS)).to.equal(0);
    const now = mstime();
    expect(read('5000', UNIT_MILLISECONDS)).to.be.within(now + 5000, mstime() + 5000);
    expect(read('2.5', UNIT_SECONDS)).to.be.within(now + 2500, mstime() + 2500);
    expect(takeOutput(c)).to.equal('');
    expect(read('-1', UNIT_MILLISECONDS)).to.equal(null);
    expect(read('x', UNIT_MILLISECONDS)).to.equal(null);
    expect(read('x', UNIT_SECONDS)).to.equal(null);
    expect(takeOutput(c)).to.equal(
      '-ERR timeout is negative\r\n-ERR timeout is not an integer or out of range\r\n' +
        '-ERR timeout is not a float or out of range\r\n',
    );
  });
});
