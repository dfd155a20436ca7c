/**
 * What a value costs in V8, beside what it would cost in C: fifty thousand keys of each kind are put into a dictionary of
 * the server, and the heap is measured before and after.
 *
 *     node -r ts-node/register docs/examples/v8-cost.ts
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  dictAdd,
  dictCreate,
  dictExpand,
  dictGenHashFunction,
  type dict,
} from '../../object/dict.ts';
import { createStringObject, objPtrSds, tryObjectEncoding } from '../../object/object.ts';
import { sdscatlen } from '../../object/sds.ts';
import { usePosix } from '../../posix/posix.ts';
import { SimWorld } from '../../posix/posix_sim.ts';
import { initServerConfig, createSharedObjects } from '../../server/server.ts';
import { OBJ_ENCODING_RAW, redisServer, useServer, type robj } from '../../server/server.h.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

usePosix(new SimWorld(1).host('10.0.0.1'));
useServer(new redisServer());
initServerConfig();
createSharedObjects();

const COUNT = 50_000;

/** Bytes that are reachable: in V8's heap, and of buffers outside of it. */
function used(): number {
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Bytes a key and its value take, the entry included; the buckets are there before the measurement. */
function measure(title: string, make: (i: number) => robj): void {
  const d: dict<string, robj> = dictCreate({
    hashFunction: dictGenHashFunction,
    keyDup: null,
    valDup: null,
    keyCompare: null,
    keyDestructor: null,
    valDestructor: null,
    expandAllowed: null,
    dictEntryMetadataBytes: null,
  });
  dictExpand(d, COUNT);
  const before = used();
  for (let i = 0; i < COUNT; i++) {
    // As it comes from a socket: a string of its own, and not a slice of a longer one.
    const key = Buffer.from(`key:${String(i).padStart(6, '0')}`).latin1Slice();
    dictAdd(d, key, make(i));
  }
  const bytes = (used() - before) / COUNT;
  console.log(`${title.padEnd(24)} ${bytes.toFixed(0).padStart(4)}`);
  // Looked at once more, so that it lives until here.
  if (d.ht_used[0] !== COUNT) throw new Error('lost a key');
}

const LETTERS = Buffer.alloc(100, 'a');

/** A string of its own, cut from the bytes of a buffer as the parser does it. */
function ownString(length: number): string {
  return LETTERS.latin1Slice(0, length);
}

/** What APPEND leaves: a growable string. */
function appended(length: number): robj {
  const o = createStringObject(ownString(length - 1));
  o.encoding = OBJ_ENCODING_RAW;
  sdscatlen(objPtrSds(o), 'a', 1);
  return o;
}

console.log('bytes a key');
measure('shared integer', (i) => tryObjectEncoding(createStringObject(String(i % 10000))));
measure('int', (i) => tryObjectEncoding(createStringObject(String(1_000_000 + i))));
measure('int above 2^31', (i) => tryObjectEncoding(createStringObject(String(1e15 + i))));
measure('embstr of 5', () => createStringObject(ownString(5)));
measure('embstr of 44', () => createStringObject(ownString(44)));
measure('raw of 100', () => createStringObject(ownString(100)));
measure('raw of 5, appended to', () => appended(5));
