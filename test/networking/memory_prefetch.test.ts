/** Keys of a pipeline are fetched ahead, and nobody can tell but by the time it takes. */
import { expect } from 'chai';
import {
  PREFETCH_MIN_DICT_SIZE,
  digitsAndEnd,
  prefetchNumber,
  prefetchPipeline,
  prefetchedKey,
  sameBytes,
} from '../../networking/memory_prefetch.ts';
import {
  latin1Known,
  latin1Name,
  processInputBuffer,
  shortNumber,
} from '../../networking/networking.ts';
import { dictGenHashFunction } from '../../object/dict.ts';
import { createStringObject } from '../../object/object.ts';
import { sdsclear } from '../../object/sds.ts';
import { dbAdd } from '../../server/db.ts';
import { PREFETCH_MAX_KEYS, useServer } from '../../server/server.h.ts';
import { dictSdsHash, lookupCommandByCString } from '../../server/server.ts';
import { Keyspace } from '../server/keyspace.ts';
import { feed, takeOutput } from './fixture.ts';

/** The bytes of commands. */
function encode(...commands: string[][]): string {
  return commands
    .map((words) => `*${words.length}\r\n${words.map((w) => `$${w.length}\r\n${w}\r\n`).join('')}`)
    .join('');
}

describe('memory_prefetch', () => {
  let ks: Keyspace;
  beforeEach(() => {
    ks = new Keyspace();
    for (let j = 0; j < PREFETCH_MIN_DICT_SIZE; j++) {
      const value = createStringObject(`value:${j}`);
      dbAdd(ks.server.db[0], createStringObject(`key:${j}`), value);
    }
  });

  /** Lets a client have these bytes in its query buffer and the command before them behind it; returns how far was looked ahead. */
  function lookAhead(last: string, bytes: string): number {
    const c = ks.newClient();
    c.lastcmd = lookupCommandByCString(last);
    sdsclear(c.querybuf);
    feed(c, bytes);
    ks.server.prefetch.sum = -1;
    return prefetchPipeline(c);
  }

  /** What the look-ahead adds up when it comes to a key with such a value: lengths, and a reference. */
  const trace = (key: string, value: string): number => key.length + 1 + value.length;

  it('comes to the entry, the key and the value of every command', () => {
    const bytes = encode(['GET', 'key:7'], ['GET', 'key:4000'], ['GET', 'no such key']);
    expect(lookAhead('get', bytes)).to.equal(bytes.length);
    expect(ks.server.prefetch.sum).to.equal(
      trace('key:7', 'value:7') + trace('key:4000', 'value:4000'),
    );
    // Nothing is kept from the collector.
    expect(ks.server.prefetch.entry.every((he) => he === null)).to.equal(true);
  });

  it('comes to the bytes of a long value, and to the run that they are cut from', () => {
    const c = ks.newClient();
    sdsclear(c.querybuf);
    feed(c, encode(['SET', 'key:1', 'x'.repeat(1000)]));
    processInputBuffer(c);
    lookAhead('get', encode(['GET', 'key:1'], ['GET', 'no such key']));
    const value = trace('key:1', 'x'.repeat(1000));
    // The first byte, and the only block of its size.
    expect(ks.server.prefetch.sum).to.equal(value + 'x'.charCodeAt(0) + 1);
  });

  it('takes all keys of a command that has many', () => {
    const bytes = encode(['MSET', 'key:1', 'a', 'key:2', 'b', 'key:3', 'c']);
    expect(lookAhead('mset', bytes)).to.equal(bytes.length);
    expect(ks.server.prefetch.sum).to.equal(
      [1, 2, 3].reduce((sum, j) => sum + trace(`key:${j}`, `value:${j}`), 0),
    );
  });

  it('takes the fields or members instead when the key leads to a large collection', () => {
    for (let j = 0; j < PREFETCH_MIN_DICT_SIZE; j++) {
      ks.run('HSET', 'hash', `field:${j}`, `value:${j}`);
      ks.run('SADD', 'set', `member:${j}`);
      ks.run('ZADD', 'zset', j, `member:${j}`);
    }
    const fields = [3, 2000, 99999].map((j) => ['HSET', 'hash', `field:${j}`, 'v']);
    lookAhead('hset', encode(...fields));
    expect(ks.server.prefetch.sum).to.equal('field:3value:3field:2000value:2000'.length);
    const members = [3, 2000, 99999].map((j) => ['SADD', 'set', `member:${j}`]);
    lookAhead('sadd', encode(...members));
    expect(ks.server.prefetch.sum).to.equal('member:3member:2000'.length);
    const scores = [3, 2000, 99999].map((j) => ['ZADD', 'zset', '7', `member:${j}`]);
    lookAhead('zadd', encode(...scores));
    expect(ks.server.prefetch.sum).to.equal('member:3member:2000'.length);
    // What is small or has no table is left alone.
    ks.run('LPUSH', 'list', 'a', 'b');
    ks.run('HSET', 'small', 'f', 'v');
    for (const words of [
      ['LPUSH', 'list', 'x'],
      ['HSET', 'small', 'f', 'w'],
    ]) {
      const bytes = encode(words, words);
      expect(lookAhead(words[0], bytes)).to.equal(bytes.length);
      expect(ks.server.prefetch.sum).to.equal(-1);
    }
  });

  it('hands the string of the keyspace to the argument, with its hash, and only if the bytes are the same', () => {
    const bytes = encode(['GET', 'key:7'], ['GET', 'key:4000'], ['GET', 'no such key']);
    lookAhead('get', bytes);
    const batch = ks.server.prefetch;
    const buf = Buffer.from(bytes, 'latin1');
    const at = [...batch.at.subarray(0, 3)];
    expect(at.map((pos) => buf.latin1Slice(pos, pos + 5))).to.deep.equal([
      'key:7',
      'key:4',
      'no su',
    ]);
    // An argument elsewhere is none of these.
    expect(prefetchedKey(buf, at[0] - 2, 5)).to.equal(null);
    const key = prefetchedKey(buf, at[0], 5)!;
    expect(key).to.equal('key:7');
    expect(ks.server.hashed_keys[5]).to.equal(key);
    expect(ks.server.hashed_keys_hash[5]).to.equal(dictGenHashFunction(key));
    // Other bytes have come to its place since.
    buf[at[1] + 7] ^= 1;
    expect(prefetchedKey(buf, at[1], 8)).to.equal(null);
    expect(prefetchedKey(buf, at[2], 11), 'not in the keyspace').to.equal(null);
    expect(prefetchedKey(buf, at[2], 11), 'the last one').to.equal(null);
    expect(batch.known.every((known) => known === null)).to.equal(true);
  });

  it('compares all the bytes, and no more', () => {
    const buf = Buffer.from('..abc..', 'latin1');
    expect(sameBytes('abc', buf, 2, 3)).to.equal(true);
    for (const other of ['abd', 'xbc', 'axc', 'ab', 'abc.', '']) {
      expect(sameBytes(other, buf, 2, 3), other).to.equal(false);
    }
    expect(sameBytes('', buf, 2, 0)).to.equal(true);
  });

  it('stops at as many keys as it has room for, and goes on from there', () => {
    const one = encode(['GET', 'key:1']);
    const bytes = one.repeat(PREFETCH_MAX_KEYS + 5);
    expect(lookAhead('get', bytes)).to.equal(one.length * PREFETCH_MAX_KEYS);
    expect(ks.server.prefetch.sum).to.equal(PREFETCH_MAX_KEYS * trace('key:1', 'value:1'));
  });

  it('does nothing for a command without keys, a single key, a small keyspace, or no command before', () => {
    const bytes = encode(['GET', 'key:1'], ['GET', 'key:2']);
    expect(lookAhead('ping', bytes)).to.equal(bytes.length);
    expect(ks.server.prefetch.sum).to.equal(-1);
    expect(lookAhead('get', encode(['GET', 'key:1']))).to.equal(24);
    expect(ks.server.prefetch.sum).to.equal(-1);
    expect(lookAhead('no such command', bytes)).to.equal(bytes.length);
    expect(ks.server.prefetch.sum).to.equal(-1);
    ks.run('FLUSHALL');
    lookAhead('get', bytes);
    expect(ks.server.prefetch.sum).to.equal(-1);
  });

  it('is not misled by bytes that are no commands, or not yet', () => {
    const whole = encode(['GET', 'key:1'], ['GET', 'key:2']);
    for (let cut = 0; cut <= whole.length; cut++) {
      const reached = lookAhead('get', whole.slice(0, cut));
      // To the end of a command, or, when there is none, no further in these bytes.
      expect([24, whole.length, cut], `cut at ${cut}`).to.include(reached);
    }
    const bad = [
      '*',
      '*x\r\n',
      '*-1\r\n$3\r\n',
      '*99999999\r\n',
      '*2\r\n$-1\r\n',
      '*2\r\n$3\r\nGET\r\n$9999\r\nk',
    ];
    for (const bytes of [...bad, 'PING\r\nPING\r\n', '*1\r\n$4\r\nPING\r\n', '\0\0\0']) {
      expect(lookAhead('get', bytes), JSON.stringify(bytes)).to.equal(bytes.length);
      expect(ks.server.prefetch.sum).to.equal(-1);
    }
  });

  it('changes no reply, whatever kinds of commands come in one pipeline', () => {
    const commands: string[][] = [];
    for (let j = 0; j < 300; j++) {
      const key = `key:${(j * 7919) % 5000}`;
      const kinds = [
        ['GET', key],
        ['SET', key, `v${j}`],
        ['PING'],
        ['MGET', key, 'key:1', 'nokey'],
      ];
      const more = [['DEL', key], ['INCR', `n:${j % 3}`], ['NOSUCH', key], ['GET'], ['TYPE', key]];
      commands.push([...kinds, ...more][(j * 31) % 9]);
    }
    const apart = new Keyspace();
    for (let j = 0; j < PREFETCH_MIN_DICT_SIZE; j++) {
      const value = createStringObject(`value:${j}`);
      dbAdd(apart.server.db[0], createStringObject(`key:${j}`), value);
    }
    const expected = commands.map((words) => apart.run(...words)).join('');

    useServer(ks.server);
    const c = ks.newClient();
    sdsclear(c.querybuf);
    feed(c, encode(...commands));
    processInputBuffer(c);
    expect(takeOutput(c)).to.equal(expected);
    expect(ks.server.prefetch.sum).to.be.above(0);
  });

  it('reads numbers, and how long they are', () => {
    const number = (text: string): number =>
      prefetchNumber(Buffer.from(text, 'latin1'), 0, text.length);
    for (const n of [0, 7, 10, 99, 100, 65536, 999999]) {
      expect(number(`${n}\r\n`)).to.equal(n);
      expect(digitsAndEnd(n)).to.equal(`${n}\r\n`.length);
    }
    for (const text of ['', '\r\n', '12', '1x\r', '-1\r\n', '1000000\r\n']) {
      expect(number(text), JSON.stringify(text)).to.equal(-1);
    }
  });
});

describe('networking: what comes often', () => {
  it('a length of one or two digits is read in one step, anything else is left to the general way', () => {
    const short = (text: string, end = text.length): number =>
      shortNumber(Buffer.from(text, 'latin1'), 0, end);
    for (let n = 0; n < 100; n++) {
      expect(short(`${n}\r\n`)).to.equal((String(n).length << 8) | n);
    }
    for (const text of [
      '100\r\n',
      '05\r\n',
      '-1\r\n',
      '+1\r\n',
      '1 \r\n',
      '1\n\r',
      '',
      '\r\n',
      'x\r\n',
      '1x\r\n',
    ]) {
      expect(short(text), JSON.stringify(text)).to.equal(0);
    }
    // The line end has to be there whole.
    expect(short('5\r\n', 2)).to.equal(0);
    expect(short('12\r\n', 3)).to.equal(0);
  });

  it('a name that comes again is the same string, and names in one place do not mix', () => {
    const ks = new Keyspace();
    useServer(ks.server);
    const name = (text: string): string =>
      latin1Name(Buffer.from(`..${text}`, 'latin1'), 2, text.length);
    // By their first and last letters and their length these would be one.
    const names = ['get', 'got', 'GET', 'gt', '', 'x'.repeat(25), 'x'.repeat(200), '\xff\0'];
    for (const text of [...names, ...names]) expect(name(text)).to.equal(text);
    name('get');
    expect(ks.server.command_names).to.include('get');
    expect(ks.server.command_names.every((known) => known.length < 25)).to.equal(true);
  });

  it('an argument that comes again at its place is remembered in time, and one that is almost the same is not taken for it', () => {
    const ks = new Keyspace();
    useServer(ks.server);
    const arg = (text: string, argc: number): string =>
      latin1Known(Buffer.from(`..${text}`, 'latin1'), 2, text.length, argc);
    for (let j = 0; j < 8; j++) expect(arg('myfield', 2)).to.equal('myfield');
    expect(ks.server.known_args[2]).to.equal('myfield');
    for (const text of ['myfield', 'Myfield', 'myfielD', 'myfield!', 'yfield', '', '\xff\0']) {
      expect(arg(text, 2)).to.equal(text);
      expect(arg(text, 18), 'the place is shared').to.equal(text);
    }
    // Long ones come and go.
    for (let j = 0; j < 20; j++) expect(arg('x'.repeat(40), 3)).to.have.length(40);
    expect(ks.server.known_args.every((known) => known.length < 40)).to.equal(true);
  });

  it('the name that was found last is found again, whatever its case, and no other one for it', () => {
    const ks = new Keyspace();
    useServer(ks.server);
    for (const name of ['GeT', 'GeT', 'get', 'SET', 'GeT', 'GETT', 'GETT', 'get']) {
      const found = lookupCommandByCString(name)?.fullname;
      expect(found, name).to.equal(name === 'GETT' ? undefined : name.toLowerCase());
    }
    // The same name in the table of a container, where it is another command.
    expect(ks.run('CLIENT', 'LIST')).to.match(/^\$/);
    expect(ks.run('COMMAND', 'LIST')).to.match(/^\*/);
    expect(ks.run('LIST')).to.match(/^-ERR unknown command/);
  });

  it('the last key of each length is remembered with its hash, and the hash is that of dict.ts', () => {
    const ks = new Keyspace();
    useServer(ks.server);
    const keys = ['', 'a', 'b', 'key:1', 'key:2', 'x'.repeat(16), 'y'.repeat(32)];
    for (const key of [...keys, ...keys]) {
      expect(dictSdsHash(key), key).to.equal(dictGenHashFunction(key));
    }
  });

  it('within a pipeline the clock is read once for each command, and every command lasts as long as it does', () => {
    const ks = new Keyspace();
    useServer(ks.server);
    const c = ks.newClient();
    sdsclear(c.querybuf);
    feed(c, encode(['PING'], ['PING'], ['PING']));
    let readings = 0;
    ks.kernel.gettimeofday = () => 1e15 + 10 * readings++;
    processInputBuffer(c);
    expect(readings).to.equal(4);
    const ping = lookupCommandByCString('ping')!;
    expect([ping.calls, ping.microseconds]).to.deep.equal([3, 30]);
    // The next batch comes later: what was read last is no longer the time.
    feed(c, encode(['PING']));
    processInputBuffer(c);
    expect(readings).to.equal(6);
  });
});
